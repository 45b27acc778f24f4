package io.syncjobs.core;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * What is known about one pod of a job; times are the API server's.
 *
 * @param made what was noted on it when it was made
 * @param node where it is; empty where it has none
 * @param othersRun another of its containers has not ended; a sidecar is none of them, its kubelet ends it with the worker
 * @param init the init container that has not succeeded, where the worker has to wait for one
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
        Optional<Unscheduled> unschedulable,
        Made made,
        String node,
        Container worker,
        boolean othersRun,
        Memory memory,
        Optional<Init> init) {

    /**
     * What the template said that it was made from.
     *
     * @param worker the container that is the worker, whatever admission has put beside it
     * @param template a fingerprint of the template; empty where none was noted
     * @param namesNode the template itself binds the pod to its node
     */
    public record Made(String worker, String template, boolean namesNode) {}

    /** Reason and text of its PodScheduled condition while that is False. */
    public record Unscheduled(String reason, String message) {}

    /**
     * Its memory.
     *
     * @param limited the worker has a limit
     * @param othersOut another container was killed for memory
     */
    public record Memory(boolean limited, boolean othersOut) {}

    /** An init container that has not succeeded, and whether it has a memory limit. */
    public record Init(String name, Container state, boolean limited) {}

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
            /** Our own reason: no scheduler has given the pod a node. */
            public static final String NO_SCHEDULER = "NoScheduler";

            /** Our own reason: the kubelet of its node has told nothing about the pod. */
            public static final String NO_KUBELET = "NoKubelet";
        }

        record Running(Instant started) implements Container {}

        /**
         * Ended.
         *
         * @param message the termination message
         */
        record Terminated(
                String container,
                int exitCode,
                String reason,
                String message,
                Optional<Instant> started,
                Optional<Instant> finished)
                implements Container {}
    }

    /** The same pod with what one of its warning events says in place of "ContainerCreating". */
    public PodView with(Container.Waiting warning) {
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
                made,
                node,
                warning,
                othersRun,
                memory,
                Optional.empty());
    }

    /** The name of the container that is the worker. */
    public String workerName() {
        return made.worker();
    }

    /** The init container that has failed, where one has. */
    Optional<Container.Terminated> failedInit() {
        return init.map(Init::state)
                .filter(Container.Terminated.class::isInstance)
                .map(Container.Terminated.class::cast);
    }

    /** True where its worker has run, or may have. */
    boolean hasBegun() {
        return !(worker instanceof Container.Waiting);
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
