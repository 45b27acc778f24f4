package io.syncjobs.core;

import io.syncjobs.api.Names;
import io.syncjobs.api.Reason;
import io.syncjobs.api.State;
import io.syncjobs.core.Command.Kind;
import io.syncjobs.core.Step.Accept;
import io.syncjobs.core.Step.Change;
import io.syncjobs.core.Step.End;
import io.syncjobs.core.Step.Forget;
import io.syncjobs.core.Step.Obey;
import io.syncjobs.core.Step.Refuse;
import io.syncjobs.core.Step.Requeue;
import io.syncjobs.core.Step.Stop;
import java.util.Optional;

/**
 * What a person's commands do. A command is taken from its annotation into {@code syncjobs.io/handling} under an id of its
 * own, takes effect in the same write that notes the id in {@code status.lastCommand}, and is then removed: a crash between
 * any two of these repeats nothing and loses nothing.
 */
final class Commands {
    private Commands() {}

    static Optional<Step> next(Observation seen) {
        var job = seen.job();
        if (Command.garbled(job))
            return Optional.of(new Refuse(Names.HANDLING, "the annotation is for SyncJobs' own use; it was removed"));
        return Command.handling(job).map(handling -> underWay(seen, handling)).or(() -> fresh(seen));
    }

    private static Step underWay(Observation seen, Command.Handling handling) {
        if (handling.id().equals(seen.status().lastCommand())) return new Forget();
        return switch (effect(seen, handling.command())) {
            case Refuse refused -> new Refuse(Names.HANDLING, refused.why());
            case Change change -> new Obey(handling.id(), change);
            case Step other -> throw new IllegalStateException("a command does not lead to " + other);
        };
    }

    /** Of several commands the strongest wins; the others are refused, one by one. */
    private static Optional<Step> fresh(Observation seen) {
        var waiting = Command.waiting(seen.job());
        if (waiting.isEmpty()) return Optional.empty();
        if (waiting.size() > 1) {
            var loser = waiting.getLast().kind();
            return Optional.of(new Refuse(
                    loser.annotation(),
                    loser.word() + " was given together with "
                            + waiting.getFirst().kind().word() + ", which wins"));
        }
        var command = waiting.getFirst();
        return Optional.of(effect(seen, command) instanceof Refuse refused ? refused : new Accept(command));
    }

    private static Step effect(Observation seen, Command command) {
        var state = seen.status().state();
        return switch (command.kind()) {
            case SET_DONE -> finish(state, State.DONE, Reason.MANUALLY_SET_DONE, "set to done by a person: ", command);
            case CANCEL ->
                state.finished()
                        ? refuse(command, "the job is " + state + "; only an unfinished job can be cancelled")
                        : finish(state, State.CANCELLED, Reason.CANCELLED_BY_USER, "cancelled by a person: ", command);
            case REQUEUE -> requeue(state, command);
        };
    }

    private static Step finish(State state, State target, Reason reason, String lead, Command command) {
        var message = Text.message(lead + command.value());
        return state.occupying()
                ? new Stop(target, reason, message, null, null)
                : new End(target, reason, message, null, null);
    }

    private static Step requeue(State state, Command command) {
        if (!state.occupying()) return new Requeue();
        if (state == State.STARTED && !command.value().equals("force")) {
            return refuse(
                    command,
                    "the job is Started; wait for its end, or end this run and start another with "
                            + Kind.REQUEUE.annotation() + "=force (what it has done so far may be done again)");
        }
        return new Stop(State.PENDING, null, "requeued by a person", null, null);
    }

    private static Refuse refuse(Command command, String why) {
        return new Refuse(command.kind().annotation(), why);
    }
}
