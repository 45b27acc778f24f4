package io.syncjobs.core.job;

import static java.util.Objects.requireNonNullElse;

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
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The status of a job in a test: its fields, which a test of any room sets one by one. */
public final class GivenStatus {
    public State state;

    @Nullable
    public String reason;

    @Nullable
    public String message;

    @Nullable
    public Instant reasonTime;

    @Nullable
    public String worker;

    public int attempt;

    public int retries;

    public int workerLosses;

    public int requeues;

    @Nullable
    public Stop stop;

    @Nullable
    public Effective effective;

    @Nullable
    public LastCommand lastCommand;

    @Nullable
    public Instant enqueuedTime;

    @Nullable
    public Instant startedTime;

    @Nullable
    public Instant finishedTime;

    @Nullable
    public Instant nextAttemptTime;

    @Nullable
    public JsonNode result;

    @Nullable
    public JobError error;

    @Nullable
    public List<Attempt> history;

    @Nullable
    public List<Condition> conditions;

    GivenStatus(SyncJobStatus old) {
        state = old.state();
        reason = old.reason();
        message = old.message();
        reasonTime = old.reasonTime();
        worker = old.worker();
        attempt = requireNonNullElse(old.attempt(), 0);
        retries = requireNonNullElse(old.retries(), 0);
        workerLosses = requireNonNullElse(old.workerLosses(), 0);
        requeues = requireNonNullElse(old.requeues(), 0);
        stop = old.stop();
        effective = old.effective();
        lastCommand = old.lastCommand();
        enqueuedTime = old.enqueuedTime();
        startedTime = old.startedTime();
        finishedTime = old.finishedTime();
        nextAttemptTime = old.nextAttemptTime();
        result = old.result();
        error = old.error();
        history = old.history();
        conditions = old.conditions();
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

    private static @Nullable Integer positive(int counter) {
        return counter == 0 ? null : counter;
    }
}
