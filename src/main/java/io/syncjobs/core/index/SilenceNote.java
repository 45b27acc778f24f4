package io.syncjobs.core.index;

import java.time.Duration;

/**
 * A note on a worker's Lease: how long the worker had been silent when an operator noted it. The next operator continues from
 * there. A worker that lives answers a note with a renewal.
 *
 * @param renewed the renew time after which the silence began; empty for no note
 */
public record SilenceNote(String renewed, Duration silence) {
    /** Nobody has noted a silence. */
    public static final SilenceNote NONE = new SilenceNote("", Duration.ZERO);

    private static final char BETWEEN = ' ';

    /** An upper bound for a silence. */
    private static final long MOST_SECONDS = Duration.ofDays(366).toSeconds();

    /** Reads the note on a Lease; text that cannot be read counts as no note. */
    public static SilenceNote parse(String text) {
        var at = text.lastIndexOf(BETWEEN);
        if (at <= 0) return NONE;
        try {
            var seconds = Long.parseLong(text.substring(at + 1));
            return seconds < 0 || seconds > MOST_SECONDS
                    ? NONE
                    : new SilenceNote(text.substring(0, at), Duration.ofSeconds(seconds));
        } catch (NumberFormatException e) {
            return NONE;
        }
    }

    /** The text of the note on the Lease. */
    public String text() {
        return renewed + BETWEEN + silence.toSeconds();
    }

    /** The noted silence if it still goes on; zero if the worker has renewed since. */
    Duration carriedTo(String renewTime) {
        return renewed.equals(renewTime) ? silence : Duration.ZERO;
    }
}
