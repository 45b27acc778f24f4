package io.syncjobs.simulation;

import static io.syncjobs.simulation.Judge.hold;

import io.syncjobs.api.Names;
import io.syncjobs.api.State;
import io.syncjobs.api.SyncJob;
import io.syncjobs.api.SyncJobStatus;
import io.syncjobs.core.JobFields;
import io.syncjobs.core.job.Command;
import io.syncjobs.core.job.Command.Kind;
import io.syncjobs.core.job.Step;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Follows each command that a person gave: it takes effect once, or is refused for a reason; none vanishes. */
final class CommandJudge {
    private final World world;
    private final Set<String> ids = new HashSet<>();
    private final Set<String> obeyed = new HashSet<>();

    /** The jobs whose commands a policy did not let be taken: such a command is refused with an event. */
    private final Set<String> denied = new HashSet<>();

    CommandJudge(World world) {
        this.world = world;
    }

    /** A policy has denied a change of the job's annotations. */
    void denied(SyncJob job) {
        denied.add(SimCaches.uid(job));
    }

    /** A process has changed the annotations. */
    void annotated(SyncJob was, SyncJob is) {
        var step = step(was, is);
        for (var kind : Kind.values()) {
            if (annotation(was, kind.annotation()).isPresent()
                    && annotation(is, kind.annotation()).isEmpty()) taken(was, is, kind, step);
        }
        var before = annotation(was, Names.HANDLING);
        var after = annotation(is, Names.HANDLING);
        if (before.equals(after)) return;
        if (before.isEmpty()) {
            var id = Command.handling(is).orElseThrow().id();
            hold(is, step instanceof Step.ClaimCommand && ids.add(id), "a command came from nowhere: " + step);
            return;
        }
        hold(is, after.isEmpty(), "a command was pushed aside");
        var command = Command.handling(was).orElseThrow();
        if (command.id().equals(id(JobFields.statusOf(was)))) return;
        hold(is, step instanceof Step.Refuse, "a command vanished: " + before);
        refused(was, command.command());
    }

    /** What a process means with it. */
    private static Step step(SyncJob was, SyncJob is) {
        var before = Command.handling(was);
        var after = Command.handling(is);
        if (before.isEmpty() && after.isPresent())
            return new Step.ClaimCommand(after.get().command());
        var gone = Stream.concat(
                        Stream.of(Names.HANDLING), Stream.of(Kind.values()).map(Kind::annotation))
                .filter(name -> annotation(was, name).isPresent()
                        && annotation(is, name).isEmpty())
                .toList();
        if (gone.size() != 1) return new Step.Wait(Optional.empty());
        return new Step.Refuse(gone.getFirst(), "");
    }

    private void taken(SyncJob was, SyncJob is, Kind kind, Step step) {
        var command = new Command(
                kind,
                annotation(was, kind.annotation()).orElseThrow(),
                annotation(was, Names.BY).orElseThrow());
        hold(
                is,
                Command.waiting(is).isEmpty() == annotation(is, Names.BY).isEmpty(),
                "whose commands wait is noted as long as they do");
        switch (step) {
            case Step.ClaimCommand accept ->
                hold(
                        is,
                        accept.command().equals(command)
                                && Command.handling(is)
                                        .filter(h -> h.command().equals(command))
                                        .isPresent(),
                        kind + " vanished when it was taken");
            case Step.Refuse refuse
            when refuse.annotation().equals(kind.annotation()) -> {
                var rivals = Command.waiting(was);
                if (rivals.size() == 1) refused(was, command);
                else hold(is, rivals.getFirst().kind() != kind, "the strongest command was refused: " + kind);
            }
            case Step other -> hold(is, false, kind + " vanished: " + other);
        }
    }

    private void refused(SyncJob job, Command command) {
        world.count("commands refused");
        var state = JobFields.statusOf(job).state();
        var mayBe = isToRefuse(state, command) || denied.contains(SimCaches.uid(job));
        hold(job, mayBe, command.kind() + " was refused in state " + state);
    }

    private static boolean isToRefuse(State state, Command command) {
        return switch (command.kind()) {
            case SET_DONE -> false;
            case CANCEL -> state.finished();
            case REQUEUE ->
                switch (command.value()) {
                    case "now" -> state == State.DONE || state == State.STARTED;
                    case "again" -> state == State.STARTED;
                    case "force" -> state == State.DONE;
                    default -> true;
                };
        };
    }

    /** The status has changed, and maybe a command has taken effect. */
    void written(SyncJob was, SyncJob is) {
        var before = JobFields.statusOf(was);
        var after = JobFields.statusOf(is);
        if (Objects.equals(before.lastCommand(), after.lastCommand())) {
            hold(is, Objects.equals(before.requeues(), after.requeues()), "requeued without a command");
            return;
        }
        var command = Command.handling(was);
        hold(is, command.filter(c -> c.id().equals(id(after))).isPresent(), "obeys a command that is not there");
        hold(is, obeyed.add(command.orElseThrow().id()), "obeys a command twice");
        hold(
                is,
                !isToRefuse(before.state(), command.orElseThrow().command()),
                "obeys what it should refuse: " + command);
        hold(
                is,
                Objects.equals(
                        command.orElseThrow().command().by(),
                        Objects.requireNonNull(after.lastCommand()).by()),
                "a command is said to be another's");
        var kind = command.orElseThrow().command().kind();
        world.count("commands " + kind);
        hold(is, target(after) == target(kind), kind + " has led to " + after.state());
        var requeues = Judge.number(after.requeues()) - Judge.number(before.requeues());
        var anew = kind == Kind.REQUEUE && before.state() != State.PENDING;
        hold(is, requeues == (anew ? 1 : 0), "requeues grew by " + requeues + " with " + kind);
    }

    private static @Nullable String id(SyncJobStatus status) {
        return status.lastCommand() == null ? null : status.lastCommand().id();
    }

    private static State target(SyncJobStatus status) {
        return status.stop() == null ? status.state() : status.stop().target();
    }

    private static State target(Kind kind) {
        return switch (kind) {
            case SET_DONE -> State.DONE;
            case CANCEL -> State.CANCELLED;
            case REQUEUE -> State.PENDING;
        };
    }

    private static Optional<String> annotation(SyncJob job, String name) {
        return Optional.ofNullable(
                Objects.requireNonNullElse(job.getMetadata().getAnnotations(), Map.<String, String>of())
                        .get(name));
    }
}
