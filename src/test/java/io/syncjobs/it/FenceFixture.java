package io.syncjobs.it;

import static io.syncjobs.cluster.Manifest.job;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import io.syncjobs.api.RawJson;
import io.syncjobs.api.Reason;
import io.syncjobs.api.RetryPolicy;
import io.syncjobs.api.State;
import io.syncjobs.api.SyncJob;
import io.syncjobs.api.SyncJobStatus;
import io.syncjobs.api.SyncJobStatus.Effective;
import io.syncjobs.api.SyncJobStatus.JobError;
import io.syncjobs.api.SyncWorkerPool;
import io.syncjobs.api.SyncWorkerPoolSpec;
import io.syncjobs.cluster.Json;
import io.syncjobs.cluster.TestNamespace;
import io.syncjobs.core.Observation;
import io.syncjobs.core.Statuses;
import io.syncjobs.core.Step;
import io.syncjobs.core.pool.AgentSettings;
import io.syncjobs.core.pool.PoolObjects;
import io.syncjobs.core.pool.PoolTiming;
import io.syncjobs.kube.Apply;
import io.syncjobs.kube.Pools;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Jobs in every state that a worker may meet, and the writes by which the product moves them. */
final class FenceFixture {
    static final ObjectMapper JSON = new ObjectMapper().registerModule(new JavaTimeModule());

    private static final String PATH = "/apis/syncjobs.io/v1alpha1/namespaces/";

    private final TestNamespace here;
    private final WorkerAccount repairs;
    private final String worker;
    private int made;

    FenceFixture(TestNamespace here, WorkerAccount repairs, String worker) {
        this.here = here;
        this.repairs = repairs;
        this.worker = worker;
    }

    /** Applies the account, Role and RoleBinding of a pool, as the operator does. */
    static void rightsOf(TestNamespace here, String name) {
        var pool = new SyncWorkerPool();
        pool.getMetadata().setName(name);
        pool.getMetadata().setNamespace(here.name());
        here.kubectl("create", "configmap", name);
        pool.getMetadata().setUid(here.kubectl("get", "configmap", name, "-o", "jsonpath={.metadata.uid}"));
        var handler = new SyncWorkerPoolSpec.Handler(8080, null, null);
        var template = "{\"spec\":{\"containers\":[{\"name\":\"handler\",\"image\":\"x\"}]}}";
        pool.setSpec(new SyncWorkerPoolSpec(1, 1, null, null, handler, RawJson.of(template)));
        var timing = new PoolTiming(Duration.ofSeconds(10), Duration.ofMinutes(5));
        var client = here.cluster().client();
        var pools = new Pools(io.syncjobs.kube.Api.of(client), Apply.of(client));
        for (var child : PoolObjects.of(
                pool, (ObjectNode) Json.read(template), new AgentSettings("x", "Never", List.of(), timing))) {
            // Its owner is not there: the garbage collector would take it away.
            ((ObjectNode) child.json().path("metadata")).remove("ownerReferences");
            if (!child.kind().equals("Deployment")) pools.apply(child);
        }
    }

    String path(String job) {
        return PATH + here.name() + "/syncjobs/" + job;
    }

    /** A new job as {@code given}. */
    SyncJob make(String given) {
        var name = given.toLowerCase(java.util.Locale.ROOT) + "-" + made++;
        here.create(job(name));
        return give(repairs.jobs().read(here.name(), name).orElseThrow(), given);
    }

    private SyncJob give(SyncJob fresh, String given) {
        if (given.equals("Pending")) return fresh;
        var pool = given.equals("Isolated") ? null : given.equals("Foreign") ? "other" : "shop";
        var held = write(fresh, holding(fresh, given.equals("Old") ? 12 : 3, pool));
        return switch (given) {
            case "Enqueued" -> write(held, enqueued(held));
            case "Withdrawn" -> {
                var enqueued = write(held, enqueued(held));
                yield write(enqueued, next(enqueued, stop(State.CANCELLED, null)));
            }
            case "Stopped" -> write(held, next(held, stop(State.CANCELLED, null)));
            case "Retried" -> write(held, next(held, stop(State.PENDING, soon())));
            case "Done" -> write(held, next(held, step("done")));
            default -> held;
        };
    }

    private SyncJob write(SyncJob seen, SyncJobStatus next) {
        return repairs.jobs().writeStatus(seen, next);
    }

    static SyncJobStatus next(SyncJob seen, Step.Change change) {
        return Statuses.after(seen, change, Instant.now());
    }

    /** Started, after some attempts that were lost, and with what a person has done to it. */
    private SyncJobStatus holding(SyncJob fresh, int attempt, @Nullable String pool) {
        var retry = new RetryPolicy(5, 600, List.of(), "Retryable");
        var effective = new Effective(10, 3600, retry, pool);
        var job = copy(fresh, Observation.statusOf(fresh));
        for (var i = 1; i <= attempt; i++) {
            job = copy(job, next(job, new Step.Reserve(i, i < attempt ? "earlier-" + i : worker, effective)));
            job = copy(job, next(job, new Step.Start(Instant.now().truncatedTo(ChronoUnit.MILLIS), "handler")));
            if (i < attempt) job = copy(job, next(job, new Step.Lose(true, Reason.WORKER_DIED, "gone", Instant.now())));
        }
        var tree = (ObjectNode) JSON.valueToTree(Observation.statusOf(job));
        tree.put("requeues", 1).put("workerLosses", 1).put("retries", 1);
        tree.set(
                "lastCommand",
                JSON.valueToTree(Map.of(
                        "id",
                        "i",
                        "command",
                        "requeue",
                        "value",
                        "now",
                        "by",
                        "edith",
                        "time",
                        "2026-01-01T00:00:00Z")));
        return JSON.convertValue(tree, SyncJobStatus.class);
    }

    private static SyncJob copy(SyncJob job, SyncJobStatus status) {
        var copy = new SyncJob();
        copy.setMetadata(job.getMetadata());
        copy.setSpec(job.getSpec());
        copy.setStatus(status);
        return copy;
    }

    /** Not from Pending: that would be the enqueuer's to write. */
    private static SyncJobStatus enqueued(SyncJob held) {
        var tree = (ObjectNode) JSON.valueToTree(Observation.statusOf(held));
        tree.put("state", "Enqueued").remove("startedTime");
        return JSON.convertValue(tree, SyncJobStatus.class);
    }

    private static Step.Stop stop(State target, @Nullable Instant notBefore) {
        return new Step.Stop(target, Reason.CANCELLED_BY_USER, "cancelled by edith", null, notBefore);
    }

    private static Instant soon() {
        return Instant.now().plusSeconds(60);
    }

    /** What a worker does with a job, by a word. */
    static Step.Change step(String word) {
        var error = new JobError("shop.Broken", "no such article", "at shop", "look at it", null);
        return switch (word) {
            case "start" -> new Step.Start(Instant.now(), "handler");
            case "done" -> new Step.End(State.DONE, Reason.COMPLETED, "", null, TextNode.valueOf("ok"), null);
            case "fail" -> new Step.End(State.FAILED, Reason.JOB_FAILED, "no such article", error, null, null);
            case "poison" -> new Step.End(State.FAILED, Reason.WORKER_LOST, "lost three times", error, null, null);
            case "retry" -> new Step.Retry(soon(), "the shop is busy", error, null);
            case "give-back" -> new Step.Lose(true, Reason.WORKER_DIED, "drained", Instant.now());
            case "lose" -> new Step.Lose(false, Reason.WORKER_DIED, "the handler crashed", Instant.now());
            case "stopped" -> new Step.Stopped();
            default -> throw new IllegalArgumentException(word);
        };
    }

    /** The patch by which the product writes {@code next}, with something else merged into it: null takes away. */
    static String patch(SyncJob seen, SyncJobStatus next, String deviation) {
        var from = (ObjectNode) JSON.valueToTree(Observation.statusOf(seen));
        var to = (ObjectNode) JSON.valueToTree(next);
        var status = JSON.createObjectNode();
        from.fieldNames().forEachRemaining(field -> {
            if (!to.has(field)) status.putNull(field);
        });
        to.properties().forEach(field -> {
            if (!field.getValue().equals(from.path(field.getKey()))) status.set(field.getKey(), field.getValue());
        });
        merge(status, to, (ObjectNode) Json.read(deviation));
        var patch = JSON.createObjectNode();
        patch.putObject("metadata").put("resourceVersion", seen.getMetadata().getResourceVersion());
        patch.set("status", status);
        return Json.text(patch);
    }

    /** A path such as {@code history.-1.by} stands for one entry of a list, which a merge patch cannot name. */
    private static void merge(ObjectNode status, ObjectNode whole, ObjectNode deviation) {
        deviation.properties().forEach(field -> {
            var steps = field.getKey().split("\\.", -1);
            if (steps.length == 1) {
                status.set(field.getKey(), field.getValue());
                return;
            }
            JsonNode at = whole.path(steps[0]);
            status.set(steps[0], at);
            for (var i = 1; i < steps.length - 1; i++)
                at = at.isArray() ? at.get(index(at, steps[i])) : at.path(steps[i]);
            ((ObjectNode) at).set(steps[steps.length - 1], field.getValue());
        });
    }

    private static int index(JsonNode list, String step) {
        var index = Integer.parseInt(step);
        return index < 0 ? list.size() + index : index;
    }
}
