package io.syncjobs.core.queue;

import io.syncjobs.core.index.Group;
import io.syncjobs.core.index.JobEntry;
import io.syncjobs.core.index.JobIndex;
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
            if (queue.isEmpty()) break;
            next(queue.get()).ifPresent(admission -> {
                index.assume(admission.job());
                admitted.add(admission);
            });
        }
        return admitted;
    }

    /** True where a plan would admit at least one job; which one is told, and nothing is assumed. */
    public static Optional<Admission> peek(JobIndex index) {
        while (true) {
            var queue = index.pollDirty();
            if (queue.isEmpty()) return Optional.empty();
            var admission = next(queue.get());
            if (admission.isEmpty()) continue;
            index.again(queue.get());
            return admission;
        }
    }

    /** Why a job would wait that holds a place by a write without an answer: empty where that write may be sent again. */
    public static Optional<Wait> stopsResend(JobIndex index, JobEntry job) {
        return Gate.firstButCapacity(index.groupWithoutWrite(job), job, index.queueOf(job));
    }

    private static Optional<Admission> next(QueueIndex queue) {
        return queue.head()
                .filter(job ->
                        job.group() == Group.READY && Gate.first(job, queue).isEmpty())
                .map(job -> new Admission(job, queue.spec().orElseThrow()));
    }
}
