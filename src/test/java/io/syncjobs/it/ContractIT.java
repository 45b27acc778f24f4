package io.syncjobs.it;

import static io.syncjobs.cluster.Manifest.job;
import static io.syncjobs.cluster.Manifest.pool;
import static io.syncjobs.cluster.Manifest.queue;
import static org.assertj.core.api.Assertions.assertThat;

import io.syncjobs.api.Names;
import io.syncjobs.api.State;
import io.syncjobs.cluster.ClusterTest;
import io.syncjobs.cluster.JobStatus;
import io.syncjobs.cluster.Manifest;
import io.syncjobs.cluster.TestNamespace;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

/** Isolated and warm under one contract: the same job, in a queue of either kind, comes to the same end. */
@ClusterTest
@Order(3)
class ContractIT {
    private static final String POD = "isolated";
    private static final String WORKER = "warm";
    private static final Map<String, Object> NO_STOCK = Map.of(
            "type", "NoStock", "detail", "none left", "trace", "at shop.Stock.take", "resolution", "Order some.");

    /**
     * A row of the table.
     *
     * @param command what a person says once the job runs: an annotation and its value, or nothing
     * @param end the state, the reason, and what became of each attempt
     */
    private record Row(
            String name, Map<String, Object> payload, Map<String, Object> spec, List<String> command, String end) {
        Manifest in(String queue) {
            var job = job(name + "-" + queue).spec("action", "test.contract").spec("queue", queue);
            job.spec("payload", payload);
            spec.forEach(job::spec);
            return job;
        }
    }

    private static Row row(String name, Map<String, Object> payload, Map<String, Object> spec, String end) {
        return new Row(name, payload, spec, List.of(), end);
    }

    private static Row command(String name, String annotation, String value, String end) {
        return new Row(name, Map.of("first", "600s"), Map.of(), List.of(annotation, value), end);
    }

    private static Map<String, Object> answer(int status, Object... more) {
        var all = new HashMap<String, Object>(Map.of("status", status, "body", NO_STOCK));
        for (var i = 0; i < more.length; i += 2) all.put((String) more[i], more[i + 1]);
        return all;
    }

    private static List<Row> table() {
        var once = Map.<String, Object>of("retry.limit", 1, "retry.delaySeconds", 1);
        return List.of(
                row("success", Map.of(), Map.of(), "Done Completed [Done]"),
                row("failure", answer(422), Map.of(), "Failed JobFailed [Failed]"),
                row("retry", answer(503, "until", 1, "retryAfter", "1"), Map.of(), "Done Completed [Retried, Done]"),
                row("never", answer(429), Map.of("retry.limit", 0), "Failed RetriesExhausted [Failed]"),
                row("exhausted", answer(503), once, "Failed RetriesExhausted [Retried, Failed]"),
                row(
                        "any",
                        answer(500, "until", 1),
                        Map.of("retry.when", "Any", "retry.delaySeconds", 1),
                        "Done Completed [Retried, Done]"),
                row(
                        "deadline",
                        Map.of("sleep", "600s"),
                        Map.of("timeoutSeconds", 3),
                        "Failed DeadlineExceeded [Stopped]"),
                row("toolarge", Map.of("x", "x".repeat(33_000)), Map.of(), "Failed PayloadTooLarge []"),
                command("cancel", Names.CANCEL, "withdrawn", "Cancelled CancelledByUser [Stopped]"),
                command("setdone", Names.SET_DONE, "by hand", "Done ManuallySetDone [Stopped]"),
                // The second run is another attempt, so it takes no time.
                command("force", Names.REQUEUE, "force", "Done Completed [Stopped, Done]"));
    }

    @Test
    void theSameJobInAQueueOfEitherKindComesToTheSameEnd(TestNamespace here) {
        here.apply(
                pool(WORKER).spec("slots", 20),
                queue(WORKER).spec("workerPool", WORKER).spec("capacity", 20),
                // A node that has all of these pods to start at once takes longer than a pod may wait.
                queue(POD).spec("capacity", 4).worker("obey"));
        here.apply(table().stream()
                .flatMap(row -> Stream.of(row.in(WORKER), row.in(POD)))
                .toList());
        for (var row : table())
            for (var queue : List.of(WORKER, POD)) {
                if (row.command().isEmpty()) continue;
                var job = here.job(row.name() + "-" + queue);
                job.await("it runs", status -> status.state() == State.STARTED);
                job.annotate(row.command().get(0), row.command().get(1));
            }
        for (var row : table()) {
            var isolated = end(here, row, POD);
            var warm = end(here, row, WORKER);
            assertThat(isolated).as(row.name()).startsWith(row.end() + "\n");
            assertThat(warm).as(row.name()).isEqualTo(isolated);
        }
    }

    /** All of the status that does not name the way in which it was executed. */
    private static String end(TestNamespace here, Row row, String queue) {
        var state = State.valueOf(row.end().split(" ", -1)[0].toUpperCase(Locale.ROOT));
        var job = here.job(row.name() + "-" + queue);
        job.await("it has come to its end", status -> status.state() == state && !job.hasCommand());
        var status = job.status();
        return String.join(
                "\n",
                status.state() + " " + status.reason() + " " + status.outcomes(),
                "attempt " + status.attempt() + ", retries " + status.number("retries") + ", losses "
                        + status.number("workerLosses") + ", requeues " + status.number("requeues"),
                "result " + status.text("result.action") + " " + status.number("result.attempt"),
                "error " + error(status),
                "history " + status.history("reason"),
                "conditions " + status.condition("Complete") + " " + status.condition("Failed") + " "
                        + status.condition("Finished"));
    }

    private static List<String> error(JobStatus status) {
        return Stream.of("type", "message", "trace", "resolution")
                .map(field -> status.text("error." + field))
                .toList();
    }
}
