package io.syncjobs.simulation;

import static java.util.Comparator.comparing;
import static java.util.Objects.requireNonNullElse;

import io.syncjobs.api.State;
import io.syncjobs.api.SyncJob;
import io.syncjobs.core.JobFields;
import io.syncjobs.core.index.QueueKey;
import io.syncjobs.core.job.DueTimes;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/** Holds who gives places to the one order, as far as he must have known of the jobs that it is about. */
final class OrderJudge {
    /** From what a watch has told until it is acted on. */
    private static final Duration MOMENT = Duration.ofSeconds(2);

    /** A process that has no watch reads all first, and its requests may be late. */
    private static final Duration READING = Duration.ofSeconds(90);

    /** What a process does soon after it was frozen may have been decided before. */
    private static final Duration AFTER_FROST = Duration.ofMinutes(1);

    private static final Comparator<SyncJob> ORDER = comparing(
                    (SyncJob job) -> requireNonNullElse(job.getSpec().priority(), Integer.MAX_VALUE))
            .thenComparing(job -> job.getMetadata().getCreationTimestamp())
            .thenComparing(SimCaches::name);

    private final World world;
    private final Predicate<SyncJob> mayRun;
    private final Map<String, Instant> changed = new HashMap<>();

    /** {@code mayRun} is false for a job that gets no place, ever. */
    OrderJudge(World world, Predicate<SyncJob> mayRun) {
        this.world = world;
        this.mayRun = mayRun;
    }

    void changed(SyncJob job) {
        changed.put(SimCaches.uid(job), world.now());
    }

    void gone(SyncJob job) {
        changed.remove(SimCaches.uid(job));
    }

    /** A job is given one of so many free places; {@code all} are as they were before. */
    void placed(SimProcess by, SyncJob job, Collection<SyncJob> all, int free) {
        if (!mayJudge(by, job)) return;
        var rivals = all.stream()
                .filter(other -> !SimCaches.uid(other).equals(SimCaches.uid(job)))
                .filter(other -> QueueKey.of(other).equals(QueueKey.of(job)) && hasWaited(by, other))
                .toList();
        if (rivals.isEmpty()) return;
        world.count("turns among several");
        var ahead =
                rivals.stream().filter(other -> ORDER.compare(other, job) < 0).toList();
        // Pods and warm workers are given at different moments: there it counts that who comes later leaves room
        // enough.
        var alike = ahead.stream()
                .filter(other -> WarmJudge.judges(other) == WarmJudge.judges(job))
                .findFirst();
        hold(by, job, alike.isEmpty(), ahead);
        hold(by, job, ahead.size() < free, ahead);
    }

    private static void hold(SimProcess by, SyncJob job, boolean promise, List<SyncJob> ahead) {
        Judge.hold(
                job,
                promise,
                "is given a place by " + by.identity() + " though it is the turn of "
                        + ahead.stream().map(SimCaches::name).toList());
    }

    /** True where what was decided about the job was sent at once, and has come at once. */
    boolean mayJudge(SimProcess by, SyncJob job) {
        return by.isBriskFor(AFTER_FROST) && world.traffic().isSmooth(SimCaches.name(job));
    }

    private boolean hasWaited(SimProcess by, SyncJob job) {
        var name = SimCaches.name(job);
        var due = DueTimes.of(job).orElse(Instant.MIN);
        return JobFields.statusOf(job).state() == State.PENDING
                && !Judge.hasCommand(job)
                && mayRun.test(job)
                && !due.isAfter(by.sent().minus(MOMENT))
                && world.traffic().isQuiet(name)
                && world.traffic().isSmooth(name)
                && isKnown(by, job, due);
    }

    private boolean isKnown(SimProcess by, SyncJob job, Instant due) {
        return by.caches()
                .map(caches -> caches.knew(job, by.sent().minus(MOMENT)))
                .orElseGet(() -> {
                    var then = by.sent().minus(READING);
                    return !changed.getOrDefault(SimCaches.uid(job), Instant.MAX)
                                    .isAfter(then)
                            && !due.isAfter(then);
                });
    }

    /** True where that process must have known for a moment that the worker ends. */
    static boolean knewOfEnd(SimProcess by, String worker) {
        return by.caches()
                .filter(caches -> caches.knewOfEnd(worker, by.sent().minus(MOMENT)))
                .isPresent();
    }
}
