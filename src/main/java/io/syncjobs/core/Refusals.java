package io.syncjobs.core;

import io.syncjobs.api.Reason;
import io.syncjobs.core.Observation.Reservation;
import java.time.Duration;

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

    /** How long to wait before the pod is tried again: twice as long as the last time, up to a minute. */
    public static Duration nextWait(Reservation before) {
        if (!(before instanceof Reservation.Refused refused)) return Limits.POD_REFUSED_FIRST;
        var doubled = refused.pause().multipliedBy(2);
        return doubled.compareTo(Limits.POD_REFUSED_MAX) < 0 ? doubled : Limits.POD_REFUSED_MAX;
    }

    /** The message for the job: the API server's words, and what to do. */
    public static String message(Reason reason, String words) {
        return Resolutions.withResolution("the API server refused the pod: " + words, reason);
    }
}
