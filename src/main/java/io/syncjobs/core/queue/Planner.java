package io.syncjobs.core.queue;

import io.syncjobs.core.Assignment.Slot;
import io.syncjobs.core.index.Group;
import io.syncjobs.core.index.JobEntry;
import io.syncjobs.core.index.JobIndex;
import io.syncjobs.core.index.PoolIndex;
import io.syncjobs.core.index.QueueIndex;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Which waiting jobs get a place. It looks only at queues of which something has changed, and there only at the head. */
public final class Planner {
    private Planner() {}

    /**
     * The next admissions, at most so many, which are assumed in the index. The queues take turns, so that a large one does not
     * keep the others waiting. The index must have been advanced to the moment.
     */
    public static List<Admission> plan(JobIndex index, int atMost) {
        var admitted = new ArrayList<Admission>();
        while (admitted.size() < atMost) {
            var queue = index.pollDirty();
            // What is dirty gets in line for a worker: so the queues of one pool take turns for its slots.
            var turn = queue.isPresent() ? queue : index.pollLine();
            if (turn.isEmpty()) break;
            var admission = queue.isPresent() ? forPod(index, turn.get()) : forWorker(index, turn.get());
            admission.ifPresent(admitted::add);
        }
        return admitted;
    }

    private static Optional<Admission> forPod(JobIndex index, QueueIndex queue) {
        lineUp(index, queue);
        var admission = queue.headForPod()
                .filter(job -> mayRun(job, queue))
                .map(job -> Admission.toPod(job, queue));
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
        var worker = queue.pool().flatMap(PoolIndex::next);
        if (worker.isEmpty()) return Optional.empty();
        var admission = queue.headForWorker()
                .filter(job -> mayRun(job, queue))
                .map(job -> Admission.toWorker(job, queue, worker.get()));
        admission.ifPresent(each -> index.assume(each.job(), (Slot) each.to()));
        return admission;
    }

    /** True where a plan would admit at least one job; which one is told, and nothing is assumed. */
    public static Optional<Admission> peek(JobIndex index) {
        while (true) {
            var queue = index.pollDirty().or(index::pollLine);
            if (queue.isEmpty()) return Optional.empty();
            var admission = first(queue.get());
            if (admission.isEmpty()) {
                lineUp(index, queue.get());
                continue;
            }
            index.again(queue.get());
            return admission;
        }
    }

    private static Optional<Admission> first(QueueIndex queue) {
        var worker = queue.pool().flatMap(PoolIndex::next);
        return queue.headForPod()
                .filter(job -> mayRun(job, queue))
                .map(job -> Admission.toPod(job, queue))
                .or(() -> queue.headForWorker()
                        .filter(job -> worker.isPresent() && mayRun(job, queue))
                        .map(job -> Admission.toWorker(job, queue, worker.orElseThrow())));
    }

    /** Why a job would wait that holds a place by a write without an answer: empty where that write may be sent again. */
    public static Optional<Wait> stopsResend(JobIndex index, JobEntry job) {
        return Gate.firstButRoom(index.groupWithoutWrite(job), job, index.queueOf(job));
    }

    private static boolean mayRun(JobEntry job, QueueIndex queue) {
        return job.group() == Group.READY && Gate.first(job, queue).isEmpty();
    }
}
