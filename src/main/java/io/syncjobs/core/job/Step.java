package io.syncjobs.core.job;

import com.fasterxml.jackson.databind.JsonNode;
import io.syncjobs.api.Reason;
import io.syncjobs.api.State;
import io.syncjobs.api.SyncJob;
import io.syncjobs.api.SyncJobStatus.Effective;
import io.syncjobs.api.SyncJobStatus.JobError;
import io.syncjobs.core.JobFields;
import io.syncjobs.core.run.Assignment;
import io.syncjobs.core.run.PodNames;
import io.syncjobs.core.run.PodView;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The next thing to do for one job. */
public sealed interface Step {

    /** Do nothing until something changes or {@code lookAgain} is reached. */
    record Wait(Optional<Instant> lookAgain) implements Step {
        /** The same, with a look at {@code time} at the latest. */
        Wait orAt(Instant time) {
            return new Wait(Optional.of(lookAgain.filter(time::isAfter).orElse(time)));
        }
    }

    /**
     * Look something up and ask again. The caches may be out of date, or may not know enough to decide.
     *
     * @param of which one: the worker's name, the container whose log is read, or the uid of the pod whose events are read
     */
    record Inspect(Subject subject, String of) implements Step {
        /** What can be looked up. */
        public enum Subject {
            /** The current attempt's pod, as the API server has it. */
            POD,
            /** What the watch has still to deliver about the current attempt's pod, which the API server has deleted already. */
            LAST_STATE,
            /** The end of a container's log. */
            LOG,
            /** The events of a pod. */
            EVENTS,
            /** The warm worker's pod, as the API server has it. */
            WORKER,
            /** The warm worker's Lease, as the API server has it. */
            LEASE
        }
    }

    /** Create the pod of the current reservation, and give its worker this {@code deadline}. */
    record CreatePod(int attempt, String name, Instant deadline) implements Step {}

    /** Delete a pod, because its run must end or its time is over. */
    record DeletePod(PodView pod) implements Step {}

    /** Move a command from its annotation to the handling annotation, so that it is handled exactly once. */
    record ClaimCommand(Command command) implements Step {}

    /** Report why a command has no effect, and remove its annotation. */
    record Refuse(String annotation, String why) implements Step {}

    /** Remove the handling annotation, because the command has taken effect. */
    record ClearCommand() implements Step {}

    /** Carry out the command in progress: one write with its effect and its id. */
    record ApplyCommand(Command.Handling handling, Change effect) implements Step {}

    /** A change of the job's status; see {@link Statuses#after}. */
    sealed interface Change extends Step {}

    /** Give the job its next attempt; {@code worker} is the name of the pod that executes it. */
    record Reserve(int attempt, String worker, Effective effective) implements Change {
        /** Decides the number of a job's next attempt and the name of its pod. Nothing else decides these. */
        public static Reserve next(SyncJob job, Assignment to, Effective effective) {
            var attempt = Assignment.attemptAfter(JobFields.statusOf(job).attempt());
            var worker = switch (to) {
                case Assignment.NewPod pod -> PodNames.of(job, attempt);
                case Assignment.Slot slot -> slot.worker();
            };
            return new Reserve(attempt, worker, effective);
        }
    }

    /** Give the job a place in the queue's capacity, without a worker. The minute run does this. */
    record Enqueue(Effective effective) implements Change {}

    /** Write to the status why the job is not running. */
    record Explain(Reason reason, String message) implements Change {}

    /** The worker is running, in this container. */
    record Start(Instant at, String container) implements Change {}

    /** The job is finished. {@code started} is when its worker began, if that was not recorded before. */
    record End(
            State state,
            Reason reason,
            String message,
            @Nullable JobError error,
            @Nullable JsonNode result,
            @Nullable Instant started)
            implements Change {
        End(State state, Reason reason, String message, @Nullable JobError error, @Nullable JsonNode result) {
            this(state, reason, message, error, result, null);
        }
    }

    /**
     * The attempt failed and is retried from {@code notBefore} on. {@code started} has the meaning that it has in {@link End}.
     */
    record Retry(
            Instant notBefore,
            String message,
            JobError error,
            @Nullable Instant started) implements Change {}

    /** The attempt was lost with its worker, and the job runs again from {@code notBefore} on. */
    record RecordLoss(boolean planned, Reason reason, String message, Instant notBefore) implements Change {}

    /** The run must end. The job becomes {@code target} when its worker is gone. {@code notBefore} is set for a retry. */
    record Stop(
            State target,
            @Nullable Reason reason,
            String message,
            @Nullable JobError error,
            @Nullable Instant notBefore)
            implements Change {}

    /** The worker of a stopped run is gone: the job becomes what the stop says. */
    record FinishStop() implements Change {}

    /** A person wants a finished or waiting job to run now, with counters at zero. */
    record Requeue() implements Change {}
}
