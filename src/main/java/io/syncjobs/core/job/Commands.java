package io.syncjobs.core.job;

import io.syncjobs.api.Names;
import io.syncjobs.api.Reason;
import io.syncjobs.api.State;
import io.syncjobs.core.Limits;
import io.syncjobs.core.Text;
import io.syncjobs.core.job.Command.Kind;
import io.syncjobs.core.job.Step.ApplyCommand;
import io.syncjobs.core.job.Step.Change;
import io.syncjobs.core.job.Step.ClaimCommand;
import io.syncjobs.core.job.Step.ClearCommand;
import io.syncjobs.core.job.Step.End;
import io.syncjobs.core.job.Step.Refuse;
import io.syncjobs.core.job.Step.Requeue;
import io.syncjobs.core.job.Step.Stop;
import java.util.Optional;

/**
 * What a person's commands do. A command takes three writes, and a crash between two of them neither repeats nor loses its
 * effect:
 * 1. The command moves from its annotation to {@code syncjobs.io/handling} and gets an id.
 * 2. One status write carries its effect and notes the id in {@code status.lastCommand}.
 * 3. {@code syncjobs.io/handling} is removed.
 */
final class Commands {
    /** The values of a requeue command. */
    private static final String NOW = "now";

    private static final String AGAIN = "again";
    private static final String FORCE = "force";

    private Commands() {}

    static Optional<Step> next(Observation seen) {
        var job = seen.job();
        if (Command.garbled(job))
            return Optional.of(new Refuse(Names.HANDLING, "the annotation is for SyncJobs' own use; it was removed"));
        return Command.handling(job).map(handling -> underWay(seen, handling)).or(() -> fresh(seen));
    }

    private static Step underWay(Observation seen, Command.Handling handling) {
        var last = seen.status().lastCommand();
        if (last != null && handling.id().equals(last.id())) return new ClearCommand();
        return switch (effect(seen, handling.command())) {
            case Refuse refused -> new Refuse(Names.HANDLING, refused.why());
            case Change change -> new ApplyCommand(handling, change);
            case Step other -> throw new IllegalStateException("a command does not lead to " + other);
        };
    }

    /** If several commands wait, the first one wins, and the others are refused one by one. */
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
        return Optional.of(effect(seen, command) instanceof Refuse refused ? refused : new ClaimCommand(command));
    }

    /**
     * The API server has refused most of these already. But the job's state may have changed since, or not have reached it yet.
     */
    private static Step effect(Observation seen, Command command) {
        var state = seen.status().state();
        return switch (command.kind()) {
            case SET_DONE ->
                unexplained(command)
                        .orElseGet(
                                () -> finish(state, State.DONE, Reason.MANUALLY_SET_DONE, "set to done by ", command));
            case CANCEL ->
                unexplained(command)
                        .orElseGet(() -> state.finished()
                                ? refuse(command, "the job is " + state + "; only an unfinished job can be cancelled")
                                : finish(state, State.CANCELLED, Reason.CANCELLED_BY_USER, "cancelled by ", command));
            case REQUEUE -> requeue(state, command);
        };
    }

    /** A command needs an explanation, which is kept. Somebody who writes false does not mean the command. */
    private static Optional<Step> unexplained(Command command) {
        var value = command.value().strip();
        if (!value.isEmpty() && !value.equalsIgnoreCase("false")) return Optional.empty();
        return Optional.of(refuse(
                command,
                command.kind().annotation() + "=\"" + value + "\" explains nothing; say why, for example "
                        + command.kind().annotation() + "=\"exported by hand\""));
    }

    private static Step finish(State state, State target, Reason reason, String lead, Command command) {
        var message = Text.message(lead + who(command) + ": " + command.value());
        return state.occupying()
                ? new Stop(target, reason, message, null, null)
                : new End(target, reason, message, null, null);
    }

    private static Step requeue(State state, Command command) {
        var annotation = Kind.REQUEUE.annotation();
        return switch (command.value()) {
            case NOW, AGAIN, FORCE -> {
                if (state == State.DONE && !command.value().equals(AGAIN)) {
                    yield refuse(
                            command,
                            "the job is Done, and " + annotation + "=" + command.value()
                                    + " does not run finished work again; if it is to be done once more: " + annotation
                                    + "=again");
                }
                if (state == State.STARTED && !command.value().equals(FORCE)) {
                    yield refuse(
                            command,
                            "the job is Started; wait for its end, or end this run and start another with " + annotation
                                    + "=force (what it has done so far may be done again)");
                }
                yield state.occupying()
                        ? new Stop(State.PENDING, null, "requeued by " + who(command), null, null)
                        : new Requeue();
            }
            default ->
                refuse(
                        command,
                        annotation + "=\"" + Text.cut(command.value(), 64)
                                + "\" is no command; the words are now, again (also a Done job) and force (ends a run first)");
        };
    }

    private static String who(Command command) {
        return command.by() == null ? "a person" : Text.cut(command.by(), Limits.USER_CHARS);
    }

    private static Refuse refuse(Command command, String why) {
        return new Refuse(command.kind().annotation(), why);
    }
}
