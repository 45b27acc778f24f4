package io.syncjobs.core.index;

import io.syncjobs.core.WorkerEnd;
import java.util.Optional;

/**
 * What the index keeps of a pool's pod.
 *
 * @param name the worker's
 * @param node where it is; empty where it has none
 * @param container the one that serves the handler's port
 * @param end how it ended, or is being ended; empty while nobody has asked it to end
 * @param ended true where nothing runs in it any more
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
