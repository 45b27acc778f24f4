package io.syncjobs.core.queue;

import static java.util.Objects.requireNonNullElse;

import io.syncjobs.api.State;
import io.syncjobs.api.SyncQueueSpec;
import io.syncjobs.core.Limits;
import io.syncjobs.core.index.JobEntry;
import io.syncjobs.core.index.QueueIndex;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Decides which finished jobs have been kept long enough. */
public final class Retention {
    /**
     * Failed and Cancelled jobs are deleted by time, so that those of one bad hour do not displace each other. Only Failed jobs may
     * have a count, which the queue's owner has set.
     */
    private static final int NO_COUNT = Integer.MAX_VALUE;

    private Retention() {}

    private record Rule(State state, Duration keep, int count) {
        static Rule of(State state, @Nullable Integer seconds, int builtInSeconds, int count) {
            return new Rule(state, Duration.ofSeconds(requireNonNullElse(seconds, builtInSeconds)), count);
        }

        /** Looks only at the jobs that are deleted, and at the first one that is not. */
        List<JobEntry> expired(QueueIndex queue, Instant now) {
            var beyond = queue.count(state) - count;
            var expired = new ArrayList<JobEntry>();
            for (var job : queue.finished(state)) {
                if (beyond-- <= 0 && now.isBefore(job.finished().plus(keep))) break;
                if (!job.isAside()) expired.add(job);
            }
            return expired;
        }
    }

    /**
     * The jobs of one queue to delete, oldest first. Unfinished jobs, jobs with a waiting command and jobs that are being deleted
     * are never among them.
     */
    public static List<JobEntry> expired(QueueIndex queue, Instant now) {
        var keep = queue.spec().map(SyncQueueSpec::retention).orElse(SyncQueueSpec.Retention.UNSET);
        return Stream.of(
                        Rule.of(
                                State.DONE,
                                keep.doneSeconds(),
                                Limits.DONE_SECONDS,
                                requireNonNullElse(keep.doneCount(), Limits.DONE_COUNT)),
                        Rule.of(
                                State.FAILED,
                                keep.failedSeconds(),
                                Limits.FAILED_SECONDS,
                                requireNonNullElse(keep.failedCount(), NO_COUNT)),
                        Rule.of(State.CANCELLED, keep.cancelledSeconds(), Limits.FAILED_SECONDS, NO_COUNT))
                .flatMap(rule -> rule.expired(queue, now).stream())
                .toList();
    }
}
