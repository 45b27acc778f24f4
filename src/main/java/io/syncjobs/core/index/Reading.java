package io.syncjobs.core.index;

import java.util.HashSet;
import java.util.Set;
import java.util.function.Consumer;

/**
 * A read of objects that takes a while. 1. It lists a job. 2. The job is deleted, and the watch tells so. 3. The read's answer
 * comes: it must not bring the job back.
 */
public final class Reading implements AutoCloseable {
    private final JobIndex index;
    private final Consumer<Reading> closed;
    private final Set<String> gone = new HashSet<>();

    Reading(JobIndex index, Consumer<Reading> closed) {
        this.index = index;
        this.closed = closed;
    }

    void gone(String uid) {
        gone.add(uid);
    }

    /** Takes in a job of the answer, unless it was deleted meanwhile. */
    public void see(JobEntry job) {
        if (!gone.contains(job.uid())) index.see(job);
    }

    /** Takes in a pod of the answer, unless it was deleted meanwhile. */
    public void see(PodEntry pod) {
        if (!gone.contains(pod.uid())) index.see(pod);
    }

    @Override
    public void close() {
        closed.accept(this);
    }
}
