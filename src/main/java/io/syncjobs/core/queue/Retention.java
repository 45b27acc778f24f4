package io.syncjobs.core.queue;

import static java.util.Objects.requireNonNullElse;

import io.syncjobs.api.State;
import io.syncjobs.api.SyncQueueSpec;
import io.syncjobs.core.Limits;
import io.syncjobs.core.index.JobEntry;
import io.syncjobs.core.index.QueueIndex;
import io.syncjobs.core.index.QueueKey;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Decides which finished jobs have been kept long enough. One thread uses it. */
public final class Retention {
    /**
     * How long nothing is deleted of a queue that does not exist. Somebody may have deleted it by mistake, and a tool that replaces it
     * deletes it first. Its own rules, which may keep jobs for a year, are not known then.
     */
    private static final Duration MISSING = Duration.ofHours(1);

    /**
     * Failed and Cancelled jobs are deleted by time, so that those of one bad hour do not displace each other. Only Failed jobs may
     * have a count, which the queue's owner has set.
     */
    private static final int NO_COUNT = Integer.MAX_VALUE;

    /** The queues that were missing in the last round, and since when. */
    private Map<QueueKey, Instant> missing = Map.of();

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

    /** The jobs of all queues to delete. */
    public List<JobEntry> expired(Collection<QueueIndex> queues, Instant now) {
        var stillMissing = new HashMap<QueueKey, Instant>();
        var expired = new ArrayList<JobEntry>();
        for (var queue : queues) {
            if (queue.isMissing()) {
                var since = missing.getOrDefault(queue.key(), now);
                stillMissing.put(queue.key(), since);
                if (now.isBefore(since.plus(MISSING))) continue;
            }
            expired.addAll(expired(queue, now));
        }
        missing = stillMissing;
        return expired;
    }

    /**
     * The jobs of one queue to delete, oldest first. Unfinished jobs, jobs with a waiting command and jobs that are being deleted
     * are never among them.
     */
    static List<JobEntry> expired(QueueIndex queue, Instant now) {
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
