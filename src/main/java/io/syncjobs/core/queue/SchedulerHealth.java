package io.syncjobs.core.queue;

import io.syncjobs.api.Reason;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.stream.Stream;

/** Whether the enqueue CronJob works. */
public record SchedulerHealth(Optional<Reason> problem, String message) {
    /** The CronJob works, or nothing is known about it yet. */
    public static final SchedulerHealth GOOD = new SchedulerHealth(Optional.empty(), "the enqueue CronJob runs");

    /** What was seen of the CronJob. */
    public record Seen(
            boolean suspended, Instant created, Optional<Instant> lastScheduled, Optional<Instant> lastSuccessful) {}

    /**
     * Judges the CronJob.
     *
     * @param namespace the namespace of the CronJob
     * @param cronJob what was seen of it; empty if it does not exist
     * @param goodSince when the observer started, or when it last saw the CronJob suspended or missing; the CronJob gets its time
     *     from then on
     * @param overdue how long the CronJob may go without a successful run
     */
    public static SchedulerHealth judge(
            String namespace, String name, Optional<Seen> cronJob, Instant goodSince, Duration overdue, Instant now) {
        if (cronJob.isEmpty()) {
            return bad(
                    Reason.SCHEDULER_MISSING, "the CronJob " + name + " does not exist; helm upgrade brings it back");
        }
        var seen = cronJob.get();
        if (seen.suspended()) {
            return bad(
                    Reason.SCHEDULER_SUSPENDED,
                    "the CronJob " + name
                            + " is suspended; resume it with the chart's value enqueuer.suspend=false (helm upgrade,"
                            + " with --force-conflicts where somebody patched it), or where Helm did not install it with kubectl -n "
                            + namespace + " patch cronjob " + name
                            + " --type=merge -p '{\"spec\":{\"suspend\":false}}'");
        }
        var since = Stream.of(goodSince, seen.created(), seen.lastSuccessful().orElse(Instant.MIN))
                .max(Instant::compareTo)
                .orElseThrow();
        if (Duration.between(since, now).compareTo(overdue) <= 0) return GOOD;
        var started = seen.lastScheduled().filter(time -> time.isAfter(since));
        return bad(
                Reason.SCHEDULER_NOT_RUNNING,
                "the CronJob " + name + " is active, but "
                        + started.map(time -> "its runs do not succeed (the last was scheduled at " + time
                                        + "); see kubectl -n " + namespace + " get jobs,pods")
                                .orElse("its runs do not start; is the controller manager up, and is the chart's value"
                                        + " enqueuer.overdueSeconds (" + overdue.toSeconds()
                                        + ") more than from one run to the next? See kubectl -n " + namespace
                                        + " describe cronjob " + name));
    }

    private static SchedulerHealth bad(Reason reason, String message) {
        return new SchedulerHealth(Optional.of(reason), message);
    }
}
