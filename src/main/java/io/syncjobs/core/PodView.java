package io.syncjobs.core;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * What is known about one pod of a job; times are the API server's.
 *
 * @param othersRun another of its containers has not ended; a sidecar is none of them, its kubelet ends it with the worker
 */
public record PodView(
        String name,
        String uid,
        String version,
        int attempt,
        Instant created,
        Optional<Deletion> deletion,
        String phase,
        String reason,
        String message,
        Optional<Disruption> disruption,
        Optional<String> unschedulable,
        String workerName,
        Container worker,
        boolean othersRun,
        Optional<Container.Terminated> failedInit) {

    /** A deletion under way: it was asked for {@code grace} before {@code deadline}. */
    public record Deletion(Instant deadline, Duration grace) {
        Instant asked() {
            return deadline.minus(grace);
        }
    }

    /** The platform ended the pod: reason and text of its DisruptionTarget condition, or of its Evicted status. */
    public record Disruption(String reason, String message, Instant since) {}

    /** State of the first container. */
    public sealed interface Container {
        record Waiting(String reason, String message) implements Container {
            /** Our own reason: no kubelet has told anything about the pod; the message says who should have done what. */
            public static final String NO_NODE = "NoNode";
        }

        record Running(Instant started) implements Container {}

        /** Ended; {@code message} is the termination message. */
        record Terminated(
                String container,
                int exitCode,
                String reason,
                String message,
                Optional<Instant> started,
                Optional<Instant> finished)
                implements Container {}
    }

    /** The same pod with what its last warning event says in place of "ContainerCreating", where it has one. */
    public PodView withWarning(String warningReason, String warning) {
        return new PodView(
                name,
                uid,
                version,
                attempt,
                created,
                deletion,
                phase,
                reason,
                message,
                disruption,
                unschedulable,
                workerName,
                new Container.Waiting(warningReason, warning),
                othersRun,
                failedInit);
    }

    /** True when no process of the worker can be running in it any more. */
    public boolean ended() {
        return worker instanceof Container.Terminated || phase.equals("Failed") || phase.equals("Succeeded");
    }

    /** When its node counts as silent: the pod should have ended, and nobody has told that it has. */
    Optional<Instant> silentAt() {
        return deletion.filter(d -> !ended()).map(d -> d.deadline().plus(Limits.NODE_SILENT));
    }

    /** When the worker ended, where that is known; else when the pod was made. */
    public Instant endTime() {
        return worker instanceof Container.Terminated end ? end.finished().orElse(created) : created;
    }
}
