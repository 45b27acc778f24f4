package io.syncjobs.core.run;

/** How the current attempt of a job is executed, and what is known about that. */
public sealed interface Run {
    /** In a pod of its own. Once the pod exists it is among the pods of the observation. */
    record PodRun(Reservation reservation) implements Run {}

    /**
     * By a warm worker.
     *
     * @param node the node of the worker's pod; empty if unknown
     * @param container the container that serves the handler's port; empty if unknown
     */
    record WorkerRun(WorkerView worker, String node, String container) implements Run {
        /** A worker about which nothing is known yet. */
        public static final WorkerRun UNKNOWN = new WorkerRun(WorkerView.UNKNOWN, "", "");
    }
}
