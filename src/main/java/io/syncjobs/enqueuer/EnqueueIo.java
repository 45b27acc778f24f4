package io.syncjobs.enqueuer;

import io.syncjobs.core.index.JobEntry;
import io.syncjobs.core.index.PodEntry;
import io.syncjobs.core.index.Refusal;
import io.syncjobs.core.queue.Admission;
import io.syncjobs.core.queue.Wait;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * What the {@link EnqueueLoop} asks of the world. No call waits; each answer is given later, on the thread that the loop runs on.
 */
public interface EnqueueIo {
    /** What became of a write to a job. */
    sealed interface Outcome {
        /** Done: the job as it is then. */
        record Written(JobEntry now) implements Outcome {}

        /** Nothing came of it. */
        record Refused(Refusal how) implements Outcome {}

        /** No answer: it may still be carried out. */
        record Unknown() implements Outcome {}

        /** Not sent, since the plan was no longer valid. */
        record Withheld() implements Outcome {}
    }

    /** All that takes up a place, as the API server has it. */
    record Places(List<JobEntry> jobs, List<PodEntry> pods) {}

    /** One object in a list of all, without what is in it. */
    record Listed(Kind kind, String namespace, String name, String uid, long version) {}

    /** The kinds that the index follows. */
    enum Kind {
        POD,
        QUEUE,
        JOB
    }

    /** Asks with a dry run whether the API server takes places from this process: from then on it takes them from nobody else. */
    void ask(Admission admission, Consumer<Boolean> then);

    /** Gives a job its place, unless {@code valid} says no at the last moment. */
    void admit(Admission admission, BooleanSupplier valid, Consumer<Outcome> then);

    /** Tells a job why it waits. */
    void explain(JobEntry job, Wait why, Consumer<Outcome> then);

    /** Reads all that takes up a place; {@code failed} where that was not possible. */
    void readPlaces(Consumer<Places> then, Runnable failed);

    /** Lists all objects, some at a time; {@code done} is told at the end whether all of them were listed. */
    void list(Consumer<List<Listed>> some, Consumer<Boolean> done);

    /** Reads an object, and tells the index what there is, or that there is none. */
    void refresh(Listed object);
}
