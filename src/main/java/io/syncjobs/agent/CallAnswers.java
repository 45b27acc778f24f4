package io.syncjobs.agent;

import io.syncjobs.core.job.Step;
import io.syncjobs.core.worker.HandlerAnswer;
import io.syncjobs.core.worker.Progress;
import io.syncjobs.core.worker.Tasks;
import java.time.InstantSource;
import java.util.Optional;

/** What the answers of the handler mean for the attempts that it was called for. Guarded by the agent's lock. */
final class CallAnswers {
    private final Pulse pulse;
    private final InstantSource steady;

    CallAnswers(Pulse pulse, InstantSource steady) {
        this.pulse = pulse;
        this.steady = steady;
    }

    /** How far the attempt is after this answer to its call. */
    Progress progress(Held held, HandlerAnswer answer) {
        if (answer instanceof HandlerAnswer.NotSent notSent) {
            pulse.handlerTakesNothing(notSent.why());
            var since = held.unreachedSince.orElseGet(steady::instant);
            held.unreachedSince = Optional.of(since);
            return new Progress.Unreached(since, notSent.why());
        }
        return new Progress.Answered(outcome(held, answer));
    }

    /** The attempt has ended, whatever the answer says. If its headers and body cannot be understood, only its status counts. */
    private Step.Change outcome(Held held, HandlerAnswer answer) {
        var here = pulse.situation(0);
        // 1. The agent asks the handler to give up. 2. The handler gives up, and answers the call. 3. It answers the
        // request of step 1. The task counts as cancelled only after step 3, so this is checked here.
        var task = held.telling ? held.task.cancelled(here.steady(), false) : held.task;
        try {
            return Tasks.outcome(task, held.last, here, answer);
        } catch (RuntimeException | StackOverflowError e) {
            Story.notUnderstood(held.last, task, e);
            if (!(answer instanceof HandlerAnswer.Answered said)) throw e;
            return Tasks.outcome(task, held.last, here, said.statusOnly());
        }
    }
}
