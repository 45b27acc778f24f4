package io.syncjobs.core;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.syncjobs.api.RawJson;
import io.syncjobs.api.RetryPolicy;
import io.syncjobs.api.State;
import io.syncjobs.api.SyncJob;
import io.syncjobs.api.SyncJobSpec;
import io.syncjobs.api.SyncJobStatus;
import io.syncjobs.api.SyncJobStatus.Effective;
import io.syncjobs.api.SyncQueueSpec;
import io.syncjobs.core.Observation.Reservation;
import io.syncjobs.core.PodView.Container;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What tests of the core begin with: a job, its pods and a moment, with everything that does not matter left out. */
final class Given {
    static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
    static final Settings SETTINGS = Settings.from(Map.of());
    static final RawJson TEMPLATE =
            RawJson.of("{\"spec\": {\"containers\": [{\"name\": \"worker\", \"image\": \"shop/worker:1\"}]}}");
    static final SyncQueueSpec QUEUE = new SyncQueueSpec(10, null, null, null, TEMPLATE);

    private Given() {}

    static ObjectNode json(String text) {
        try {
            return (ObjectNode) new ObjectMapper().readTree(text);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(e);
        }
    }

    static SyncJob job(String name) {
        return job(name, new SyncJobSpec("default", "export.order", null, null, null, null, null, null));
    }

    static SyncJob job(String name, SyncJobSpec spec) {
        var job = new SyncJob();
        job.setMetadata(new ObjectMetaBuilder()
                .withName(name)
                .withNamespace("shop")
                .withUid("uid-" + name)
                .withGeneration(1L)
                .withResourceVersion("1")
                .withCreationTimestamp(NOW.minusSeconds(60).toString())
                .build());
        job.setSpec(spec);
        job.setStatus(SyncJobStatus.NEW);
        return job;
    }

    static SyncJobSpec spec(@Nullable Integer priority, @Nullable String eta, @Nullable RetryPolicy retry) {
        return new SyncJobSpec("default", "export.order", null, priority, eta, null, retry, null);
    }

    static SyncJob with(SyncJob job, Consumer<StatusEdit> change) {
        var edit = new StatusEdit(Observation.statusOf(job));
        change.accept(edit);
        return withStatus(job, edit.build());
    }

    static SyncJob withStatus(SyncJob job, SyncJobStatus status) {
        var copy = job(job.getMetadata().getName(), job.getSpec());
        copy.setMetadata(job.getMetadata());
        copy.setStatus(status);
        return copy;
    }

    static SyncJob annotated(SyncJob job, String name, String value) {
        var copy = withStatus(job, Observation.statusOf(job));
        copy.setMetadata(new ObjectMetaBuilder(job.getMetadata())
                .addToAnnotations(name, value)
                .build());
        return copy;
    }

    static SyncJob enqueued(String name) {
        return with(job(name), s -> {
            s.state = State.ENQUEUED;
            s.attempt = 1;
            s.worker = PodNames.of(job(name), 1);
            s.enqueuedTime = NOW.minusSeconds(5);
            s.effective = Policies.effective(job(name).getSpec(), QUEUE);
        });
    }

    static SyncJob started(String name) {
        return with(enqueued(name), s -> {
            s.state = State.STARTED;
            s.startedTime = NOW.minusSeconds(3);
        });
    }

    static SyncJob failed(String name) {
        return with(started(name), s -> {
            s.state = State.FAILED;
            s.reason = "JobFailed";
            s.retries = 2;
            s.finishedTime = NOW.minusSeconds(1);
        });
    }

    static SyncJob retryingAny(SyncJob job) {
        return with(job, s -> s.effective = new Effective(10, 3600, new RetryPolicy(5, 600, List.of(), "Any"), null));
    }

    static Observation seen(SyncJob job, Reservation reservation, PodView... pods) {
        return new Observation(
                job,
                Optional.of(QUEUE),
                List.of(pods),
                new Run.PodRun(reservation),
                Inspected.EVERYTHING,
                SETTINGS,
                Instant.EPOCH,
                NOW);
    }

    static Observation seen(SyncJob job, PodView... pods) {
        return seen(job, new Reservation.Created(), pods);
    }

    static PodView pod(SyncJob job, Container worker) {
        var attempt = Observation.statusOf(job).attempt();
        return pod(PodNames.of(job, attempt == null ? 1 : attempt), attempt == null ? 1 : attempt, worker);
    }

    static PodView pod(String name, int attempt, Container worker) {
        var phase = worker instanceof Container.Running
                ? "Running"
                : worker instanceof Container.Terminated end
                        ? (end.exitCode() == 0 ? "Succeeded" : "Failed")
                        : "Pending";
        var pod = PodEdit.pod(name, "pod-uid-" + name, attempt, NOW.minusSeconds(4), "node-1", "worker", worker);
        return PodEdit.with(pod, edit -> {
            edit.phase = phase;
            edit.memory = new PodView.Memory(true, false);
        });
    }

    static PodView deleting(PodView pod, Instant asked, Duration grace) {
        return PodEdit.with(pod, edit -> edit.deletion = Optional.of(new PodView.Deletion(asked.plus(grace), grace)));
    }

    /** Ended by the platform. */
    static PodView disrupted(PodView pod, String reason) {
        return PodEdit.with(marked(pod, reason), edit -> {
            edit.phase = "Failed";
            edit.reason = "Evicted";
        });
    }

    /** The platform has said that it ends the pod, which its node has not done. */
    static PodView marked(PodView pod, String reason) {
        return PodEdit.with(
                pod,
                edit -> edit.disruption =
                        Optional.of(new PodView.Disruption(reason, "by a test", NOW.minusSeconds(2))));
    }

    static PodView failedInit(PodView pod, Container end) {
        return PodEdit.with(pod, edit -> edit.init = Optional.of(new PodView.Init("worker", end, true)));
    }

    /** Its kubelet did not take it. */
    static PodView refused(PodView pod, String reason, boolean nodeOfTemplate) {
        return PodEdit.with(pod, edit -> {
            edit.phase = "Failed";
            edit.reason = reason;
            edit.made = new PodView.Made("worker", "", nodeOfTemplate);
        });
    }

    /** The platform ended it and says why in its status. */
    static PodView ended(PodView pod, String reason, String message) {
        return PodEdit.with(marked(pod, reason), edit -> {
            edit.phase = "Failed";
            edit.reason = reason;
            edit.message = message;
        });
    }

    static PodView made(PodView pod, String template) {
        return PodEdit.with(pod, edit -> edit.made = new PodView.Made("worker", template, false));
    }

    static PodView unlimited(PodView pod) {
        return PodEdit.with(pod, edit -> edit.memory = new PodView.Memory(false, false));
    }

    static PodView waitsForInit(PodView pod, String name) {
        return PodEdit.with(pod, edit -> edit.init = Optional.of(new PodView.Init(name, running(), true)));
    }

    /** Its worker has ended, its node has not told of more: the pod's phase is still Running. */
    static PodView slowlyTold(PodView pod, boolean othersRun) {
        return PodEdit.with(pod, edit -> {
            edit.phase = "Running";
            edit.othersRun = othersRun;
        });
    }

    static Container running() {
        return new Container.Running(NOW.minusSeconds(2));
    }

    static Container waiting(String reason) {
        return new Container.Waiting(reason, "said the kubelet");
    }

    static Container exit(int code) {
        return exit(code, "");
    }

    static Container exit(int code, String message) {
        var reason = code == 0 ? "Completed" : "Error";
        return new Container.Terminated(
                "worker", code, reason, message, Optional.of(NOW.minusSeconds(2)), Optional.of(NOW.minusSeconds(1)));
    }

    static Container exitAt(Instant finished) {
        return new Container.Terminated("worker", 1, "Error", "", Optional.empty(), Optional.of(finished));
    }

    static Container killedForMemory() {
        return new Container.Terminated(
                "worker", 137, "OOMKilled", "", Optional.of(NOW.minusSeconds(2)), Optional.of(NOW.minusSeconds(1)));
    }

    /** The job with other annotations, as a write of {@link Command} leaves them; an empty value removes one. */
    static SyncJob annotated(SyncJob job, Map<String, Optional<String>> changes) {
        var copy = withStatus(job, Observation.statusOf(job));
        var metadata = new ObjectMetaBuilder(job.getMetadata());
        changes.forEach((name, value) -> value.ifPresentOrElse(
                text -> metadata.addToAnnotations(name, text), () -> metadata.removeFromAnnotations(name)));
        copy.setMetadata(metadata.build());
        return copy;
    }
}
