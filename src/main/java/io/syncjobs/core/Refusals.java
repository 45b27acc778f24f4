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
        return longer(pauseOf(before));
    }

    private static Duration longer(Duration pause) {
        if (pause.isZero()) return Limits.POD_REFUSED_FIRST;
        var doubled = pause.multipliedBy(2);
        return doubled.compareTo(Limits.POD_REFUSED_MAX) < 0 ? doubled : Limits.POD_REFUSED_MAX;
    }

    /** How long to wait after so many pods in a row that never ran; nothing after the first. */
    static Duration waitAfter(int failures) {
        var pause = Duration.ZERO;
        for (var i = 0; i < failures; i++) pause = longer(pause);
        return pause;
    }

    /** How long the last try to create a pod was held back; zero where none was. */
    public static Duration pauseOf(Reservation before) {
        return switch (before) {
            case Reservation.Refused refused -> refused.pause();
            case Reservation.Unsure unsure -> unsure.pause();
            case Reservation.Mine mine -> mine.pause();
            case Reservation.Foreign f -> Duration.ZERO;
            case Reservation.Sending s -> Duration.ZERO;
            case Reservation.Created c -> Duration.ZERO;
        };
    }

    /** The message for the job: the API server's words, and what to do. */
    public static String message(Reason reason, String words) {
        var lead = reason == Reason.POD_NOT_CREATED
                ? "the API server did not take the pod: "
                : "the API server refused the pod: ";
        return Resolutions.withResolution(lead + words, reason);
    }
}
