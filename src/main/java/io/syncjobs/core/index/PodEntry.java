package io.syncjobs.core.index;

/**
 * What the index keeps about a pod.
 *
 * @param queue the queue of its job, as the pod's label says
 * @param ended true if no container runs in it any more
 */
public record PodEntry(
        String uid, String name, String jobUid, QueueKey queue, int attempt, long version, boolean ended) {}
