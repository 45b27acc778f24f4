package io.syncjobs.core.index;

import static java.util.Objects.requireNonNullElse;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The jobs of one queue that have waited long enough to be told why, by what their status says already. */
final class RipeJobs {
    /** Jobs of one group whose status says the same reason; the empty one for none. */
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

    /** The first jobs, in their order, of one group of which the status says {@code reason}. */
    List<JobEntry> told(Group group, String reason, int atMost) {
        var jobs = ripe.get(new Told(group, reason));
        return jobs == null ? List.of() : first(jobs, atMost);
    }

    /** The first jobs, in their order, of one group of which the status says something else than {@code reason}. */
    List<JobEntry> untold(Group group, String reason, int atMost) {
        var found = new ArrayList<JobEntry>();
        ripe.forEach((told, jobs) -> {
            if (told.group() != group || told.reason().equals(reason)) return;
            take(jobs.iterator(), atMost, found);
        });
        return firstOf(found, atMost);
    }

    /**
     * The first ready jobs, in their order, of which the status says something else than it should.
     *
     * @param front what those before {@code behind} should say
     * @param rear what the others should say
     * @param behind the first one that has no place; empty where all have one
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

    static List<JobEntry> first(OrderedSet<JobEntry> jobs, int atMost) {
        var found = new ArrayList<JobEntry>();
        take(jobs.iterator(), atMost, found);
        return found;
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
