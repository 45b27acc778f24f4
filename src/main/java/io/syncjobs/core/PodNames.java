package io.syncjobs.core;

import io.syncjobs.api.SyncJob;
import java.util.HexFormat;

/** Names of the pods of a job. */
public final class PodNames {
    /** A pod's name is also its host name, which Linux limits to 63 characters. */
    private static final int LONGEST = 63;

    private PodNames() {}

    /** The job's name as a label's value: one that is too long for that ends with a hash of it. */
    static String label(SyncJob job) {
        var name = job.getMetadata().getName();
        if (name.length() <= LONGEST) return name;
        return bare(name.substring(0, LONGEST - 9)) + "-" + hash(name);
    }

    /** {@code <job>-<attempt>-<hash of the uid>}, at most 63 characters; the hash keeps a re-created job's pods apart. */
    public static String of(SyncJob job, int attempt) {
        return of(job.getMetadata().getName(), job.getMetadata().getUid(), attempt);
    }

    /** The same by the job's name and uid. */
    public static String of(String job, String uid, int attempt) {
        var end = "-" + attempt + "-" + hash(uid);
        var name = job.replace('.', '-');
        return bare(name.substring(0, Math.min(name.length(), LONGEST - end.length()))) + end;
    }

    private static String hash(String text) {
        return HexFormat.of().toHexDigits(text.hashCode());
    }

    /** Without the dashes and dots at its end. */
    private static String bare(String name) {
        var end = name.length();
        while (end > 0 && (name.charAt(end - 1) == '-' || name.charAt(end - 1) == '.')) end--;
        return name.substring(0, end);
    }
}
