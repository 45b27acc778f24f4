package io.syncjobs.core.trace;

import java.util.List;

/**
 * How one runtime or logger prints an error. A format looks at each line a bounded number of times: a log is foreign text, and
 * its reader must not cost more than the log is long.
 */
interface Format {
    /** The errors of this format, in the order of the log. */
    List<Found> find(Log log);
}
