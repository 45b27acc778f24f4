package io.syncjobs.core.index;

import static java.util.Objects.requireNonNullElse;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The jobs of one queue that have waited long enough for a reason, sorted by the reason that their status gives already. */
final class RipeJobs {
    /** Jobs of one group whose status gives the same reason; the empty text stands for none. */
    private record Told(Group group, String reason) {
        static Told of(JobEntry job) {
            return new Told(job.group, requireNonNullElse(job.told(), ""));
        }
    }

    private final Map<Told, OrderedSet<JobEntry>> ripe = new HashMap<>();

    void add(JobEntry job) {
        ripe.computeIfAbsent(Told.of(job), told -> new OrderedSet<>(Orders.TURN))
                .add(job);
    }

    void remove(JobEntry job) {
        ripe.computeIfPresent(Told.of(job), (told, jobs) -> {
            jobs.remove(job);
            return jobs.isEmpty() ? null : jobs;
        });
    }

    /** The first jobs of one group whose status does not give {@code reason}, in the order of turns. */
    List<JobEntry> untold(Group group, String reason, int atMost) {
        var found = new ArrayList<JobEntry>();
        ripe.forEach((told, jobs) -> {
            if (told.group() != group || told.reason().equals(reason)) return;
            take(jobs.iterator(), atMost, found);
        });
        return firstOf(found, atMost);
    }

    /**
     * The first ready jobs whose status does not give the right reason, in the order of turns.
     *
     * @param front the right reason for the jobs before {@code behind}
     * @param rear the right reason for the other jobs
     * @param behind the first job without a place; empty if all have one
     */
    List<JobEntry> untoldReady(String front, String rear, Optional<JobEntry> behind, int atMost) {
        var found = new ArrayList<JobEntry>();
        ripe.forEach((told, jobs) -> {
            if (told.group() != Group.READY) return;
            if (!told.reason().equals(front)) takeUntil(jobs, behind, atMost, found);
            if (!told.reason().equals(rear)) behind.ifPresent(first -> take(jobs.from(first), atMost, found));
        });
        return firstOf(found, atMost);
    }

    private static List<JobEntry> firstOf(List<JobEntry> found, int atMost) {
        found.sort(Orders.TURN);
        return found.size() <= atMost ? found : found.subList(0, atMost);
    }

    private static void takeUntil(OrderedSet<JobEntry> jobs, Optional<JobEntry> end, int atMost, List<JobEntry> into) {
        var each = jobs.iterator();
        for (var i = 0; i < atMost && each.hasNext(); i++) {
            var job = each.next();
            if (end.isPresent() && Orders.TURN.compare(job, end.get()) >= 0) return;
            into.add(job);
        }
    }

    private static void take(Iterator<JobEntry> each, int atMost, List<JobEntry> into) {
        for (var i = 0; i < atMost && each.hasNext(); i++) into.add(each.next());
    }
}
