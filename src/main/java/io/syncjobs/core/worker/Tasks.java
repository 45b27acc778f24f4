package io.syncjobs.core.worker;

import io.syncjobs.api.State;
import io.syncjobs.api.SyncJob;
import io.syncjobs.api.SyncJobStatus;
import io.syncjobs.core.JobFields;
import io.syncjobs.core.Limits;
import io.syncjobs.core.job.Step;
import io.syncjobs.core.worker.Outcomes.GiveBack;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** The life of an attempt on a warm worker, as its agent sees it: from what is known at one moment to the next move. */
public final class Tasks {
    private Tasks() {}

    /** The next move with an attempt, also with one that is not this worker's any more. */
    public static Move next(Task task, Situation here) {
        if (!task.isStillOf(here.pod())) return leave(task, here);
        var job = task.job().orElseThrow();
        return JobFields.statusOf(job).state() == State.ENQUEUED ? enqueued(task, job, here) : started(task, job, here);
    }

    /**
     * The job may have another attempt elsewhere, which must not overlap with this call. So the slot stays taken until the
     * handler has answered.
     */
    private static Move leave(Task task, Situation here) {
        var why = task.job()
                .map(JobFields::statusOf)
                .map(now -> "the job is " + now.state() + " now, attempt " + now.attempt())
                .orElse("the job was deleted");
        return task.progress() instanceof Progress.Calling
                ? cancelled(task, here, new Move.Leave(why))
                : new Move.Leave(why);
    }

    private static Move enqueued(Task task, SyncJob job, Situation here) {
        if (JobFields.statusOf(job).stop() != null) return new Move.Write(new Step.FinishStop());
        if (here.draining()) return giveBack(task, here, GiveBack.NOT_BEGUN, "", here.now());
        if (!here.mayWork() || job.isMarkedForDeletion()) return Move.Wait.FOR_NEWS;
        if (!here.handlerReady()) return notReady(task, here, task.since(), "");
        if (here.freeSlots() <= 0 && !task.progress().takesSlot()) return Move.Wait.FOR_NEWS;
        return new Move.Write(new Step.Start(
                time(task, here).truncatedTo(ChronoUnit.MILLIS), here.handler().container()));
    }

    /**
     * The time now. By the clock of a node that is behind the operator's, an attempt would begin before it was given to the worker, its
     * deadline would be over at once, and so would be each wait. So the time counts from when it was given.
     */
    public static Instant time(Task task, Situation here) {
        var now = here.now();
        var status = task.job().map(JobFields::statusOf);
        var given = status.map(SyncJobStatus::enqueuedTime).orElse(now);
        var began = status.map(SyncJobStatus::startedTime).orElse(given);
        var time = now.isBefore(given) ? given.plus(Duration.between(task.since(), here.steady())) : now;
        return time.isBefore(began) ? began : time;
    }

    private static Move started(Task task, SyncJob job, Situation here) {
        var stop = JobFields.statusOf(job).stop() != null;
        return switch (task.progress()) {
            case Progress.Answered answered -> new Move.Write(stop ? new Step.FinishStop() : answered.outcome());
            case Progress.Calling calling when stop -> cancelled(task, here, new Move.Write(new Step.FinishStop()));
            case Progress.Calling calling when here.drained() -> givenUp(task, here);
            // The operator may soon take this worker for dead and give the job to another one.
            case Progress.Calling calling
            when !here.mayWork() && task.cancelled().isEmpty() -> new Move.Cancel(false);
            case Progress.Calling calling -> here.drain().map(Move.Wait::until).orElse(Move.Wait.FOR_NEWS);
            case Progress.Foreign foreign -> foreign(task, here, stop);
            case Progress.Waiting waiting -> handOver(task, here, stop, task.since(), "");
            case Progress.Taken taken -> handOver(task, here, stop, task.since(), "");
            case Progress.Unreached unreached -> handOver(task, here, stop, unreached.since(), unreached.why());
        };
    }

    /** The handler may still be working on it, so it is asked to stop. The answer was lost with the agent that waited for it. */
    private static Move foreign(Task task, Situation here, boolean stop) {
        if (task.cancelled().isEmpty()) return new Move.Cancel(true);
        return stop
                ? new Move.Write(new Step.FinishStop())
                : giveBack(task, here, GiveBack.AGENT_RESTARTED, "", here.now());
    }

    /** Only this agent has the job, and the handler has not been called. */
    private static Move handOver(Task task, Situation here, boolean stop, Instant since, String why) {
        if (stop) return new Move.Write(new Step.FinishStop());
        if (here.draining()) return giveBack(task, here, GiveBack.NOT_BEGUN, "", here.now());
        if (!here.mayWork()) return Move.Wait.FOR_NEWS;
        return here.handlerReady() ? new Move.Call() : notReady(task, here, since, why);
    }

    private static Move notReady(Task task, Situation here, Instant since, String why) {
        var patience = since.plus(Limits.HANDLER_PATIENCE);
        return here.steady().isBefore(patience)
                ? Move.Wait.until(patience)
                : giveBack(task, here, GiveBack.NOT_READY, why, here.now());
    }

    /**
     * After it was asked to give up, the handler has as long as any run that is being ended. That it was asked before, when the
     * worker was cut off for a while, does not count.
     */
    private static Move cancelled(Task task, Situation here, Move then) {
        var asked = task.cancelled().filter(Task.Cancelled::end);
        if (asked.isEmpty()) return new Move.Cancel(true);
        var patience = asked.get().since().plus(here.deadAfter());
        return here.steady().isBefore(patience) ? Move.Wait.until(patience) : then;
    }

    /** The time for calls is over. The job waits until this worker has certainly ended. */
    private static Move givenUp(Task task, Situation here) {
        return task.cancelled().isEmpty()
                ? new Move.Cancel(false)
                : giveBack(task, here, drained(task), "", here.gone());
    }

    private static GiveBack drained(Task task) {
        return task.suspect() ? GiveBack.DRAINING_AGAIN : GiveBack.DRAINING;
    }

    /** True if {@code change} gives the job back because the worker is shut down while its handler works on the job. */
    public static boolean isInterrupted(Task task, Step.Change change, Situation here) {
        var begun = task.progress() instanceof Progress.Calling || task.progress() instanceof Progress.Answered;
        return here.draining() && begun && change instanceof Step.RecordLoss;
    }

    private static Move giveBack(Task task, Situation here, GiveBack why, String detail, Instant notBefore) {
        var job = task.job().orElseThrow();
        var now = time(task, here);
        var wait = Duration.between(here.now(), notBefore);
        return new Move.Write(Outcomes.giveBack(job, here.handler(), why, detail, now.plus(wait), now));
    }

    /**
     * What an answer means. If the handler was asked to give up the call, only a success counts: any failure may be a result of
     * giving up. A handler without a cancelPath does not know that the worker would give up the call.
     */
    public static Step.Change outcome(Task task, SyncJob job, Situation here, HandlerAnswer answer) {
        var handler = here.handler();
        var now = time(task, here);
        var asked = task.cancelled().isPresent() && handler.cancelPath().isPresent();
        if (Outcomes.isSuccess(answer)) return Outcomes.of(job, handler, answer, now);
        if (here.draining() && (asked || answer instanceof HandlerAnswer.Broken))
            return Outcomes.giveBack(job, handler, drained(task), "", now, now);
        if (asked) return Outcomes.giveBack(job, handler, GiveBack.CUT_OFF, "", now, now);
        return Outcomes.of(job, handler, answer, now);
    }
}
