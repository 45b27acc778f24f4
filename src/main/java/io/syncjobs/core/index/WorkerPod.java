package io.syncjobs.core.index;

import io.syncjobs.core.run.WorkerEnd;
import java.util.Optional;

/**
 * What the index keeps about a worker's pod.
 *
 * @param name the name of the worker
 * @param node the pod's node; empty if it has none
 * @param container the container that serves the handler's port
 * @param end how it ended or is being ended; empty while nobody has asked it to end
 * @param ended true if no container runs in it any more
 */
public record WorkerPod(
        String namespace,
        String name,
        String uid,
        String pool,
        long version,
        String node,
        String container,
        Optional<WorkerEnd> end,
        boolean ended) {}
