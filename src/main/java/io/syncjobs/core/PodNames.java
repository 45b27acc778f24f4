package io.syncjobs.core;

import io.syncjobs.api.SyncJob;

/** Names of the pods of a job. */
public final class PodNames {
    /** A pod's name is also its host name, which Linux limits to 63 characters. */
    private static final int LONGEST = 63;

    private PodNames() {}

    /** A job's name as the value of a label: whole, or its beginning and a hash where it is too long. */
    static String label(String job) {
        if (job.length() <= LONGEST) return job;
        var end = "-" + String.format("%08x", job.hashCode());
        return job.substring(0, LONGEST - end.length()).replaceAll("[-.]+$", "") + end;
    }

    /** {@code <job>-<attempt>-<hash of the uid>}, at most 63 characters; the hash keeps a re-created job's pods apart. */
    public static String of(SyncJob job, int attempt) {
        var hash = String.format("%08x", job.getMetadata().getUid().hashCode());
        var end = "-" + attempt + "-" + hash;
        var name = job.getMetadata().getName().replace('.', '-');
        var stem = name.substring(0, Math.min(name.length(), LONGEST - end.length()));
        return stem.replaceAll("-+$", "") + end;
    }
}
