package io.syncjobs.core.job;

import static java.util.Objects.requireNonNullElse;

import io.syncjobs.api.Reason;
import io.syncjobs.api.State;
import io.syncjobs.api.SyncJob;
import io.syncjobs.api.SyncJobStatus;
import io.syncjobs.api.SyncJobStatus.Attempt;
import io.syncjobs.core.JobFields;
import io.syncjobs.core.Times;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What has happened to a job, as the write of its status shows. The metrics count these. All times come from the object. */
public sealed interface Happened {
    /** The job got a place. */
    record Enqueued() implements Happened {}

    /** The job's first worker started. {@code waited} counts from the job's creation, or from a later eta. */
    record FirstStart(Duration waited) implements Happened {}

    /** An attempt ended, {@code time} after its start. */
    record Ran(Duration time) implements Happened {}

    /** The attempt failed and is retried. */
    record Retried() implements Happened {}

    /** The worker went away without a result. Planned disruption and failures of a node do not count against the job. */
    record Lost(boolean counted) implements Happened {}

    /** A person's requeue took effect. */
    record Requeued() implements Happened {}

    /** The job is Done, Failed or Cancelled now. */
    record Finished(State state, String reason) implements Happened {}

    /** Stands for every reason that SyncJobs does not give. Whoever may write statuses may write any. */
    String OTHER = "Other";

    /** What metrics can hold, whatever times somebody has written. */
    Duration LONGEST = Duration.ofDays(36_500);

    /** Compares the job before a write with the status that was written. */
    static Set<Happened> between(SyncJob job, SyncJobStatus after) {
        var before = JobFields.statusOf(job);
        var all = new LinkedHashSet<Happened>();
        if (!before.state().occupying() && after.state().occupying()) all.add(new Enqueued());
        if (before.startedTime() == null && after.startedTime() != null && requireNonNullElse(after.attempt(), 0) == 1)
            all.add(new FirstStart(between(dueFirst(job), after.startedTime())));
        var ended = last(after);
        var counted = losses(after) > losses(before);
        if (ended != null && !ended.equals(last(before)) && isAnother(ended, last(before))) {
            if (ended.startedTime() != null && ended.finishedTime() != null)
                all.add(new Ran(between(ended.startedTime(), ended.finishedTime())));
            // The loss that ends a job has the outcome Failed.
            if (counted || Statuses.LOST.equals(ended.outcome())) all.add(new Lost(counted));
        }
        // Not by the outcome: a run that was stopped at its deadline may be retried too.
        if (number(after.retries()) > number(before.retries())) all.add(new Retried());
        var command = after.lastCommand();
        if (command != null
                && !Objects.equals(command, before.lastCommand())
                && Command.Kind.REQUEUE.word().equals(command.command())) all.add(new Requeued());
        if (after.state().finished() && before.state() != after.state())
            all.add(new Finished(
                    after.state(), Reason.isKnown(after.reason()) ? String.valueOf(after.reason()) : OTHER));
        return all;
    }

    private static int losses(SyncJobStatus status) {
        return number(status.workerLosses());
    }

    private static int number(@Nullable Integer counter) {
        return requireNonNullElse(counter, 0);
    }

    /** A command may be noted on the last attempt later. That makes no new attempt. */
    private static boolean isAnother(Attempt one, @Nullable Attempt other) {
        return other == null
                || one.attempt() != other.attempt()
                || !Objects.equals(one.finishedTime(), other.finishedTime());
    }

    private static Instant dueFirst(SyncJob job) {
        var created = Times.instant(job.getMetadata().getCreationTimestamp());
        return DueTimes.of(job).filter(created::isBefore).orElse(created);
    }

    /** Clocks of two machines differ, so the start may seem to be before the creation. */
    private static Duration between(Instant from, Instant to) {
        var time = Duration.between(from, to);
        if (time.isNegative()) return Duration.ZERO;
        return time.compareTo(LONGEST) > 0 ? LONGEST : time;
    }

    private static @Nullable Attempt last(SyncJobStatus status) {
        var history = requireNonNullElse(status.history(), List.<Attempt>of());
        return history.isEmpty() ? null : history.getLast();
    }
}
