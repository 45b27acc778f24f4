package io.syncjobs.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.syncjobs.api.SyncJob;
import io.syncjobs.core.index.JobEntry;
import io.syncjobs.core.index.QueueKey;
import io.syncjobs.kube.Client;
import io.syncjobs.kube.Pruned;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;

/** What an event, a plan from nothing and a waiting job cost, with the flags of the operator's own Java. */
public final class Micro {
    private static final String[] FLAGS = {
        "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-XX:+UseCompactObjectHeaders", "-Xmx2g"
    };

    /** The payload that dev/bench gives a waiting job. */
    private static final String PAYLOAD = "x".repeat(300);

    private final ObjectNode figures = new ObjectMapper().createObjectNode();

    private Micro() {}

    /** The only argument is the file that the figures are kept in. */
    public static void main(String[] arguments) throws Exception {
        var micro = new Micro();
        micro.footprint();
        micro.times();
        new ObjectMapper()
                .writerWithDefaultPrettyPrinter()
                .writeValue(Path.of(arguments[0]).toFile(), micro.figures);
    }

    static void broken(QueueKey queue, RuntimeException e) {
        throw new IllegalStateException("queue " + queue + " cannot be planned", e);
    }

    private void times() throws Exception {
        var event = run(EventBenchmark.class, 3, 5, 3);
        tell("event, p50", event.getPrimaryResult().getStatistics().getPercentile(50), "us");
        tell("event, p99 (must 20)", event.getPrimaryResult().getStatistics().getPercentile(99), "us");
        var plan = run(PlanBenchmark.class, 5, 10, 0);
        tell("plan from nothing, mean (must 300)", plan.getPrimaryResult().getScore(), "ms");
        tell(
                "plan from nothing, longest",
                plan.getPrimaryResult().getStatistics().getMax(),
                "ms");
    }

    private static RunResult run(Class<?> benchmark, int warmups, int measurements, int seconds) throws Exception {
        var options = new OptionsBuilder()
                .include(benchmark.getSimpleName())
                .forks(1)
                .jvmArgs(FLAGS)
                .warmupIterations(warmups)
                .measurementIterations(measurements);
        if (seconds > 0) options.warmupTime(TimeValue.seconds(seconds)).measurementTime(TimeValue.seconds(seconds));
        return new Runner(options.build()).runSingle();
    }

    /** Bytes of heap for each waiting job: as the watch keeps it, and in the index. */
    private void footprint() {
        var backlog = new Backlog();
        try (var client = Client.connect(
                new ConfigBuilder().withMasterUrl("http://localhost:1").build())) {
            var json = client.getKubernetesSerialization();
            Map<String, SyncJob> cache = new HashMap<>();
            var index = backlog.queues();
            var before = used();
            for (var i = 0; i < Backlog.JOBS; i++) {
                var text = json.asJson(backlog.waiting(i % Backlog.QUEUES));
                var whole = text.replace("\"spec\":{", "\"spec\":{\"payload\":{\"text\":\"" + PAYLOAD + "\"},");
                var job = Pruned.of(json.unmarshal(whole, SyncJob.class));
                cache.put(
                        job.getMetadata().getNamespace() + "/"
                                + job.getMetadata().getName(),
                        job);
            }
            var cached = used();
            cache.values().forEach(job -> index.see(JobEntry.of(job)));
            var indexed = used();
            tell("cache, for each waiting job", (double) (cached - before) / Backlog.JOBS, "bytes");
            tell("index, for each waiting job", (double) (indexed - cached) / Backlog.JOBS, "bytes");
            if (cache.size() != index.jobs().size()) throw new IllegalStateException("a job is missing");
        }
    }

    private static long used() {
        for (var i = 0; i < 3; i++) System.gc();
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }

    private void tell(String what, double value, String unit) {
        figures.put(what + " (" + unit + ")", value);
        System.out.printf("bench: %-36s %10.1f %s%n", what, value, unit);
    }
}
