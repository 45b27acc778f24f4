package io.syncjobs.core.index;

import io.syncjobs.core.QueueKey;

/**
 * What the index keeps of a pod.
 *
 * @param queue its job's, as its label says
 * @param ended true where nothing runs in it any more
 */
public record PodEntry(
        String uid, String name, String jobUid, QueueKey queue, int attempt, long version, boolean ended) {}
