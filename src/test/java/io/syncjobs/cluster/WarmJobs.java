package io.syncjobs.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.syncjobs.api.Reason;
import io.syncjobs.api.RetryPolicy;
import io.syncjobs.api.State;
import io.syncjobs.api.SyncJob;
import io.syncjobs.api.SyncJobStatus;
import io.syncjobs.api.SyncJobStatus.Effective;
import io.syncjobs.api.SyncJobStatus.JobError;
import io.syncjobs.core.JobFields;
import io.syncjobs.core.job.Statuses;
import io.syncjobs.core.job.Step;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Jobs in every state in which a warm worker may meet them, and the writes by which the product moves them. */
public final class WarmJobs {
    private static final ObjectMapper JSON = new ObjectMapper().registerModule(new JavaTimeModule());
    private static final Instant BEGIN = Instant.parse("2026-11-28T10:00:00Z");
    private static final Path FORBIDDEN = Path.of("src/test/resources/worker-writes.txt");

    /** What a worker must be let do: a job in that state, and the word for it. */
    public static final List<String> NEEDED = List.of(
            "Enqueued start",
            "Enqueued give-back",
            "Started done",
            "Started fail",
            "Started retry",
            "Started give-back",
            "Started lose",
            "Started poison",
            "Old done",
            "Old give-back",
            "Stopped stopped",
            "Retried stopped",
            "Withdrawn stopped");

    private WarmJobs() {}

    /** A row of worker-writes.txt. */
    public record Forbidden(String who, String given, String step, String change, String why) {
        @Override
        public String toString() {
            return who + ": " + given + ", " + step + " " + change;
        }
    }

    /** The rows of worker-writes.txt. */
    public static Stream<Forbidden> forbidden() {
        try {
            return Files.readAllLines(FORBIDDEN).stream()
                    .filter(line -> !line.isBlank() && !line.startsWith("#"))
                    .map(line -> Arrays.stream(line.split("\\|", -1))
                            .map(String::strip)
                            .toList())
                    .map(row -> new Forbidden(row.get(0), row.get(1), row.get(2), row.get(3), row.get(4)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The status of a job as {@code given}, held by {@code worker}; its pool is named shop where it is not Foreign or Isolated. */
    public static SyncJobStatus status(SyncJob fresh, String given, String worker) {
        if (given.equals("Pending")) return JobFields.statusOf(fresh);
        var pool = given.equals("Isolated") ? null : given.equals("Foreign") ? "other" : "shop";
        var started = started(fresh, given.equals("Old") ? 12 : 3, pool, worker);
        return switch (given) {
            case "Enqueued" -> enqueued(started).getStatus();
            case "Withdrawn" -> next(enqueued(started), stop(State.CANCELLED, null));
            case "Stopped" -> next(started, stop(State.CANCELLED, null));
            case "Retried" -> next(started, stop(State.PENDING, BEGIN.plusSeconds(60)));
            case "Done" -> next(started, step("done"));
            default -> started.getStatus();
        };
    }

    /** The same job with another status. */
    public static SyncJob with(SyncJob job, SyncJobStatus status) {
        var copy = new SyncJob();
        copy.setMetadata(job.getMetadata());
        copy.setSpec(job.getSpec());
        copy.setStatus(status);
        return copy;
    }

    /** Started, after attempts that were lost, and with traces of what a person has done to it. */
    private static SyncJob started(SyncJob fresh, int attempts, @Nullable String pool, String worker) {
        var effective = new Effective(10, 3600, new RetryPolicy(5, 600, List.of(), "Retryable"), pool);
        var job = fresh;
        for (var i = 1; i <= attempts; i++) {
            var last = i == attempts;
            job = with(job, next(job, new Step.Reserve(i, last ? worker : "earlier-" + i, effective)));
            job = with(job, next(job, new Step.Start(BEGIN, "handler")));
            if (!last) job = with(job, next(job, new Step.RecordLoss(true, Reason.WORKER_DIED, "gone", BEGIN)));
        }
        var tree = (ObjectNode) JSON.valueToTree(job.getStatus());
        tree.put("requeues", 1).put("workerLosses", 1).put("retries", 1);
        tree.putObject("lastCommand")
                .put("id", "i")
                .put("command", "requeue")
                .put("value", "now")
                .put("by", "edith")
                .put("time", BEGIN.toString());
        return with(job, JSON.convertValue(tree, SyncJobStatus.class));
    }

    private static SyncJob enqueued(SyncJob started) {
        var tree = (ObjectNode) JSON.valueToTree(started.getStatus());
        tree.put("state", "Enqueued").remove("startedTime");
        return with(started, JSON.convertValue(tree, SyncJobStatus.class));
    }

    private static Step.Stop stop(State target, @Nullable Instant notBefore) {
        return new Step.Stop(target, Reason.CANCELLED_BY_USER, "cancelled by edith", null, notBefore);
    }

    /** The status after a step, as the product writes it. */
    public static SyncJobStatus next(SyncJob seen, Step.Change change) {
        return Statuses.after(seen, change, BEGIN.plus(Duration.ofSeconds(30)));
    }

    /** What a worker does with a job, by a word. */
    public static Step.Change step(String word) {
        var error = new JobError("shop.Broken", "no such article", "at shop", "look at it", null);
        return switch (word) {
            case "start" -> new Step.Start(BEGIN.plusSeconds(1), "handler");
            case "done" -> new Step.End(State.DONE, Reason.COMPLETED, "", null, TextNode.valueOf("ok"), null);
            case "fail" -> new Step.End(State.FAILED, Reason.JOB_FAILED, "no such article", error, null, null);
            case "poison" -> new Step.End(State.FAILED, Reason.WORKER_LOST, "lost three times", error, null, null);
            case "retry" -> new Step.Retry(BEGIN.plusSeconds(90), "the shop is busy", error, null);
            case "give-back" -> new Step.RecordLoss(true, Reason.WORKER_DIED, "drained", BEGIN);
            case "lose" -> new Step.RecordLoss(false, Reason.WORKER_DIED, "the handler crashed", BEGIN);
            case "stopped" -> new Step.FinishStop();
            default -> throw new IllegalArgumentException(word);
        };
    }

    /** The merge patch by which the product brings {@code from} to {@code to}, with a change of {@link Forbidden} merged into it. */
    public static ObjectNode patch(SyncJobStatus from, SyncJobStatus to, String change) {
        var before = (ObjectNode) JSON.valueToTree(from);
        var after = (ObjectNode) JSON.valueToTree(to);
        var patch = JSON.createObjectNode();
        before.fieldNames().forEachRemaining(field -> {
            if (!after.has(field)) patch.putNull(field);
        });
        after.properties().forEach(field -> {
            if (!field.getValue().equals(before.path(field.getKey()))) patch.set(field.getKey(), field.getValue());
        });
        // What begins with a brace is taken for JSON.
        ObjectNode changes = JSON.valueToTree(Serialization.unmarshal("---\n" + change, Map.class));
        changes.properties().forEach(field -> merge(patch, after, field.getKey().split("\\.", -1), field.getValue()));
        return patch;
    }

    private static void merge(ObjectNode patch, ObjectNode whole, String[] path, JsonNode value) {
        if (path.length == 1) {
            patch.set(path[0], value);
            return;
        }
        var at = whole.path(path[0]);
        patch.set(path[0], at);
        for (var i = 1; i < path.length - 1; i++) at = at.isArray() ? at.get(index(at, path[i])) : at.path(path[i]);
        ((ObjectNode) at).set(path[path.length - 1], value);
    }

    private static int index(JsonNode list, String step) {
        var index = Integer.parseInt(step);
        return index < 0 ? list.size() + index : index;
    }
}
