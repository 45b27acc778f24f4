package io.syncjobs.core;

import io.syncjobs.api.Reason;

/** What it means when the API server refuses a job's pod. */
public final class Refusals {
    private Refusals() {}

    /** The reason behind a refusal, from the API server's own words. */
    public static Reason reason(int code, String message) {
        if (code == 403 && message.contains("exceeded quota")) return Reason.QUOTA_EXCEEDED;
        if (code == 403 && message.contains("must specify") && message.contains("quota")) return Reason.QUOTA_EXCEEDED;
        if (code == 403 && message.contains("violates PodSecurity")) return Reason.POD_SECURITY_FORBIDDEN;
        return Reason.INVALID_TEMPLATE;
    }

    /** The message for the job: the API server's words, and what to do. */
    public static String message(Reason reason, String words) {
        return Resolutions.withResolution("the API server refused the pod: " + words, reason);
    }
}
