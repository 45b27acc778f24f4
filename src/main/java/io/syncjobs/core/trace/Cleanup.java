package io.syncjobs.core.trace;

import com.google.re2j.Pattern;
import java.util.Locale;

/** What a program tidies up when it ends, and fails at that too: {@code failed to close the connection: broken pipe}. */
final class Cleanup {
    private static final int LOOK_AT = 120;

    /** Only what belongs to the program itself: an order that cannot be closed may be what it ended for. */
    private static final Pattern OWN = Pattern.compile(
            "\\b(?:clos(?:e|ing)|disconnect(?:ing)?(?: from)?|releas(?:e|ing)|unlock(?:ing)?|stop(?:ping)?|flush(?:ing)?"
                    + "|remov(?:e|ing)|delet(?:e|ing)) ['\"]?(?:the |a |its )?(?:/tmp/|connections?|pool|session|channel"
                    + "|producer|consumer|client|socket|stream|cursor|browser|database|db|locks?|lockfile|pid|temp"
                    + "|temporary|tmp|metrics|spans|traces|logs|tracer|telemetry|exporter)"
                    + "|\\b(?:send|push|post|report)(?:ing)? (?:the |a )?(?:metrics|alert|telemetry|heartbeat)\\b"
                    + "|\\bnotify(?:ing)? (?:ops|slack|teams|admins?|on-?call|monitoring)\\b"
                    + "|\\b(?:clean(?:ing)? ?up|roll ?back)\\b"
                    // What Python finds left over.
                    + "|\\bexception was never retrieved\\b|\\bwas destroyed but it is pending\\b"
                    + "|^unclosed (?:client session|connect(?:or|ion))\\b"
                    + "|\\b(?:during|while) (?:the )?(?:shut(?:ting)? ?down|teardown)\\b");

    private Cleanup() {}

    /** True if the message tells of that, near its beginning. */
    static boolean is(String message) {
        var begin = message.length() <= LOOK_AT ? message : message.substring(0, LOOK_AT);
        return OWN.matcher(begin.toLowerCase(Locale.ROOT)).find();
    }
}
