package io.syncjobs.core.run;

import io.syncjobs.api.Reason;
import io.syncjobs.core.Backoff;
import io.syncjobs.core.Limits;
import io.syncjobs.core.blame.Blame;
import io.syncjobs.core.blame.Row;
import io.syncjobs.core.blame.Signal;
import io.syncjobs.core.blame.Source;
import io.syncjobs.core.blame.Verdict;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;

/** What a refused pod means, and when the next one is tried. The API server or a node may have refused it. */
public final class Refusals {
    /** The API server has not been asked for a pod. */
    private static final Row UNUSABLE_TEMPLATE = template("").row();

    private Refusals() {}

    /**
     * What it means that the API server did not create a pod.
     *
     * @param codes the HTTP status of the answer, or a more specific word
     */
    public static Verdict of(List<String> codes, String words) {
        return Blame.of(new Signal(Source.CREATE, codes, words, Set.of()));
    }

    /** What it means that no pod can be made from the template. */
    public static Verdict template(String words) {
        return of(List.of("Template"), words);
    }

    /** Why there is no pod, as a job's status shows it: in the API server's words, or in those of the operator itself. */
    public static String told(Verdict why, String words) {
        if (why.row().equals(UNUSABLE_TEMPLATE)) return "no pod can be made: " + words;
        var lead = why.reason() == Reason.POD_NOT_CREATED
                ? "the API server did not create the pod: "
                : "the API server refused the pod: ";
        return lead + words;
    }

    /** How long to wait before the pod is tried again: twice as long as the last time, up to a minute. */
    public static Duration nextWait(Reservation before) {
        return longer(pauseOf(before));
    }

    /**
     * When the next pod is made after one that was created and came to nothing. {@code created} is the creation time of that pod.
     */
    public static Instant again(Reservation reservation, Instant created) {
        return reservation instanceof Reservation.Created made
                ? made.at().plus(longer(made.pause()))
                : created.plus(Limits.POD_REFUSED_FIRST);
    }

    private static Duration longer(Duration pause) {
        return Backoff.longer(pause, Limits.POD_REFUSED_FIRST, Limits.POD_REFUSED_MAX);
    }

    /** How long to wait after {@code failures} pods in a row that came to nothing. */
    public static Duration waitAfter(int failures) {
        var pause = Duration.ZERO;
        for (var i = 0; i < failures; i++) pause = longer(pause);
        return pause;
    }

    /** How long the last try to create a pod was held back; zero if it was not. */
    public static Duration pauseOf(Reservation before) {
        return switch (before) {
            case Reservation.Refused refused -> refused.pause();
            case Reservation.Unsure unsure -> unsure.pause();
            case Reservation.Mine mine -> mine.pause();
            case Reservation.Foreign f -> Duration.ZERO;
            case Reservation.Sending s -> Duration.ZERO;
            // This pod came to nothing; otherwise there would be no next one.
            case Reservation.Created made -> longer(made.pause());
        };
    }
}
