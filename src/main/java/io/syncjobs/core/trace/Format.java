package io.syncjobs.core.trace;

import java.util.List;

/**
 * The form in which one runtime or logger prints an error. A log is text of strangers, so a format looks at each line a bounded
 * number of times. The time stays proportional to the length of the log.
 */
interface Format {
    /** The errors of this format, in the order of the log. */
    List<Found> find(Log log);
}
