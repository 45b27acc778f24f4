package io.syncjobs.job;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.syncjobs.api.RawJson;
import io.syncjobs.api.SyncJob;
import io.syncjobs.api.SyncJobStatus;
import io.syncjobs.api.SyncQueueSpec;
import io.syncjobs.core.JobFields;
import io.syncjobs.core.blame.Verdict;
import io.syncjobs.core.job.Command;
import io.syncjobs.core.job.Observation;
import io.syncjobs.core.job.Statuses;
import io.syncjobs.core.job.Step;
import io.syncjobs.core.job.Told;
import io.syncjobs.core.queue.Wait;
import io.syncjobs.core.run.InvalidTemplate;
import io.syncjobs.core.run.Payloads;
import io.syncjobs.core.run.PodTemplates;
import io.syncjobs.core.run.Refusals;
import io.syncjobs.core.run.Reservation;
import io.syncjobs.kube.ApiException;
import io.syncjobs.kube.Events;
import io.syncjobs.kube.Jobs;
import io.syncjobs.kube.Pods;
import io.syncjobs.kube.Reservations;
import java.util.List;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Carries out the steps of the core in the cluster. */
public final class StepApplier {
    private static final Logger LOG = LoggerFactory.getLogger(StepApplier.class);

    /** The reason of the event on an object whose status cannot be written. */
    public static final String TOO_LARGE = "TooLarge";

    /** Its message. */
    public static final String TOO_LARGE_MESSAGE =
            "the object is so large that its status cannot be written, so nothing is done for it; delete it, and create it with less in it (about 1.5 MB is the limit of Kubernetes)";

    private final Jobs jobs;
    private final Pods pods;
    private final Events events;
    private final Reservations reservations;

    /** Writes nothing yet. */
    public StepApplier(Jobs jobs, Pods pods, Events events, Reservations reservations) {
        this.jobs = jobs;
        this.pods = pods;
        this.events = events;
        this.reservations = reservations;
    }

    /** Applies one step and returns the job after it. */
    SyncJob apply(Observation seen, Step step) {
        var job = seen.job();
        return switch (step) {
            case Step.Wait wait -> job;
            case Step.Inspect inspect -> throw new IllegalArgumentException("changes nothing: " + inspect);
            case Step.CreatePod create -> createPod(seen, create);
            case Step.DeletePod delete -> deletePod(job, delete);
            case Step.ClaimCommand claim -> claim(job, claim.command());
            case Step.Refuse refuse -> refuse(job, refuse);
            case Step.ClearCommand clear -> jobs.annotate(job, Command.handled());
            case Step.ApplyCommand apply -> write(job, Statuses.after(job, apply, seen.now()));
            case Step.Reserve reserve -> reserve(seen, reserve);
            case Step.Change change -> write(job, Statuses.after(job, change, seen.now()));
        };
    }

    /** Reports by an event, once, that the status has no room for any more. */
    void tellFull(SyncJob job) {
        if (jobs.mustTellFull(job)) events.warn(job, TOO_LARGE, TOO_LARGE_MESSAGE);
    }

    private SyncJob claim(SyncJob job, Command command) {
        var handling = new Command.Handling(UUID.randomUUID().toString(), command);
        try {
            return jobs.annotate(job, handling.taking(job));
        } catch (ApiException e) {
            // All annotations of an object share one limit, so there may never be room for this one.
            if (!e.isRefusal() || e.isNotFound()) throw e;
            return refuse(
                    job,
                    new Step.Refuse(command.kind().annotation(), "the command could not be taken: " + e.getMessage()));
        }
    }

    /** The event comes first: after a crash in between it is written twice rather than never. */
    private SyncJob refuse(SyncJob job, Step.Refuse refuse) {
        events.warn(job, "CommandRefused", refuse.why());
        return jobs.annotate(job, Command.dropping(job, refuse.annotation()));
    }

    private SyncJob reserve(Observation seen, Step.Reserve reserve) {
        var next = Statuses.after(seen.job(), reserve, seen.now());
        return reservations.reserve(
                seen.job(),
                reserve.attempt(),
                Refusals.pauseOf(seen.reservation()),
                () -> jobs.writeStatus(seen.job(), next));
    }

    /** Waits until there is memory for a large template and for the pod that is made from it. */
    private SyncJob createPod(Observation seen, Step.CreatePod create) {
        var queue = seen.queueOrBuiltIn();
        var bytes = PodTemplates.of(seen.job(), queue).map(RawJson::bytes).orElse(0);
        return jobs.room().during(bytes, () -> createPod(seen, queue, create));
    }

    private SyncJob createPod(Observation seen, SyncQueueSpec queue, Step.CreatePod create) {
        var job = seen.job();
        var namespace = job.getMetadata().getNamespace();
        ObjectNode pod;
        try {
            pod = pod(seen, queue, create);
        } catch (InvalidTemplate e) {
            var words = String.valueOf(e.getMessage());
            refused(seen, create, Refusals.template(words), words);
            return job;
        }
        try {
            pods.create(namespace, pod);
            reservations.note(
                    job, create.attempt(), new Reservation.Created(Refusals.pauseOf(seen.reservation()), seen.now()));
        } catch (ApiException e) {
            var words = e.isAlreadyExists() ? "a pod that is not this job's is named " + create.name() : e.getMessage();
            var why = Refusals.of(codes(e), words);
            if (!e.mayHaveBeenDone()) refused(seen, create, why, words);
            else {
                var wait = Refusals.nextWait(seen.reservation());
                // The pod may still be created. So this attempt gets no second pod, and the next attempt gets one.
                var unsure = new Reservation.Unsure(why, words, wait, seen.now().plus(wait));
                reservations.note(job, create.attempt(), unsure);
            }
        }
        return job;
    }

    private ObjectNode pod(Observation seen, SyncQueueSpec queue, Step.CreatePod create) {
        var job = seen.job();
        if (PodTemplates.isForbidden(job, seen.settings().jobTemplates()))
            throw new InvalidTemplate(Wait.templateForbidden().text());
        var wanted = PodTemplates.of(job, queue)
                .orElseThrow(() -> new InvalidTemplate("neither the job nor its queue has spec.template any more"));
        Payloads.templateProblem(wanted).ifPresent(problem -> {
            throw new InvalidTemplate("spec.template " + problem);
        });
        var contents = jobs.contents();
        var pod = PodTemplates.pod(
                contents.whole(job),
                contents.template(job, wanted),
                create.attempt(),
                create.name(),
                create.deadline());
        return PodTemplates.noted(pod, wanted);
    }

    private static List<String> codes(ApiException e) {
        if (e.isAlreadyExists()) return List.of("AlreadyExists");
        return e.isTooLarge() ? List.of("TooLarge") : List.of(Integer.toString(e.code()));
    }

    private void refused(Observation seen, Step.CreatePod create, Verdict why, String words) {
        var wait = Refusals.nextWait(seen.reservation());
        var refused = new Reservation.Refused(why, words, wait, seen.now().plus(wait));
        reservations.note(seen.job(), create.attempt(), refused);
    }

    private SyncJob deletePod(SyncJob job, Step.DeletePod delete) {
        pods.delete(job.getMetadata().getNamespace(), delete.pod());
        return job;
    }

    private SyncJob write(SyncJob job, SyncJobStatus next) {
        var before = JobFields.statusOf(job);
        var written = jobs.writeStatus(job, next);
        if (before.state() != next.state()) tell(written, next);
        // Of warm jobs the watch tells, because their agents write most of this.
        if (!JobFields.isWarm(job) && Told.warns(before, next)) warn(events, written, next);
        var attempt = JobFields.statusOf(job).attempt();
        if (!next.state().occupying() && attempt != null) reservations.forget(job, attempt);
        return written;
    }

    private void tell(SyncJob job, SyncJobStatus next) {
        var line = LOG.atInfo().addKeyValue("job", JobFields.nameOf(job));
        if (next.attempt() != null) line = line.addKeyValue("attempt", next.attempt());
        if (next.worker() != null) line = line.addKeyValue("worker", next.worker());
        line.log("{} {}", next.state(), next.reason() == null ? "" : next.reason());
    }

    /** The watch has shown a change of a job. If an agent has written it, nobody else warns of it. */
    public static void changed(Events events, SyncJob before, SyncJob now) {
        var next = JobFields.statusOf(now);
        if (JobFields.isWarm(before) && Told.warns(JobFields.statusOf(before), next)) warn(events, now, next);
    }

    /** The status says the same, so nothing is lost if the event is dropped. */
    private static void warn(Events events, SyncJob job, SyncJobStatus next) {
        events.warn(job, String.valueOf(next.reason()), String.valueOf(next.message()));
    }
}
