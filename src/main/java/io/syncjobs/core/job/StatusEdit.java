package io.syncjobs.core.job;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.api.model.Condition;
import io.syncjobs.api.State;
import io.syncjobs.api.SyncJobStatus;
import io.syncjobs.api.SyncJobStatus.Attempt;
import io.syncjobs.api.SyncJobStatus.Effective;
import io.syncjobs.api.SyncJobStatus.JobError;
import io.syncjobs.api.SyncJobStatus.LastCommand;
import io.syncjobs.api.SyncJobStatus.Stop;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A status that is being changed: the fields of {@link SyncJobStatus}, which are set one by one. */
final class StatusEdit {
    State state;

    @Nullable
    String reason;

    @Nullable
    String message;

    @Nullable
    Instant reasonTime;

    @Nullable
    String worker;

    int attempt;
    int retries;
    int workerLosses;
    int requeues;

    @Nullable
    Stop stop;

    @Nullable
    Effective effective;

    @Nullable
    LastCommand lastCommand;

    @Nullable
    Instant enqueuedTime;

    @Nullable
    Instant startedTime;

    @Nullable
    Instant finishedTime;

    @Nullable
    Instant nextAttemptTime;

    @Nullable
    JsonNode result;

    @Nullable
    JobError error;

    @Nullable
    List<Attempt> history;

    @Nullable
    List<Condition> conditions;

    StatusEdit(SyncJobStatus old) {
        state = old.state();
        reason = old.reason();
        message = old.message();
        reasonTime = old.reasonTime();
        worker = old.worker();
        attempt = Objects.requireNonNullElse(old.attempt(), 0);
        retries = Objects.requireNonNullElse(old.retries(), 0);
        workerLosses = Objects.requireNonNullElse(old.workerLosses(), 0);
        requeues = Objects.requireNonNullElse(old.requeues(), 0);
        stop = old.stop();
        effective = old.effective();
        // An old status may hold the command's id alone, which is not an object and cannot be written. The id was
        // needed only until its command was removed, and that happens first.
        lastCommand = old.lastCommand() == null || old.lastCommand().isIdAlone() ? null : old.lastCommand();
        enqueuedTime = old.enqueuedTime();
        startedTime = old.startedTime();
        finishedTime = old.finishedTime();
        nextAttemptTime = old.nextAttemptTime();
        result = old.result();
        error = old.error();
        history = old.history();
        conditions = old.conditions();
    }

    /** Notes in the history of the last attempt which command came after it or ended it, and who gave the command. */
    void noteCommandOnLastAttempt() {
        if (history == null || history.isEmpty() || lastCommand == null) return;
        var last = history.getLast();
        var word = lastCommand.command()
                + (Command.Kind.REQUEUE.word().equals(lastCommand.command()) ? "=" + lastCommand.value() : "");
        var noted = new Attempt(
                last.attempt(),
                last.worker(),
                last.startedTime(),
                last.finishedTime(),
                last.outcome(),
                last.reason(),
                last.message(),
                word,
                lastCommand.by());
        var all = new ArrayList<>(history.subList(0, history.size() - 1));
        all.add(noted);
        history = List.copyOf(all);
    }

    SyncJobStatus build() {
        return new SyncJobStatus(
                state,
                reason,
                message,
                reasonTime,
                worker,
                positive(attempt),
                positive(retries),
                positive(workerLosses),
                positive(requeues),
                stop,
                effective,
                lastCommand,
                enqueuedTime,
                startedTime,
                finishedTime,
                nextAttemptTime,
                result,
                error,
                history,
                conditions);
    }

    /** A counter that is zero is left out of the object. */
    private static @Nullable Integer positive(int counter) {
        return counter == 0 ? null : counter;
    }
}
