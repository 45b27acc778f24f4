package io.syncjobs.operator;

import io.syncjobs.api.Names;
import io.syncjobs.api.State;
import io.syncjobs.api.SyncJob;
import io.syncjobs.api.SyncJobStatus;
import io.syncjobs.api.SyncQueueSpec;
import io.syncjobs.core.Command;
import io.syncjobs.core.Observation;
import io.syncjobs.core.Observation.Reservation;
import io.syncjobs.core.PodTemplates;
import io.syncjobs.core.Policies;
import io.syncjobs.core.Refusals;
import io.syncjobs.core.Statuses;
import io.syncjobs.core.Step;
import io.syncjobs.kube.ApiException;
import io.syncjobs.kube.Events;
import io.syncjobs.kube.Jobs;
import io.syncjobs.kube.PodViews;
import io.syncjobs.kube.Pods;
import io.syncjobs.kube.Reservations;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Carries out the steps of the core against the cluster. */
final class StepApplier {
    private static final Logger LOG = LoggerFactory.getLogger(StepApplier.class);

    private final Jobs jobs;
    private final Pods pods;
    private final Events events;
    private final Reservations reservations;
    private final Metrics metrics;

    StepApplier(Jobs jobs, Pods pods, Events events, Reservations reservations, Metrics metrics) {
        this.jobs = jobs;
        this.pods = pods;
        this.events = events;
        this.reservations = reservations;
        this.metrics = metrics;
    }

    /** Applies one step and returns the job as it is then. */
    SyncJob apply(Observation seen, Step step) {
        var job = seen.job();
        return switch (step) {
            case Step.Stay stay -> job;
            case Step.CreatePod create -> createPod(seen, create);
            case Step.DeletePod delete -> deletePod(job, delete);
            case Step.Accept accept -> accept(job, accept.command());
            case Step.Refuse refuse -> refuse(job, refuse);
            case Step.Forget forget -> jobs.annotate(job, Map.of(Names.HANDLING, Optional.empty()));
            case Step.Obey obey -> write(job, Statuses.after(job, obey, seen.now()));
            case Step.Reserve reserve -> reserve(seen, reserve);
            case Step.Change change -> write(job, Statuses.after(job, change, seen.now()));
        };
    }

    private SyncJob accept(SyncJob job, Command command) {
        var handling = new Command.Handling(UUID.randomUUID().toString(), command);
        return jobs.annotate(
                job,
                Map.of(
                        Names.HANDLING,
                        Optional.of(handling.text()),
                        command.kind().annotation(),
                        Optional.empty()));
    }

    /** The event comes first: after a crash in between it is told twice rather than not at all. */
    private SyncJob refuse(SyncJob job, Step.Refuse refuse) {
        events.warn(job, "CommandRefused", refuse.why());
        return jobs.annotate(job, Map.of(refuse.annotation(), Optional.empty()));
    }

    private SyncJob reserve(Observation seen, Step.Reserve reserve) {
        reservations.note(seen.job(), reserve.attempt(), new Reservation.Sending());
        try {
            var written = jobs.writeStatus(seen.job(), Statuses.after(seen.job(), reserve, seen.now()));
            reservations.note(written, reserve.attempt(), new Reservation.Mine());
            return written;
        } catch (ApiException e) {
            reservations.forget(seen.job(), reserve.attempt());
            throw e;
        }
    }

    private SyncJob createPod(Observation seen, Step.CreatePod create) {
        var job = seen.job();
        var queue = seen.queue().orElse(SyncQueueSpec.BUILT_IN);
        var namespace = job.getMetadata().getNamespace();
        try {
            var template = PodTemplates.of(job, queue)
                    .orElseThrow(() -> new PodTemplates.InvalidTemplate(
                            "neither the job nor its queue has spec.template any more"));
            var timeout = Policies.effective(job.getSpec(), queue).timeoutSeconds();
            var pod = PodTemplates.pod(
                    job, template, create.attempt(), create.name(), seen.now().plusSeconds(timeout));
            pods.create(namespace, pod);
            created(job, create);
        } catch (PodTemplates.InvalidTemplate e) {
            refused(seen, create, 422, String.valueOf(e.getMessage()));
        } catch (ApiException e) {
            if (e.isConflict() && isOurs(job, create)) created(job, create);
            else if (e.isConflict())
                refused(
                        seen,
                        create,
                        422,
                        "a pod named " + create.name() + " exists already and is not this job's; delete it");
            else if (e.isRefusal()) refused(seen, create, e.code(), String.valueOf(e.getMessage()));
            else throw e;
        }
        return job;
    }

    private void created(SyncJob job, Step.CreatePod create) {
        reservations.note(job, create.attempt(), new Reservation.Created());
    }

    /** Our own first try may have been carried out though its answer was lost. */
    private boolean isOurs(SyncJob job, Step.CreatePod create) {
        return pods.read(job.getMetadata().getNamespace(), create.name())
                .filter(pod -> PodViews.label(pod, Names.JOB_UID)
                        .equals(job.getMetadata().getUid()))
                .filter(pod -> PodViews.of(pod).attempt() == create.attempt())
                .isPresent();
    }

    private void refused(Observation seen, Step.CreatePod create, int code, String words) {
        var reason = Refusals.reason(code, words);
        var wait = Refusals.nextWait(seen.reservation());
        reservations.note(
                seen.job(),
                create.attempt(),
                new Reservation.Refused(
                        reason,
                        Refusals.message(reason, words),
                        wait,
                        seen.now().plus(wait)));
    }

    private SyncJob deletePod(SyncJob job, Step.DeletePod delete) {
        pods.delete(job.getMetadata().getNamespace(), delete.pod());
        return job;
    }

    private SyncJob write(SyncJob job, SyncJobStatus next) {
        var before = Observation.statusOf(job).state();
        var written = jobs.writeStatus(job, next);
        if (before != next.state()) tell(written, next);
        var attempt = Observation.statusOf(job).attempt();
        if (!next.state().occupying() && attempt != null) reservations.forget(job, attempt);
        return written;
    }

    /** The status has said it already: without the event nothing is lost. */
    private void warn(SyncJob job, SyncJobStatus next) {
        try {
            events.warn(job, String.valueOf(next.reason()), String.valueOf(next.message()));
        } catch (ApiException e) {
            LOG.atWarn().addKeyValue("job", name(job)).log("no event {}: {}", next.reason(), e.getMessage());
        }
    }

    private static String name(SyncJob job) {
        return job.getMetadata().getNamespace() + "/" + job.getMetadata().getName();
    }

    private void tell(SyncJob job, SyncJobStatus next) {
        LOG.atInfo()
                .addKeyValue("job", name(job))
                .addKeyValue("attempt", next.attempt())
                .addKeyValue("worker", next.worker())
                .log("{} {}", next.state(), next.reason() == null ? "" : next.reason());
        if (next.state().finished()) metrics.finished(next);
        if (next.state() == State.FAILED || (next.state() == State.PENDING && next.reason() != null)) {
            warn(job, next);
        }
    }
}
