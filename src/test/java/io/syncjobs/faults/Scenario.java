package io.syncjobs.faults;

import io.syncjobs.cluster.JobStatus;
import io.syncjobs.cluster.Manifest;
import io.syncjobs.cluster.TestJob;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * One life of a job, at each of whose writes the operator is killed.
 *
 * @param job the job of that name
 * @param before waits until writes count, and gives what a person does then; empty where all writes count
 * @param end what must hold when it is over; empty where the job itself goes
 */
record Scenario(
        String name,
        Function<String, Manifest> job,
        Optional<Function<TestJob, Runnable>> before,
        Optional<Consumer<JobStatus>> end,
        Cost cost) {
    /**
     * What one life takes.
     *
     * @param pods how many, however often the operator is killed
     * @param writes of the operator, at least, once they count
     */
    record Cost(int pods, int writes) {}

    /** The life of a job in which nobody does anything: all writes count. */
    static Scenario of(String name, Function<String, Manifest> job, Cost cost, Consumer<JobStatus> end) {
        return new Scenario(name, job, Optional.empty(), Optional.of(end), cost);
    }

    /** One in which a person acts when the job is as far as that; writes count from then on. */
    static Scenario of(
            String name,
            Function<String, Manifest> job,
            Predicate<JobStatus> far,
            Consumer<TestJob> act,
            Cost cost,
            Consumer<JobStatus> end) {
        Function<TestJob, Runnable> before = coming -> {
            coming.await("it is so far that a person acts", far);
            return () -> act.accept(coming);
        };
        return new Scenario(name, job, Optional.of(before), Optional.of(end), cost);
    }
}
