package io.syncjobs.core;

import static java.util.Comparator.comparing;
import static java.util.Comparator.reverseOrder;
import static java.util.Objects.requireNonNullElse;

import io.syncjobs.api.State;
import io.syncjobs.api.SyncJob;
import io.syncjobs.api.SyncQueueSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Which finished jobs have been kept long enough. */
public final class Retention {
    private static final int DAY = 86_400;
    private static final int COUNT = 1_000;

    /** A Failed job goes by time, or by a count that the queue's owner set. */
    private static final int NO_COUNT = Integer.MAX_VALUE;

    private Retention() {}

    private record Rule(State state, Duration keep, int count) {
        static Rule of(State state, @Nullable Integer seconds, int builtInSeconds, int count) {
            return new Rule(state, Duration.ofSeconds(requireNonNullElse(seconds, builtInSeconds)), count);
        }

        Stream<SyncJob> expired(Collection<SyncJob> jobs, Instant now) {
            var newestFirst = jobs.stream()
                    .filter(job -> Observation.statusOf(job).state() == state)
                    .sorted(comparing(Retention::finished, reverseOrder()))
                    .toList();
            var tooOld = newestFirst.stream()
                    .limit(count)
                    .filter(job -> !now.isBefore(finished(job).plus(keep)));
            return Stream.concat(tooOld, newestFirst.stream().skip(count));
        }
    }

    /** The jobs of one queue to delete; never an unfinished one, nor one with a command waiting. */
    public static List<SyncJob> expired(SyncQueueSpec queue, Collection<SyncJob> jobs, Instant now) {
        var keep = requireNonNullElse(queue.retention(), SyncQueueSpec.Retention.UNSET);
        return Stream.of(
                        Rule.of(State.DONE, keep.doneSeconds(), DAY, requireNonNullElse(keep.doneCount(), COUNT)),
                        Rule.of(
                                State.FAILED,
                                keep.failedSeconds(),
                                30 * DAY,
                                requireNonNullElse(keep.failedCount(), NO_COUNT)),
                        Rule.of(State.CANCELLED, keep.cancelledSeconds(), 30 * DAY, COUNT))
                .flatMap(rule -> rule.expired(jobs, now))
                .filter(job -> !Command.anyOn(job))
                .toList();
    }

    private static Instant finished(SyncJob job) {
        var finished = Observation.statusOf(job).finishedTime();
        return finished != null ? finished : Instant.parse(job.getMetadata().getCreationTimestamp());
    }
}
