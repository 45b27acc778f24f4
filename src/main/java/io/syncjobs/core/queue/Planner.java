package io.syncjobs.core.queue;

import io.syncjobs.core.Turns;
import io.syncjobs.core.index.Group;
import io.syncjobs.core.index.JobEntry;
import io.syncjobs.core.index.JobIndex;
import io.syncjobs.core.index.PoolIndex;
import io.syncjobs.core.index.QueueIndex;
import io.syncjobs.core.index.QueueKey;
import io.syncjobs.core.index.WorkerEntry;
import io.syncjobs.core.index.WorkerEntry.Standing;
import io.syncjobs.core.run.Assignment.Slot;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Predicate;

/** Decides which waiting jobs get a place. It looks only at queues that have changed, and there only at the first job. */
public final class Planner {
    private static final int PEEKS = 16;

    private Planner() {}

    /**
     * The next admissions, at most {@code atMost}. They are assumed in the index. Queues take turns, so that a large queue does
     * not keep the others waiting. The index must have been advanced to the current time.
     *
     * @param broken is called for a queue whose planning failed; the others go on
     */
    public static List<Admission> plan(JobIndex index, int atMost, BiConsumer<QueueKey, RuntimeException> broken) {
        return plan(index, atMost, queue -> false, broken);
    }

    /** The same without queues that are {@code postponed}. Whoever postpones one has it planned {@link JobIndex#again again}. */
    public static List<Admission> plan(
            JobIndex index,
            int atMost,
            Predicate<QueueIndex> postponed,
            BiConsumer<QueueKey, RuntimeException> broken) {
        var admitted = new ArrayList<Admission>();
        while (admitted.size() < atMost) {
            var dirty = index.pollDirty();
            // A changed queue first gets in line for a worker. So the queues of one pool take turns for its slots.
            var queue = dirty.or(index::pollLine);
            if (queue.isEmpty()) break;
            if (postponed.test(queue.get())) continue;
            try {
                var admission = dirty.isPresent() ? forPod(index, queue.get()) : forWorker(index, queue.get());
                admission.ifPresent(admitted::add);
            } catch (RuntimeException e) {
                broken.accept(queue.get().key(), e);
            }
        }
        return admitted;
    }

    private static Optional<Admission> forPod(JobIndex index, QueueIndex queue) {
        lineUp(index, queue);
        var admission = queue.headForPod()
                .filter(job -> mayRun(job, queue))
                .map(job -> Admission.toPod(job, queue.spec().orElseThrow()));
        admission.ifPresent(each -> index.assume(each.job()));
        return admission;
    }

    private static void lineUp(JobIndex index, QueueIndex queue) {
        var waits = queue.headForWorker()
                .filter(job -> job.group() == Group.READY
                        && Gate.firstButWorkers(job, queue).isEmpty());
        if (waits.isPresent()) index.lineUp(queue);
    }

    private static Optional<Admission> forWorker(JobIndex index, QueueIndex queue) {
        var worker = next(queue);
        if (worker.isEmpty()) return Optional.empty();
        var admission = queue.headForWorker()
                .filter(job -> mayRun(job, queue))
                .map(job -> Admission.toWorker(job, queue, worker.get().name()));
        admission.ifPresent(each -> index.assume(each.job(), (Slot) each.to()));
        return admission;
    }

    private static Optional<WorkerEntry> next(QueueIndex queue) {
        return queue.pool().flatMap(PoolIndex::next);
    }

    /** Some of the jobs that a plan would admit, from different queues and positions. Nothing is assumed in the index. */
    public static List<Admission> peek(JobIndex index) {
        return peek(index, admission -> true);
    }

    /** The same, of the admissions that are {@code wanted} alone. */
    public static List<Admission> peek(JobIndex index, Predicate<Admission> wanted) {
        return peek(index, namespace -> false, wanted);
    }

    /** The same without namespaces that are {@code closed}. The next call begins with other queues. */
    public static List<Admission> peek(JobIndex index, Predicate<String> closed, Predicate<Admission> wanted) {
        var queues = new ArrayList<QueueIndex>();
        var later = new ArrayList<QueueIndex>();
        var found = new ArrayList<List<Admission>>();
        while (found.size() < PEEKS) {
            var dirty = index.pollDirty();
            var queue = dirty.or(index::pollLine);
            if (queue.isEmpty()) break;
            if (closed.test(queue.get().key().namespace())) {
                later.add(queue.get());
                continue;
            }
            var some = queue.get().first(queue.get().free()).stream()
                    .filter(job -> mayRun(job, queue.get()))
                    .map(job -> admission(job, queue.get()))
                    .filter(wanted)
                    .limit(PEEKS)
                    .toList();
            if (some.isEmpty()) {
                if (dirty.isPresent()) lineUp(index, queue.get());
                continue;
            }
            queues.add(queue.get());
            found.add(some);
        }
        later.forEach(index::again);
        queues.forEach(index::again);
        return Turns.of(found, PEEKS);
    }

    /** The job may run, so a worker is free if it needs one. */
    private static Admission admission(JobEntry job, QueueIndex queue) {
        return queue.runsWarm(job)
                ? Admission.toWorker(job, queue, next(queue).orElseThrow().name())
                : Admission.toPod(job, queue.spec().orElseThrow());
    }

    /** Why a job would wait whose last write has no answer; empty if that write may be sent again, as {@link #resend} does. */
    public static Optional<Wait> stopsResend(JobIndex index, JobEntry job) {
        var queue = index.queueOf(job);
        return Gate.firstButRoom(index.groupWithoutWrite(job), job, queue)
                .or(() ->
                        queue.runsWarm(job) && givenTo(index, job).isEmpty() ? PoolGate.wait(queue) : Optional.empty());
    }

    /** The unanswered write once more: to the same worker if that still takes jobs, otherwise to another one. */
    public static Admission resend(JobIndex index, JobEntry job) {
        var queue = index.queueOf(job);
        if (!queue.runsWarm(job)) return Admission.toPod(job, queue.spec().orElseThrow());
        var again = givenTo(index, job)
                .map(worker -> Admission.toWorker(job, queue, worker))
                .orElseGet(() -> admission(job, queue));
        index.give(job, (Slot) again.to());
        return again;
    }

    private static Optional<String> givenTo(JobIndex index, JobEntry job) {
        // The queue may have been given to another pool since the write was sent.
        return job.slot()
                .filter(slot -> index.queueOf(job)
                        .pool()
                        .filter(pool -> pool.key().name().equals(slot.pool()))
                        .isPresent())
                .flatMap(slot -> index.workers().find(job.namespace(), slot.worker()))
                .filter(worker -> worker.standing() == Standing.READY)
                .map(WorkerEntry::name);
    }

    private static boolean mayRun(JobEntry job, QueueIndex queue) {
        return job.group() == Group.READY && Gate.first(job, queue).isEmpty();
    }
}
