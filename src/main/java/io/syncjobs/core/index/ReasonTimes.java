package io.syncjobs.core.index;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.SequencedSet;
import java.util.TreeSet;
import java.util.function.Consumer;

/** When each waiting job is to be told why it waits, and when the reason that it was told is to be checked again. */
final class ReasonTimes {
    private final long patienceMillis;
    private final long refreshMillis;
    private final TreeSet<JobEntry> looks = new TreeSet<>(Orders.LOOK);
    private final SequencedSet<JobEntry> refreshes = new LinkedHashSet<>();

    /**
     * No job waits yet.
     *
     * @param patience how long a job waits before it is told why
     * @param refresh how long a told reason stands before it is checked again
     */
    ReasonTimes(Duration patience, Duration refresh) {
        patienceMillis = patience.toMillis();
        refreshMillis = refresh.toMillis();
    }

    /** The job begins to wait, or what it waits for has changed. */
    void add(JobEntry job, long now) {
        var ripe = job.ripeAt(patienceMillis);
        job.ripe = ripe <= now;
        job.lookAt = !job.ripe ? ripe : job.told() == null ? JobEntry.NEVER : refreshAt(job);
        if (job.lookAt != JobEntry.NEVER) looks.add(job);
    }

    private long refreshAt(JobEntry job) {
        return job.toldTime() == JobEntry.NEVER ? 0 : job.toldTime() + refreshMillis;
    }

    void remove(JobEntry job) {
        if (job.lookAt != JobEntry.NEVER) looks.remove(job);
        refreshes.remove(job);
        job.lookAt = JobEntry.NEVER;
        job.ripe = false;
    }

    /** Handles all times up to {@code now}; {@code ripe} is told of each job that has just waited long enough. */
    void advance(long now, Consumer<JobEntry> ripe) {
        while (!looks.isEmpty() && looks.first().lookAt <= now) look(looks.pollFirst(), ripe);
    }

    private void look(JobEntry job, Consumer<JobEntry> ripe) {
        if (job.ripe) {
            job.lookAt = JobEntry.NEVER;
            refreshes.add(job);
            return;
        }
        job.ripe = true;
        ripe.accept(job);
        if (job.told() == null) return;
        job.lookAt = job.ripeAt(patienceMillis) + refreshMillis;
        looks.add(job);
    }

    /** The next jobs whose told reason is to be checked; each job is returned once per refresh. */
    List<JobEntry> refreshes(int atMost, long now) {
        var next = new ArrayList<JobEntry>();
        while (next.size() < atMost && !refreshes.isEmpty()) {
            var job = refreshes.removeFirst();
            job.lookAt = now + refreshMillis;
            looks.add(job);
            next.add(job);
        }
        return next;
    }
}
