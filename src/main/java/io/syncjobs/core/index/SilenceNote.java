package io.syncjobs.core.index;

import java.time.Duration;

/**
 * How long a worker had been silent when a watcher noted it on its Lease, so that the next one need not begin anew.
 *
 * @param renewed the renew time after which it was silent; empty for no note
 */
public record SilenceNote(String renewed, Duration silence) {
    public static final SilenceNote NONE = new SilenceNote("", Duration.ZERO);

    private static final char BETWEEN = ' ';

    /** Longer than any worker may be silent. */
    private static final long MOST_SECONDS = Duration.ofDays(366).toSeconds();

    /** Reads what stands on the Lease; what nobody can read is no note. */
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

    /** As it stands on the Lease. */
    public String text() {
        return renewed + BETWEEN + silence.toSeconds();
    }

    /** The silence that goes on: none where the worker has renewed since. */
    Duration carriedTo(String renewTime) {
        return renewed.equals(renewTime) ? silence : Duration.ZERO;
    }
}
