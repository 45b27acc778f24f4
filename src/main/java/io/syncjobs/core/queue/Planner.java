package io.syncjobs.core.queue;

import io.syncjobs.core.QueueKey;
import io.syncjobs.core.index.Group;
import io.syncjobs.core.index.JobEntry;
import io.syncjobs.core.index.JobIndex;
import io.syncjobs.core.index.QueueIndex;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;

/** Which waiting jobs get a place. It looks only at queues of which something has changed, and there only at the head. */
public final class Planner {
    private static final int PEEKS = 16;

    private Planner() {}

    /**
     * The next admissions, at most so many, which are assumed in the index. The queues take turns, so that a large one does not
     * keep the others waiting. The index must have been advanced to the moment.
     *
     * @param broken is told of a queue whose planning failed; the others go on
     */
    public static List<Admission> plan(JobIndex index, int atMost, BiConsumer<QueueKey, RuntimeException> broken) {
        var admitted = new ArrayList<Admission>();
        while (admitted.size() < atMost) {
            var queue = index.pollDirty();
            if (queue.isEmpty()) break;
            try {
                next(queue.get()).ifPresent(admission -> {
                    index.assume(admission.job());
                    admitted.add(admission);
                });
            } catch (RuntimeException e) {
                broken.accept(queue.get().key(), e);
            }
        }
        return admitted;
    }

    /** Some of the jobs that a plan would admit, of different queues and places in them; nothing is assumed. */
    public static List<Admission> peek(JobIndex index) {
        var queues = new ArrayList<QueueIndex>();
        var found = new ArrayList<Admission>();
        while (found.size() < PEEKS) {
            var queue = index.pollDirty();
            if (queue.isEmpty()) break;
            var some = queue.get().first(Math.min(PEEKS, queue.get().free())).stream()
                    .filter(job -> Gate.first(job, queue.get()).isEmpty())
                    .map(job -> new Admission(job, queue.get().spec().orElseThrow()))
                    .toList();
            if (some.isEmpty()) continue;
            queues.add(queue.get());
            found.addAll(some);
        }
        queues.forEach(index::again);
        return found;
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
