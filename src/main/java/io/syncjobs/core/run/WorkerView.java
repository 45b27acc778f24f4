package io.syncjobs.core.run;

import java.time.Instant;

/** What the operator knows about the warm worker that has a job. */
public sealed interface WorkerView {
    /** The watches have not shown everything yet, so nothing can be said. */
    WorkerView UNKNOWN = new Unknown();

    /** The worker renews its Lease. {@code message} is what its agent says if the handler does not answer. */
    record Alive(boolean handlerSilent, String message) implements WorkerView {}

    /**
     * The worker has not renewed its Lease for a while, measured on the operator's own clock.
     *
     * @param since when the silence began
     * @param timeOver when the silence reaches the worker's timeout
     * @param deadAt when the worker counts as dead. This is later than {@code timeOver} if most workers of the pool have fallen
     *     silent together: then the API server or the operator itself may be cut off.
     */
    record Silent(Instant since, Instant timeOver, Instant deadAt) implements WorkerView {}

    /** The worker's pod has ended or is gone. Unless this was {@code seen}, the API server is asked before it counts. */
    record Gone(WorkerEnd end, boolean seen) implements WorkerView {}

    /** See {@link #UNKNOWN}. */
    record Unknown() implements WorkerView {}
}
