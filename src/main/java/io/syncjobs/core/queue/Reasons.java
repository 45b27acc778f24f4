package io.syncjobs.core.queue;

import io.syncjobs.api.Reason;
import io.syncjobs.core.Text;
import io.syncjobs.core.Turns;
import io.syncjobs.core.index.Group;
import io.syncjobs.core.index.JobEntry;
import io.syncjobs.core.index.JobIndex;
import io.syncjobs.core.index.QueueIndex;
import io.syncjobs.core.index.QueueKey;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Chooses the waiting jobs whose reason is written next. First come jobs whose status gives no reason or a wrong one; namespaces
 * take turns, in each its queues do, and the head of a queue comes first. Then come jobs for which only the details have changed:
 * in a long queue that moves these are too many to write. Only queues that have changed are looked at.
 */
public final class Reasons {
    /** How many jobs are checked for changed details in one round, per write. */
    private static final int LOOKS_PER_WRITE = 5;

    private final JobIndex index;
    private final Set<QueueKey> changed = new LinkedHashSet<>();
    private final PoolReasons pools;
    private Starter starter = Starter.EAGER;

    public Reasons(JobIndex index) {
        this.index = index;
        pools = new PoolReasons(index);
        changed.addAll(index.queues().keySet());
        index.noteChanges(changed);
    }

    /** The next reasons, at most {@code atMost}; {@code unwanted} are the uids of jobs that cannot be written to now. */
    public List<Explanation> next(Starter who, int atMost, Set<String> unwanted) {
        return next(who, atMost, unwanted, Set.of());
    }

    /** The same without the namespaces that are {@code closed}: they have their turn later. */
    public List<Explanation> next(Starter who, int atMost, Set<String> unwanted, Set<String> closed) {
        if (!who.equals(starter)) changed.addAll(index.queues().keySet());
        starter = who;
        changed.addAll(pools.changed());
        var found = wrong(atMost, unwanted, closed);
        if (found.size() < atMost) refresh(atMost, unwanted, closed, found);
        return found;
    }

    private List<Explanation> wrong(int atMost, Set<String> unwanted, Set<String> closed) {
        var byNamespace = new LinkedHashMap<String, List<List<Explanation>>>();
        for (var key : List.copyOf(changed)) {
            if (closed.contains(key.namespace())) continue;
            var queue = index.queues().get(key);
            var some = queue == null ? List.<Explanation>of() : wrong(queue, atMost, unwanted);
            // A write of a reason changes the queue again, and then the rest of the queue gets its turn.
            if (some.isEmpty()) changed.remove(key);
            else
                byNamespace
                        .computeIfAbsent(key.namespace(), namespace -> new ArrayList<>())
                        .add(some);
        }
        unwanted.forEach(uid -> index.job(uid).ifPresent(job -> changed.add(job.queue())));
        var namespaces = byNamespace.values().stream()
                .map(queues -> Turns.of(queues, atMost))
                .toList();
        var found = Turns.of(namespaces, atMost);
        // Those that got nothing come first in the next round.
        for (var one : found) {
            changed.remove(one.job().queue());
            changed.add(one.job().queue());
        }
        return found;
    }

    private List<Explanation> wrong(QueueIndex queue, int atMost, Set<String> unwanted) {
        var found = new ArrayList<Explanation>();
        for (var group : List.of(Group.HOMELESS, Group.READY, Group.UNRUNNABLE, Group.EARLY, Group.BACKOFF)) {
            var enough = atMost + unwanted.size();
            var candidates = group == Group.READY ? ready(queue, enough) : queue.untold(group, main(group), enough);
            for (var job : candidates) {
                if (found.size() == atMost) return found;
                if (unwanted.contains(job.uid())) continue;
                starter.why(index, job)
                        .filter(why -> !why.reason().toString().equals(job.told()))
                        .ifPresent(why -> found.add(new Explanation(job, why)));
            }
        }
        return found;
    }

    /** Jobs that could have a place have another reason than the jobs behind them, unless one reason stops all of them. */
    private List<JobEntry> ready(QueueIndex queue, int atMost) {
        var all = queue.isPaused() ? Optional.of(Reason.QUEUE_PAUSED) : whereNoWorkerIs(queue);
        var rear = all.orElse(Reason.QUEUE_AT_CAPACITY).toString();
        var front = all.map(Reason::toString).orElseGet(() -> starter.forPlaces(queue));
        return queue.untoldReady(front, rear, queue.free(), atMost);
    }

    private static Optional<Reason> whereNoWorkerIs(QueueIndex queue) {
        return queue.free() == 0 ? Optional.empty() : queue.pool().flatMap(PoolGate::reason);
    }

    /** The reason of a group in which all jobs have the same reason. */
    private static String main(Group group) {
        return switch (group) {
            case HOMELESS -> Reason.QUEUE_NOT_FOUND.toString();
            case UNRUNNABLE -> Reason.INVALID_TEMPLATE.toString();
            case EARLY -> Reason.ETA_IN_FUTURE.toString();
            default -> Reason.RETRY_BACKOFF.toString();
        };
    }

    private void refresh(int atMost, Set<String> unwanted, Set<String> closed, List<Explanation> found) {
        for (var job : index.refreshes((atMost - found.size()) * LOOKS_PER_WRITE)) {
            if (found.size() == atMost) return;
            if (!unwanted.contains(job.uid()) && !closed.contains(job.namespace()))
                outdated(job).ifPresent(found::add);
        }
    }

    /** The same reason with other details. */
    private Optional<Explanation> outdated(JobEntry job) {
        return starter.why(index, job)
                .filter(why -> why.reason().toString().equals(job.told())
                        && !why.stands()
                        && !job.tells(Text.message(why.text())))
                .map(why -> new Explanation(job, why));
    }
}
