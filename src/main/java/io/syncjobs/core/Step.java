package io.syncjobs.core;

import com.fasterxml.jackson.databind.JsonNode;
import io.syncjobs.api.Reason;
import io.syncjobs.api.State;
import io.syncjobs.api.SyncJobStatus.Effective;
import io.syncjobs.api.SyncJobStatus.JobError;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The next thing to do for one job. */
public sealed interface Step {

    /** Nothing, until something changes or {@code lookAgain}. */
    record Wait(Optional<Instant> lookAgain) implements Step {
        /** The same, with a look at {@code time} at the latest. */
        Wait orAt(Instant time) {
            return new Wait(Optional.of(lookAgain.filter(time::isAfter).orElse(time)));
        }
    }

    /**
     * Look closer, and ask again: what the caches have may be old, or not enough to decide the next step.
     *
     * @param of which one: the worker's name, the container whose log it is, or the uid of the pod with the events
     */
    record Inspect(Subject subject, String of) implements Step {
        /** What can be looked at. */
        public enum Subject {
            /** The current attempt's pod, as the API server has it. */
            POD,
            /** What the watch still has to tell of the current attempt's pod, which the API server does not have any more. */
            LAST_STATE,
            /** The end of a container's log. */
            LOG,
            /** The warning events of a pod. */
            EVENTS,
            /** The warm worker's pod, as the API server has it. */
            WORKER,
            /** The warm worker's Lease, as the API server has it. */
            LEASE
        }
    }

    /** Create the pod of the current reservation; its worker is told {@code deadline}. */
    record CreatePod(int attempt, String name, Instant deadline) implements Step {}

    /** Delete a pod: its run must end, or its time is over. */
    record DeletePod(PodView pod) implements Step {}

    /** Take a command from its annotation, so that it is handled exactly once. */
    record ClaimCommand(Command command) implements Step {}

    /** Tell why a command has no effect, and remove its annotation. */
    record Refuse(String annotation, String why) implements Step {}

    /** The command under way has taken effect: remove the handling annotation. */
    record ClearCommand() implements Step {}

    /** Carry out the command under way: its effect and its id in one write. */
    record ApplyCommand(Command.Handling handling, Change effect) implements Step {}

    /** A change of the job's status; see {@link Statuses#after}. */
    sealed interface Change extends Step {}

    /** A worker gets the job: the attempt grows, the pod has a name. */
    record Reserve(int attempt, Assignment to, Effective effective) implements Change {
        /** A pod of its own, which is still to be made. */
        public Reserve(int attempt, String pod, Effective effective) {
            this(attempt, new Assignment.NewPod(pod), effective);
        }

        public String worker() {
            return to.worker();
        }
    }

    /** A place in the queue's capacity without a worker yet: what the minute run gives. */
    record Enqueue(Effective effective) implements Change {}

    /** Say why the job is not running. */
    record Explain(Reason reason, String message) implements Change {}

    /** The worker runs, in this container. */
    record Start(Instant at, String container) implements Change {}

    /** The job is finished. {@code started} is when its worker began, where that was seen only now. */
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

    /** Failed in a way that may pass: again from {@code notBefore} on. {@code started} as in {@link End}. */
    record Retry(
            Instant notBefore,
            String message,
            JobError error,
            @Nullable Instant started) implements Change {}

    /** The attempt went away with its worker: again from {@code notBefore} on. */
    record RecordLoss(boolean planned, Reason reason, String message, Instant notBefore) implements Change {
        RecordLoss(boolean planned, String message, Instant notBefore) {
            this(planned, Reason.WORKER_DIED, message, notBefore);
        }
    }

    /** The run must end; what follows happens when its worker is gone. {@code notBefore} is set for a retry. */
    record Stop(
            State target,
            @Nullable Reason reason,
            String message,
            @Nullable JobError error,
            @Nullable Instant notBefore)
            implements Change {}

    /** The worker of a run that had to end is gone: the job becomes what the stop says. */
    record FinishStop() implements Change {}

    /** A person wants a finished or waiting job to run: now, with fresh counters. */
    record Requeue() implements Change {}
}
