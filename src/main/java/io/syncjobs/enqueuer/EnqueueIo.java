package io.syncjobs.enqueuer;

import io.syncjobs.core.index.JobEntry;
import io.syncjobs.core.index.JobIndex;
import io.syncjobs.core.index.PodEntry;
import io.syncjobs.core.index.Refusal;
import io.syncjobs.core.queue.Admission;
import io.syncjobs.core.queue.Wait;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/** The I/O of the {@link EnqueueLoop}. No call waits; each answer is given later, on the thread that the loop runs on. */
public interface EnqueueIo {
    /** The result of a write to a job. */
    sealed interface Outcome {
        /** Tells the index what became of a write that gave the job a place. Without an answer the place counts as taken. */
        default void tell(JobIndex index, JobEntry job) {
            switch (this) {
                case Written written -> index.confirm(written.now());
                case Refused refused -> index.refused(job, refused.how());
                case Unknown unknown -> index.unknown(job);
                case Withheld withheld -> index.withheld(job);
            }
        }

        /** The write was carried out; {@code now} is the job after it. */
        record Written(JobEntry now) implements Outcome {}

        /** The write was refused. */
        record Refused(Refusal how) implements Outcome {}

        /** No answer came, and the write may still be carried out. */
        record Unknown() implements Outcome {}

        /** The write was not sent, because the plan was no longer valid. */
        record Withheld() implements Outcome {}
    }

    /** All jobs and pods that take up places, as the API server has them. */
    record Places(List<JobEntry> jobs, List<PodEntry> pods) {}

    /** One object in a list: its name and version, without its content. */
    record Listed(Kind kind, String namespace, String name, String uid, long version) {}

    /** The kinds of objects that the index follows. */
    enum Kind {
        POD,
        QUEUE,
        JOB
    }

    /**
     * Asks with a dry run whether the API server accepts admissions from this process. If it does, it accepts them from nobody
     * else.
     */
    void ask(Admission admission, Consumer<Boolean> then);

    /** True if the API server has refused every such question for a minute, and still does. */
    boolean isRefused();

    /** Gives a job its place, unless {@code valid} is false just before the write. */
    void admit(Admission admission, BooleanSupplier valid, Consumer<Outcome> then);

    /** Writes to a job's status why the job waits. */
    void explain(JobEntry job, Wait why, Consumer<Outcome> then);

    /** Reads everything that takes up a place; calls {@code failed} if that is not possible. */
    void readPlaces(Consumer<Places> then, Runnable failed);

    /** Lists all objects, some at a time. At the end {@code done} is told whether all of them were listed. */
    void list(Consumer<List<Listed>> some, Consumer<Boolean> done);

    /** Reads an object and tells the index its current version, or that it does not exist. */
    void refresh(Listed object);
}
