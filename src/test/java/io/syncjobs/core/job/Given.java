package io.syncjobs.core.job;

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
import io.syncjobs.core.JobFields;
import io.syncjobs.core.job.Step.Inspect.Subject;
import io.syncjobs.core.run.PodEdit;
import io.syncjobs.core.run.PodNames;
import io.syncjobs.core.run.PodView;
import io.syncjobs.core.run.PodView.Container;
import io.syncjobs.core.run.Reservation;
import io.syncjobs.core.run.Run;
import io.syncjobs.core.settings.Settings;
import io.syncjobs.core.trace.LogError;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What tests of the core begin with: a job, its pods and a moment, with everything that does not matter left out. */
public final class Given {
    public static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
    public static final Settings SETTINGS = Settings.from(Map.of());
    public static final RawJson TEMPLATE =
            RawJson.of("{\"spec\": {\"containers\": [{\"name\": \"worker\", \"image\": \"shop/worker:1\"}]}}");
    public static final SyncQueueSpec QUEUE = new SyncQueueSpec(10, null, null, null, TEMPLATE);

    /** Everything was looked up, and nothing was found. */
    public static final Inspected EVERYTHING =
            new Inspected(Set.copyOf(EnumSet.allOf(Subject.class)), LogError.NONE, false, List.of());

    private Given() {}

    public static ObjectNode json(String text) {
        try {
            return (ObjectNode) new ObjectMapper().readTree(text);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(e);
        }
    }

    public static SyncJob job(String name) {
        return job(name, new SyncJobSpec("default", "export.order", null, null, null, null, null, null));
    }

    public static SyncJob job(String name, SyncJobSpec spec) {
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

    public static SyncJobSpec spec(@Nullable Integer priority, @Nullable String eta, @Nullable RetryPolicy retry) {
        return new SyncJobSpec("default", "export.order", null, priority, eta, null, retry, null);
    }

    public static SyncJob with(SyncJob job, Consumer<GivenStatus> change) {
        var edit = new GivenStatus(JobFields.statusOf(job));
        change.accept(edit);
        return withStatus(job, edit.build());
    }

    public static SyncJob withStatus(SyncJob job, SyncJobStatus status) {
        var copy = job(job.getMetadata().getName(), job.getSpec());
        copy.setMetadata(job.getMetadata());
        copy.setStatus(status);
        return copy;
    }

    public static SyncJob annotated(SyncJob job, String name, String value) {
        var copy = withStatus(job, JobFields.statusOf(job));
        copy.setMetadata(new ObjectMetaBuilder(job.getMetadata())
                .addToAnnotations(name, value)
                .build());
        return copy;
    }

    public static SyncJob enqueued(String name) {
        return with(job(name), s -> {
            s.state = State.ENQUEUED;
            s.attempt = 1;
            s.worker = PodNames.of(job(name), 1);
            s.enqueuedTime = NOW.minusSeconds(5);
            s.effective = Policies.effective(job(name).getSpec(), QUEUE);
        });
    }

    public static SyncJob started(String name) {
        return with(enqueued(name), s -> {
            s.state = State.STARTED;
            s.startedTime = NOW.minusSeconds(3);
        });
    }

    public static SyncJob failed(String name) {
        return with(started(name), s -> {
            s.state = State.FAILED;
            s.reason = "JobFailed";
            s.retries = 2;
            s.finishedTime = NOW.minusSeconds(1);
        });
    }

    public static SyncJob retryingAny(SyncJob job) {
        return with(job, s -> s.effective = new Effective(10, 3600, new RetryPolicy(5, 600, List.of(), "Any"), null));
    }

    public static Observation seen(SyncJob job, Reservation reservation, PodView... pods) {
        return new Observation(
                job,
                Optional.of(QUEUE),
                List.of(pods),
                new Run.PodRun(reservation),
                EVERYTHING,
                SETTINGS,
                Instant.EPOCH,
                NOW);
    }

    public static Observation seen(SyncJob job, PodView... pods) {
        return seen(job, new Reservation.Created(Duration.ZERO, Instant.EPOCH), pods);
    }

    public static PodView pod(SyncJob job, Container worker) {
        var attempt = JobFields.statusOf(job).attempt();
        return pod(PodNames.of(job, attempt == null ? 1 : attempt), attempt == null ? 1 : attempt, worker);
    }

    public static PodView pod(String name, int attempt, Container worker) {
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

    public static PodView deleting(PodView pod, Instant asked, Duration grace) {
        return PodEdit.with(pod, edit -> edit.deletion = Optional.of(new PodView.Deletion(asked.plus(grace), grace)));
    }

    /** Ended by the platform. */
    public static PodView disrupted(PodView pod, String reason) {
        return PodEdit.with(marked(pod, reason), edit -> {
            edit.phase = "Failed";
            edit.reason = "Evicted";
        });
    }

    /** The platform has said that it ends the pod, which its node has not done. */
    public static PodView marked(PodView pod, String reason) {
        return PodEdit.with(
                pod,
                edit -> edit.disruption =
                        Optional.of(new PodView.Disruption(reason, "by a test", NOW.minusSeconds(2))));
    }

    public static PodView failedInit(PodView pod, Container end) {
        return PodEdit.with(pod, edit -> edit.init = Optional.of(new PodView.Init("worker", end, true, false)));
    }

    /** Its kubelet did not take it. */
    public static PodView refused(PodView pod, String reason, boolean nodeOfTemplate) {
        return PodEdit.with(pod, edit -> {
            edit.phase = "Failed";
            edit.reason = reason;
            edit.made = new PodView.Made("worker", "", nodeOfTemplate);
        });
    }

    /** The platform ended it and says why in its status. */
    public static PodView ended(PodView pod, String reason, String message) {
        return PodEdit.with(marked(pod, reason), edit -> {
            edit.phase = "Failed";
            edit.reason = reason;
            edit.message = message;
        });
    }

    public static PodView made(PodView pod, String template) {
        return PodEdit.with(pod, edit -> edit.made = new PodView.Made("worker", template, false));
    }

    /** Its worker has a probe or a hook. */
    public static PodView watched(PodView pod) {
        return PodEdit.with(pod, edit -> edit.watched = true);
    }

    public static PodView unlimited(PodView pod) {
        return PodEdit.with(pod, edit -> edit.memory = new PodView.Memory(false, false));
    }

    public static PodView waitsForInit(PodView pod, String name) {
        return PodEdit.with(pod, edit -> edit.init = Optional.of(new PodView.Init(name, running(), true, false)));
    }

    /** Its worker has ended, its node has not told of more: the pod's phase is still Running. */
    public static PodView slowlyTold(PodView pod, boolean othersRun) {
        return PodEdit.with(pod, edit -> {
            edit.phase = "Running";
            edit.othersRun = othersRun;
        });
    }

    public static Container running() {
        return new Container.Running(NOW.minusSeconds(2));
    }

    public static Container waiting(String reason) {
        return new Container.Waiting(reason, "said the kubelet");
    }

    public static Container exit(int code) {
        return exit(code, "");
    }

    public static Container exit(int code, String message) {
        var reason = code == 0 ? "Completed" : "Error";
        return new Container.Terminated(
                "worker", code, reason, message, Optional.of(NOW.minusSeconds(2)), Optional.of(NOW.minusSeconds(1)));
    }

    public static Container exitAt(Instant finished) {
        return exitAt(finished, 1);
    }

    static Container exitAt(Instant finished, int code) {
        return new Container.Terminated("worker", code, "Error", "", Optional.empty(), Optional.of(finished));
    }

    public static Container killedForMemory() {
        return new Container.Terminated(
                "worker", 137, "OOMKilled", "", Optional.of(NOW.minusSeconds(2)), Optional.of(NOW.minusSeconds(1)));
    }

    /** The job with other annotations, as a write of {@link Command} leaves them; an empty value removes one. */
    public static SyncJob annotated(SyncJob job, Map<String, Optional<String>> changes) {
        var copy = withStatus(job, JobFields.statusOf(job));
        var metadata = new ObjectMetaBuilder(job.getMetadata());
        changes.forEach((name, value) -> value.ifPresentOrElse(
                text -> metadata.addToAnnotations(name, text), () -> metadata.removeFromAnnotations(name)));
        copy.setMetadata(metadata.build());
        return copy;
    }
}
