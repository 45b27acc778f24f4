package io.syncjobs.core;

import io.syncjobs.api.SyncJob;

/** Names of the pods of a job. */
public final class PodNames {
    /** A pod's name is also its host name, which Linux limits to 63 characters. */
    private static final int LONGEST = 63;

    private PodNames() {}

    /** The job's name as a label's value: one that is too long for that ends with a hash of it. */
    static String label(SyncJob job) {
        var name = job.getMetadata().getName();
        if (name.length() <= LONGEST) return name;
        var stem = name.substring(0, LONGEST - 9).replaceAll("[-.]+$", "");
        return stem + "-" + String.format("%08x", name.hashCode());
    }

    /** {@code <job>-<attempt>-<hash of the uid>}, at most 63 characters; the hash keeps a re-created job's pods apart. */
    public static String of(SyncJob job, int attempt) {
        return of(job.getMetadata().getName(), job.getMetadata().getUid(), attempt);
    }

    /** The same by the job's name and uid. */
    public static String of(String job, String uid, int attempt) {
        var hash = String.format("%08x", uid.hashCode());
        var end = "-" + attempt + "-" + hash;
        var name = job.replace('.', '-');
        var stem = name.substring(0, Math.min(name.length(), LONGEST - end.length()));
        return stem.replaceAll("-+$", "") + end;
    }
}
