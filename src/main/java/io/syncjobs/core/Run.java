package io.syncjobs.core;

import io.syncjobs.core.Observation.Reservation;

/** How the current attempt of a job is executed, and what is known of that. */
public sealed interface Run {
    /** In a pod of its own, which is among those of the observation once it is there. */
    record PodRun(Reservation reservation) implements Run {}

    /**
     * By a warm worker.
     *
     * @param node where the worker's pod is; empty where that is not known
     * @param container the one that serves its handler's port; empty where that is not known
     */
    record WorkerRun(WorkerView worker, String node, String container) implements Run {
        /** Of a worker of which nothing is known yet. */
        public static final WorkerRun UNKNOWN = new WorkerRun(WorkerView.UNKNOWN, "", "");
    }
}
