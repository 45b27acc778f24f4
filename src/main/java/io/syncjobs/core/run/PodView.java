package io.syncjobs.core.run;

import io.syncjobs.core.Limits;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What is known about one pod of a job. All times are the API server's.
 *
 * @param made what was noted on the pod when it was created
 * @param node the pod's node; empty if it has none
 * @param othersRun true if another container has not ended; sidecars do not count, because the kubelet ends them after the worker
 * @param watched true if the kubelet ends the worker by itself where a probe or a hook of its container fails
 * @param tornDown true if the kubelet has removed the sandbox of the pod
 * @param emptied true if the kubelet began the status of the pod anew after the worker had begun, because it did not take it again
 * @param init the init container that has not succeeded and that the worker waits for
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
        boolean watched,
        boolean tornDown,
        boolean emptied,
        Optional<Init> init) {

    /** The reason in the status of a pod that ran longer than its activeDeadlineSeconds. */
    public static final String OVER_TIME = "DeadlineExceeded";

    /** The exit code of a container whose process was killed. */
    private static final int SIGKILL = 137;

    /**
     * What was noted when the pod was created.
     *
     * @param worker the name of the worker's container, whatever containers admission has added
     * @param template a fingerprint of the template; empty if none was noted
     * @param namesNode true if the template itself binds the pod to a node
     */
    public record Made(String worker, String template, boolean namesNode) {}

    /**
     * Reason and message of the pod's PodScheduled condition while that is False.
     *
     * @param gateAdded true if the template has no scheduling gate, so admission has added any that the pod has
     */
    public record Unscheduled(String reason, String message, boolean gateAdded) {}

    /**
     * The pod's memory.
     *
     * @param limited true if the worker has a memory limit
     * @param othersOut true if another container was killed for memory
     */
    public record Memory(boolean limited, boolean othersOut) {}

    /**
     * An init container that has not succeeded.
     *
     * @param limited true if it has a memory limit
     * @param added true if it is not the template's, so admission has added it
     */
    public record Init(String name, Container state, boolean limited, boolean added) {}

    /** A deletion in progress; it was requested {@code grace} before {@code deadline}. */
    public record Deletion(Instant deadline, Duration grace) {
        /** When the deletion was requested. */
        public Instant asked() {
            return deadline.minus(grace);
        }
    }

    /** The platform ended the pod. Reason and message come from such a condition of the pod or from its Evicted status. */
    public record Disruption(String reason, String message, Instant since) {}

    /** The state of a container. */
    public sealed interface Container {
        record Waiting(String reason, String message) implements Container {
            /** Our own reason: the scheduler has not given the pod a node. */
            public static final String NO_SCHEDULER = "NoScheduler";

            /** Our own reason: the kubelet of the pod's node has reported nothing about the pod. */
            public static final String NO_KUBELET = "NoKubelet";
        }

        record Running(Instant started) implements Container {}

        /**
         * The container has ended.
         *
         * @param message the termination message
         * @param messageOrLog the termination message or the end of the log, if only the log can tell which of them it is
         */
        record Terminated(
                String container,
                int exitCode,
                String reason,
                String message,
                String messageOrLog,
                Optional<Instant> started,
                Optional<Instant> finished)
                implements Container {
            /** An end whose message is sure. */
            public Terminated(
                    String container,
                    int exitCode,
                    String reason,
                    String message,
                    Optional<Instant> started,
                    Optional<Instant> finished) {
                this(container, exitCode, reason, message, "", started, finished);
            }
        }
    }

    /** The same pod, whose worker waits, in place of the reason "ContainerCreating". */
    public PodView with(Container.Waiting reason) {
        return with(reason, Optional.empty());
    }

    /** The same pod, with an event in place of the state of the container that it is about. */
    public PodView with(PodEvent event) {
        var awaited = init.filter(one -> one.name().equals(event.container()))
                .map(one -> new Init(one.name(), event.asWaiting(), one.limited(), one.added()));
        return awaited.isPresent() ? with(worker, awaited) : with(event.asWaiting());
    }

    private PodView with(Container state, Optional<Init> awaited) {
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
                state,
                othersRun,
                memory,
                watched,
                tornDown,
                emptied,
                awaited);
    }

    /** The name of the worker's container. */
    public String workerName() {
        return made.worker();
    }

    /** What the container of this name has left as its message or its log; empty if it has not ended, or is known to have told it. */
    public String messageOrLog(String container) {
        return Stream.concat(Stream.of(worker), init.stream().map(Init::state))
                .filter(Container.Terminated.class::isInstance)
                .map(Container.Terminated.class::cast)
                .filter(end -> end.container().equals(container))
                .findFirst()
                .map(Container.Terminated::messageOrLog)
                .orElse("");
    }

    /** The init container that has failed, if any. */
    public Optional<Container.Terminated> failedInit() {
        return init.map(Init::state)
                .filter(Container.Terminated.class::isInstance)
                .map(Container.Terminated.class::cast);
    }

    /** True if the worker has run or may have run. */
    public boolean hasBegun() {
        return !(worker instanceof Container.Waiting);
    }

    /** True if the pod as a whole has ended. */
    public boolean isOver() {
        return phase.equals("Failed") || phase.equals("Succeeded");
    }

    /** True if no process of the worker can be running any more. */
    public boolean ended() {
        return worker instanceof Container.Terminated || isOver();
    }

    /** True if a container has ended, and what its kubelet says when the whole pod has ended may change what that end means. */
    public boolean lacksLastWord() {
        return (mayBeRejected() || mayBeOutOfMemory()) && !isOver() && deletion.isEmpty() && disruption.isEmpty();
    }

    /**
     * 1. A kubelet restarts, and does not take a pod again that runs. 2. It ends the worker, which may exit with 0, and tears down
     * the pod. 3. Only then it says that it rejected the pod. If a worker ends by itself, its end is seen before its pod is torn down.
     */
    private boolean mayBeRejected() {
        return worker instanceof Container.Terminated && tornDown;
    }

    /**
     * 1. The kernel kills a container for memory. 2. Its runtime tells the end first, and the cause a moment later. 3. The kubelet
     * reads both again before it says that the pod has ended.
     */
    private boolean mayBeOutOfMemory() {
        return failedInit()
                .or(() ->
                        worker instanceof Container.Terminated end && !othersRun ? Optional.of(end) : Optional.empty())
                .filter(end -> end.exitCode() == SIGKILL && end.reason().equals("Error"))
                .isPresent();
    }

    /** When the pod's node begins to count as silent; empty unless the pod is being deleted and its end was not reported. */
    public Optional<Instant> silentAt() {
        return deletion.filter(d -> !ended()).map(d -> d.deadline().plus(Limits.NODE_SILENT));
    }

    /** When the worker, or the init container that it waited for, ended; when the pod was created if that is not known. */
    public Instant endTime() {
        return failedInit()
                .or(() -> worker instanceof Container.Terminated end ? Optional.of(end) : Optional.empty())
                .flatMap(Container.Terminated::finished)
                .orElse(created);
    }
}
