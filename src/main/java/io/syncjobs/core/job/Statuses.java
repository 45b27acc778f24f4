package io.syncjobs.core.job;

import io.fabric8.kubernetes.api.model.Condition;
import io.syncjobs.api.Reason;
import io.syncjobs.api.State;
import io.syncjobs.api.SyncJob;
import io.syncjobs.api.SyncJobStatus;
import io.syncjobs.api.SyncJobStatus.Attempt;
import io.syncjobs.api.SyncJobStatus.JobError;
import io.syncjobs.api.SyncJobStatus.LastCommand;
import io.syncjobs.api.SyncJobStatus.Stop;
import io.syncjobs.core.Conditions;
import io.syncjobs.core.JobFields;
import io.syncjobs.core.Limits;
import io.syncjobs.core.Text;
import io.syncjobs.core.job.Step.Change;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The status after a step: a pure function of the old status, the step and the time. */
public final class Statuses {
    /** The outcome of an attempt that was lost with its worker. */
    static final String LOST = "Lost";

    private Statuses() {}

    /** The effect of a command, with the command's id and its user. */
    public static SyncJobStatus after(SyncJob job, Step.ApplyCommand applied, Instant moment) {
        var now = moment.truncatedTo(ChronoUnit.MILLIS);
        var edit = edit(job, applied.effect(), now);
        edit.lastCommand = noted(applied.handling(), now);
        if (!(applied.effect() instanceof Step.Stop)) edit.noteCommandOnLastAttempt();
        var byPerson = applied.effect() instanceof Step.Requeue
                || (applied.effect() instanceof Step.Stop stop && stop.target() == State.PENDING);
        if (byPerson) freshCounters(edit);
        // A waiting job has done nothing that could be repeated, so it keeps its idempotency key.
        if (byPerson && JobFields.statusOf(job).state() != State.PENDING) edit.requeues++;
        return edit.build();
    }

    private static LastCommand noted(Command.Handling handling, Instant now) {
        var command = handling.command();
        var by = command.by() == null ? null : Text.cut(command.by(), Limits.USER_CHARS);
        return new LastCommand(handling.id(), command.kind().word(), Text.message(command.value()), by, now);
    }

    /** The status of {@code job} after {@code change}. */
    public static SyncJobStatus after(SyncJob job, Change change, Instant moment) {
        return edit(job, change, moment.truncatedTo(ChronoUnit.MILLIS)).build();
    }

    /** The status of {@code job} without the trace of its error, which may be large. */
    public static SyncJobStatus withoutTrace(SyncJob job) {
        var status = JobFields.statusOf(job);
        var error = status.error();
        if (error == null || error.trace() == null) return status;
        var edit = new StatusEdit(status);
        edit.error = new JobError(error.type(), error.message(), null, error.resolution(), error.exitCode());
        return edit.build();
    }

    private static StatusEdit edit(SyncJob job, Change change, Instant now) {
        var edit = new StatusEdit(JobFields.statusOf(job));
        switch (change) {
            case Step.Enqueue enqueue -> enqueue(edit, enqueue.effective(), now);
            case Step.Reserve reserve -> reserve(edit, reserve, now);
            case Step.Explain explain -> explain(edit, explain.reason().toString(), explain.message(), now);
            case Step.Start start -> start(job, edit, start);
            case Step.End end -> end(job, edit, end, now);
            case Step.Retry retry -> retry(edit, retry, now);
            case Step.RecordLoss lose -> lose(edit, lose, now);
            case Step.Stop stop -> stop(edit, stop, now);
            case Step.FinishStop stopped -> stopped(job, edit, now);
            case Step.Requeue requeue -> requeue(job, edit, now);
        }
        return edit;
    }

    private static void enqueue(StatusEdit edit, SyncJobStatus.Effective effective, Instant now) {
        edit.state = State.ENQUEUED;
        edit.effective = effective;
        edit.enqueuedTime = now;
        edit.startedTime = null;
        edit.nextAttemptTime = null;
        explain(edit, null, null, null);
    }

    private static void reserve(StatusEdit edit, Step.Reserve reserve, Instant now) {
        if (edit.state == State.PENDING) enqueue(edit, reserve.effective(), now);
        // The operator that the job has waited for is here now.
        if (Reason.OPERATOR_NOT_RUNNING.toString().equals(edit.reason)) explain(edit, null, null, null);
        edit.attempt = reserve.attempt();
        edit.worker = reserve.worker();
    }

    private static void start(SyncJob job, StatusEdit edit, Step.Start start) {
        edit.state = State.STARTED;
        edit.startedTime = start.at();
        var logs = "its log: kubectl logs -n " + job.getMetadata().getNamespace() + " " + edit.worker + " -c "
                + start.container();
        explain(edit, null, logs, null);
    }

    private static void end(SyncJob job, StatusEdit edit, Step.End end, Instant now) {
        if (edit.startedTime == null) edit.startedTime = end.started();
        // A person may end a job that has no run. Then there is no attempt to record.
        if (edit.state.occupying() && edit.worker != null) {
            record(edit, end.state().toString(), end.reason(), end.message(), now);
        }
        if (end.reason() == Reason.WORKER_LOST) edit.workerLosses++;
        edit.state = end.state();
        edit.finishedTime = now;
        edit.nextAttemptTime = null;
        edit.stop = null;
        edit.result = end.result();
        if (end.error() != null || end.reason() == Reason.COMPLETED) edit.error = end.error();
        explain(edit, end.reason().toString(), end.message(), now);
        edit.conditions =
                conditions(job, edit.conditions, end.state(), end.reason().toString(), end.message(), now);
    }

    private static void retry(StatusEdit edit, Step.Retry retry, Instant now) {
        if (edit.startedTime == null) edit.startedTime = retry.started();
        record(edit, "Retried", Reason.RETRY_BACKOFF, retry.message(), now);
        edit.error = retry.error();
        waitForRetry(edit, retry.notBefore());
        explain(edit, Reason.RETRY_BACKOFF.toString(), retryText(edit, retry.message()), now);
    }

    private static void waitForRetry(StatusEdit edit, Instant notBefore) {
        edit.retries++;
        toPending(edit);
        edit.nextAttemptTime = notBefore.truncatedTo(ChronoUnit.MILLIS);
    }

    private static String retryText(StatusEdit edit, String failure) {
        return Text.message(
                "retry " + edit.retries + " not before " + edit.nextAttemptTime + "; the failure: " + failure);
    }

    private static void lose(StatusEdit edit, Step.RecordLoss lose, Instant now) {
        record(edit, LOST, lose.reason(), lose.message(), now);
        if (!lose.planned()) edit.workerLosses++;
        toPending(edit);
        // Its turn had come already, whatever its eta says.
        edit.nextAttemptTime = lose.notBefore().truncatedTo(ChronoUnit.MILLIS);
        explain(edit, lose.reason().toString(), lose.message(), now);
    }

    private static void stop(StatusEdit edit, Step.Stop stop, Instant now) {
        var reason = stop.reason() == null ? null : stop.reason().toString();
        edit.stop = new Stop(stop.target(), reason, stop.message(), now);
        if (stop.error() != null) edit.error = stop.error();
        edit.nextAttemptTime =
                stop.notBefore() == null ? null : stop.notBefore().truncatedTo(ChronoUnit.MILLIS);
        var then = reason == null ? stop.target().toString() : stop.target() + " (" + reason + ")";
        explain(
                edit,
                Reason.STOPPING.toString(),
                Text.message("its run is being ended, then the job becomes " + then + ": " + stop.message()),
                now);
    }

    private static void stopped(SyncJob job, StatusEdit edit, Instant now) {
        var stop = Objects.requireNonNull(edit.stop, "only a job with a stop can be stopped");
        var message = Objects.requireNonNullElse(stop.message(), "");
        if (edit.worker != null) {
            recordText(edit, "Stopped", stop.reason(), message, now);
            // A command and the stop that it causes are written together, so they have the same time.
            if (edit.lastCommand != null && stop.time().equals(edit.lastCommand.time()))
                edit.noteCommandOnLastAttempt();
        }
        edit.stop = null;
        if (stop.target() == State.PENDING) {
            var notBefore = edit.nextAttemptTime;
            if (notBefore == null) {
                toPending(edit);
                edit.nextAttemptTime = now;
                explain(edit, null, null, null);
            } else {
                waitForRetry(edit, notBefore);
                explain(edit, stop.reason(), retryText(edit, message), now);
            }
            return;
        }
        edit.state = stop.target();
        edit.finishedTime = now;
        edit.nextAttemptTime = null;
        explain(edit, stop.reason(), message, now);
        edit.conditions = conditions(
                job,
                edit.conditions,
                stop.target(),
                Objects.requireNonNullElse(stop.reason(), "Stopped"),
                message,
                now);
    }

    private static void requeue(SyncJob job, StatusEdit edit, Instant now) {
        // A requeue does not change what a due job waits for, so its reason stays.
        var changesNothing = edit.state == State.PENDING
                && DueTimes.of(job).filter(now::isBefore).isEmpty();
        toPending(edit);
        // The job is due now, whatever its eta or back-off says: nextAttemptTime replaces spec.eta where it is set.
        edit.nextAttemptTime = now;
        edit.conditions = null;
        edit.finishedTime = null;
        edit.result = null;
        if (!changesNothing) explain(edit, null, null, null);
    }

    private static void freshCounters(StatusEdit edit) {
        edit.retries = 0;
        edit.workerLosses = 0;
    }

    private static void toPending(StatusEdit edit) {
        edit.state = State.PENDING;
        edit.worker = null;
        edit.startedTime = null;
        edit.enqueuedTime = null;
        edit.nextAttemptTime = null;
    }

    private static void explain(
            StatusEdit edit, @Nullable String reason, @Nullable String message, @Nullable Instant now) {
        edit.reason = reason;
        edit.message = message;
        edit.reasonTime = now;
    }

    private static void record(StatusEdit edit, String outcome, Reason reason, String message, Instant now) {
        recordText(edit, outcome, reason.toString(), message, now);
    }

    private static void recordText(
            StatusEdit edit, String outcome, @Nullable String reason, String message, Instant now) {
        var history = new ArrayList<>(Objects.requireNonNullElse(edit.history, List.<Attempt>of()));
        var told = Text.cut(message, Limits.HISTORY_MESSAGE_CHARS);
        history.add(new Attempt(edit.attempt, edit.worker, edit.startedTime, now, outcome, reason, told, null, null));
        edit.history = List.copyOf(history.subList(Math.max(0, history.size() - Limits.HISTORY), history.size()));
    }

    /**
     * The conditions for kubectl wait: Complete for Done, Failed for Failed, Finished for any end. A condition that does not hold
     * any more becomes False.
     */
    private static @Nullable List<Condition> conditions(
            SyncJob job, @Nullable List<Condition> old, State state, String reason, String message, Instant now) {
        var result = new ArrayList<Condition>();
        for (var type : List.of("Complete", "Failed", "Finished")) {
            var holds = switch (type) {
                case "Complete" -> state == State.DONE;
                case "Failed" -> state == State.FAILED;
                default -> true;
            };
            if (!holds && Conditions.find(old, type).isEmpty()) continue;
            result.add(Conditions.of(job, old, type, holds, reason, message, now));
        }
        return result.isEmpty() ? null : result;
    }
}
