package io.syncjobs.core.run;

import io.syncjobs.api.SyncJob;
import java.util.HexFormat;

/** The names of a job's pods. */
public final class PodNames {
    /** A pod's name is also its host name, and Linux limits that to 63 characters. */
    private static final int LONGEST = 63;

    private PodNames() {}

    /** The job's name as a label value. A name that is too long is cut and ends with a hash. */
    static String label(SyncJob job) {
        var name = job.getMetadata().getName();
        if (name.length() <= LONGEST) return name;
        return bare(name.substring(0, LONGEST - 9)) + "-" + hash(name);
    }

    /**
     * {@code <job>-<attempt>-<hash of the uid>}, at most 63 characters. The hash keeps apart the pods of a job that was created
     * anew.
     */
    public static String of(SyncJob job, int attempt) {
        var end = "-" + attempt + "-" + hash(job.getMetadata().getUid());
        var name = job.getMetadata().getName().replace('.', '-');
        return bare(name.substring(0, Math.min(name.length(), LONGEST - end.length()))) + end;
    }

    private static String hash(String text) {
        return HexFormat.of().toHexDigits(text.hashCode());
    }

    /** The name without dashes and dots at its end. */
    private static String bare(String name) {
        var end = name.length();
        while (end > 0 && (name.charAt(end - 1) == '-' || name.charAt(end - 1) == '.')) end--;
        return name.substring(0, end);
    }
}
