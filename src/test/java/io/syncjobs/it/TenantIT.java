package io.syncjobs.it;

import static io.syncjobs.cluster.Manifest.job;
import static io.syncjobs.cluster.Manifest.queue;
import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.syncjobs.api.State;
import io.syncjobs.api.SyncJob;
import io.syncjobs.api.SyncJobSpec;
import io.syncjobs.cluster.Cluster;
import io.syncjobs.cluster.ClusterTest;
import io.syncjobs.cluster.Manifest;
import io.syncjobs.cluster.Memory;
import io.syncjobs.cluster.OwnRelease;
import io.syncjobs.cluster.TestNamespace;
import io.syncjobs.cluster.Uptime;
import io.syncjobs.cluster.Waiting;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.IntFunction;
import java.util.function.ToLongFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * One namespace does at once whatever hurts, while another one works: nothing is lost there, and the operator never restarts by
 * itself. With {@code -Dtenant.full=true}, as dev/soak has it, in numbers that take half an hour.
 */
@ClusterTest
@Order(3)
@Timeout(3600)
class TenantIT {
    private static final boolean FULL = Boolean.getBoolean("tenant.full");

    private static final int LARGE = FULL ? 200 : 40;

    /** One in so many is made of 460,000 values: each of these costs the API server itself 100 MB. */
    private static final int VALUES_EACH = FULL ? 25 : 8;

    /** The chart's default limit. */
    private static final int LIMIT_MB = 512;

    private static final int QUEUES = FULL ? 5_000 : 300;
    private static final int MISSING = FULL ? 10_000 : 300;
    private static final int ANNOTATED = FULL ? 100 : 10;
    private static final int FAILING = FULL ? 100 : 20;
    private static final int LINE_BYTES = FULL ? 1_000_000_000 : 30_000_000;
    private static final int JOBS = FULL ? 100 : 30;

    /** Jobs of the one who works at the same time; their queue has places for more. */
    private static final int AT_A_TIME = 3;

    private static final int BATCH = 100;
    private static final Duration LIMIT = Duration.ofMinutes(FULL ? 30 : 3);

    @Test
    void whateverANamespaceDoesAnotherWorksOn() {
        var values = new HashMap<String, Object>(
                Map.of("jobs", Map.of("donePodSeconds", 5, "failedPodSeconds", 5), "enqueuer", OwnRelease.EACH_MINUTE));
        var good = TestNamespace.create(Cluster.named("test2"), "tenant-good");
        var bad = TestNamespace.create(good.cluster(), "tenant-bad");
        values.put("watchNamespaces", List.of(bad.name(), good.name()));
        try (var own = OwnRelease.install("tenant", values, good)) {
            good.apply(queue("work").spec("capacity", 5).worker("exit=0"));
            var quiet = works(good, "quiet", JOBS);
            var uptime = Uptime.of(own.release());

            hurt(bad);
            var hurt = works(good, "hurt", JOBS);

            everyPartSaysWhatItIs(bad);
            assertThat(uptime.isUnbroken()).as("the operator never restarts").isTrue();
            var peak = Memory.peak(own.release());
            own.release().kubectl("rollout", "restart", own.release().operator());
            own.release().kubectl("rollout", "status", own.release().operator(), "--timeout=180s");
            Waiting.until(
                    "the operator before it is gone",
                    LIMIT,
                    () -> own.release().operatorPods().size() == 1,
                    () -> own.release().log());
            var again = Uptime.of(own.release());
            works(good, "after", 5);
            assertThat(again.isUnbroken())
                    .as("nor after a start among all of it")
                    .isTrue();
            peak = Math.max(peak, Memory.peak(own.release()));
            assertThat(peak).as("megabytes of the operator").isLessThan(LIMIT_MB);
            // Only without an operator the minute run reads all of it itself. It has half the memory.
            own.release().scaleOperator(0);
            good.apply(job("alone").spec("queue", "work"));
            good.job("alone").awaitReason("OperatorNotRunning", LIMIT.plusMinutes(2));
            assertThat(minuteRunsFailed(own))
                    .as(() -> own.release().kubectl("describe", "pods")
                            + own.release()
                                    .kubectl(
                                            "logs",
                                            "-l",
                                            "app.kubernetes.io/component=enqueue",
                                            "--prefix",
                                            "--tail=60"))
                    .isEmpty();
            System.out.printf(
                    "a hostile tenant: %d large objects, %d queues, %d missing ones; create to Started of another's jobs:"
                            + " %s when it is quiet, %s beside it; the operator takes %d MB%n",
                    LARGE, QUEUES, MISSING, told(quiet), told(hurt), peak);
        } finally {
            bad.delete();
        }
    }

    /**
     * Each at the same time as the others. One pod at a time in each queue: pods of a tenant take the node's time from others
     * whoever starts them, and are what a ResourceQuota bounds.
     */
    private static void hurt(TestNamespace bad) {
        pretendToBeOfSyncJobs(bad);
        bad.apply(
                queue("storm").spec("capacity", 1).worker("exit=1"),
                queue("work").spec("capacity", 1).worker("exit=0"),
                // Of its own: jobs whose pods cannot be made keep their places.
                queue("large").spec("capacity", 1).worker("exit=0"),
                job("line").worker("line=" + LINE_BYTES, "exit=1"));
        bad.apply(IntStream.range(0, FAILING)
                .mapToObj(i -> job("fails-" + i)
                        .spec("queue", "storm")
                        .spec("retry", Map.of("limit", -1, "delaySeconds", 0, "when", "Any")))
                .toList());
        for (var i = 0; i < LARGE; i++) {
            var field = i % 2 == 0 ? "payload" : "template";
            var value = i % VALUES_EACH < 2 ? "[" + "{},".repeat(460_000) + "{}]" : '"' + "x".repeat(1_380_000) + '"';
            // Half of them in a queue that there is.
            bad.post("syncjobs", """
                    {"apiVersion": "syncjobs.io/v1alpha1", "kind": "SyncJob", "metadata": {"name": "large-%d"},
                     "spec": {"queue": "%s", "action": "a", "%s": {"x": %s}}}""".formatted(i, i % 4 < 2 ? "nowhere" : "large", field, value));
        }
        inBatches(bad, QUEUES, i -> queue("queue-" + i).worker("exit=0"));
        inBatches(bad, MISSING, i -> job("lost-" + i).spec("queue", "missing-" + i));
        for (var i = 0; i < ANNOTATED; i++) {
            bad.create(job("annotated-" + i).spec("queue", "work").annotation("erp.example/why", "x".repeat(250_000)));
        }
    }

    /** Each has 1.4 MB in etcd, and six times as much in a list: there six bytes stand for each of its characters. */
    private static void pretendToBeOfSyncJobs(TestNamespace bad) {
        var text = "<".repeat(1_430_000);
        bad.post("/api/v1", "pods", """
                {"apiVersion": "v1", "kind": "Pod",
                 "metadata": {"name": "of-no-job", "labels": {"app.kubernetes.io/managed-by": "syncjobs"}},
                 "spec": {"schedulerName": "nobody",
                   "securityContext": {"runAsNonRoot": true, "seccompProfile": {"type": "RuntimeDefault"}},
                   "containers": [{"name": "worker", "image": "shop/none:1",
                     "securityContext": {"allowPrivilegeEscalation": false, "capabilities": {"drop": ["ALL"]}},
                     "env": [{"name": "TEXT", "value": "%s"}]}]}}""".formatted(text));
        bad.post("/apis/apps/v1", "deployments", """
                {"apiVersion": "apps/v1", "kind": "Deployment",
                 "metadata": {"name": "of-no-pool", "labels": {"syncjobs.io/pool": "none"}},
                 "spec": {"replicas": 0, "selector": {"matchLabels": {"app": "none"}}, "template": {
                   "metadata": {"labels": {"app": "none"}}, "spec": {"containers": [{"name": "worker",
                     "image": "shop/none:1", "env": [{"name": "TEXT", "value": "%s"}]}]}}}}""".formatted(text));
    }

    private static void inBatches(TestNamespace bad, int count, IntFunction<Manifest> one) {
        for (var from = 0; from < count; from += BATCH) {
            bad.apply(IntStream.range(from, Math.min(count, from + BATCH))
                    .mapToObj(one)
                    .toList());
        }
    }

    private static void everyPartSaysWhatItIs(TestNamespace bad) {
        bad.job("large-0").awaitReason("PayloadTooLarge", LIMIT);
        assertThat(bad.job("large-1").awaitReason("QueueNotFound", LIMIT).message())
                .contains("nowhere");
        bad.job("large-2").awaitReason("PayloadTooLarge", LIMIT);
        assertThat(bad.job("large-3").awaitReason("InvalidTemplate", LIMIT).message())
                .contains("the limit is");
        bad.job("lost-0").awaitReason("QueueNotFound", LIMIT);
        for (var i = 0; i < ANNOTATED; i++) bad.job("annotated-" + i).await(State.DONE, LIMIT);
        var line = bad.job("line").await(State.FAILED, LIMIT);
        assertThat(line.reason()).isEqualTo("JobFailed");
        assertThat(line.text("error.trace")).hasSizeBetween(16_000, 16_384);
        bad.job("fails-0").await("it has been retried", LIMIT, s -> s.number("retries") > 1);
    }

    /** Lets the one who works have some jobs done, a few at a time: none waits for another of its own. */
    private static List<Waited> works(TestNamespace good, String name, int count) {
        try (var lanes = Executors.newFixedThreadPool(AT_A_TIME)) {
            var waits = IntStream.range(0, count)
                    .mapToObj(i -> lanes.submit(() -> waited(good, name + "-" + i)))
                    .toList();
            return waits.stream().map(TenantIT::join).toList();
        }
    }

    /**
     * How long a job waited, in milliseconds: for its place, which is the operator's part, and until it had started. A watch tells
     * it: the job itself has the start of its container in whole seconds.
     */
    private record Waited(long place, long start) {}

    private static Waited waited(TestNamespace good, String name) {
        var jobs = good.cluster().client().resources(SyncJob.class).inNamespace(good.name());
        var job = new SyncJob();
        job.setMetadata(new ObjectMetaBuilder().withName(name).build());
        job.setSpec(new SyncJobSpec("work", "test.tenant", null, null, null, null, null, null));
        var created = Instant.now();
        var place = new AtomicLong(-1);
        jobs.resource(job).create();
        jobs.withName(name)
                .waitUntilCondition(
                        seen -> {
                            var state = seen.getStatus() == null
                                    ? State.PENDING
                                    : seen.getStatus().state();
                            if (state != State.PENDING) place.compareAndSet(-1, millisSince(created));
                            return state == State.STARTED || state == State.DONE;
                        },
                        LIMIT.toSeconds(),
                        TimeUnit.SECONDS);
        var start = millisSince(created);
        assertThat(good.job(name).await(State.DONE, LIMIT).attempt()).isEqualTo(1);
        return new Waited(place.get(), start);
    }

    private static long millisSince(Instant begun) {
        return Duration.between(begun, Instant.now()).toMillis();
    }

    private static <T> T join(Future<T> result) {
        try {
            return result.get();
        } catch (InterruptedException | ExecutionException e) {
            throw new AssertionError("a job of the one who works", e);
        }
    }

    private static String told(List<Waited> waits) {
        return "p50 %d ms (its place %d) and p99 %d ms (its place %d)"
                .formatted(
                        of(waits, Waited::start, 50),
                        of(waits, Waited::place, 50),
                        of(waits, Waited::start, 99),
                        of(waits, Waited::place, 99));
    }

    private static long of(List<Waited> waits, ToLongFunction<Waited> part, int percent) {
        var sorted = waits.stream().mapToLong(part).sorted().toArray();
        return sorted[Math.min(sorted.length - 1, sorted.length * percent / 100)];
    }

    private static List<String> minuteRunsFailed(OwnRelease own) {
        var failed = new ArrayList<String>();
        Waiting.until(
                "no minute run is under way",
                LIMIT,
                () -> own.release().activeRuns().isEmpty(),
                () -> own.release().log());
        own.release()
                .kubectl(
                        "get",
                        "jobs",
                        "-o",
                        "jsonpath={range .items[?(@.status.failed)]}{.metadata.name}{\"\\n\"}{end}")
                .lines()
                .forEach(failed::add);
        return failed;
    }
}
