package io.syncjobs.core.job;

import io.syncjobs.api.Reason;
import io.syncjobs.api.State;
import io.syncjobs.api.SyncJobStatus;
import io.syncjobs.core.Limits;
import io.syncjobs.core.Text;
import java.time.Instant;
import java.util.Objects;
import java.util.Set;

/** What a job's status says already about why the job is where it is, and whether another text would be news. */
public final class Told {
    /** Reasons that the last run of a job left in its status, and that stay true for a while. */
    private static final Set<String> OF_LAST_RUN = Set.of(
            Reason.WORKER_DIED.toString(),
            Reason.POD_REFUSED.toString(),
            Reason.OUT_OF_MEMORY.toString(),
            Reason.RETRY_BACKOFF.toString());

    private Told() {}

    /** True if the last run of a Pending job left this reason. It stays true for a while. */
    public static boolean isOfLastRun(String reason) {
        return OF_LAST_RUN.contains(reason);
    }

    /** True if an event warns of a change: the job has failed, or its run has ended and the job waits again, for a reason. */
    public static boolean warns(SyncJobStatus before, SyncJobStatus after) {
        return before.state() != after.state()
                && (after.state() == State.FAILED || (after.state() == State.PENDING && after.reason() != null));
    }

    /** True if the status gives another reason, or gives the same reason with details that have been out of date for a while. */
    public static boolean differs(SyncJobStatus status, Reason reason, String message, Instant now) {
        if (!reason.toString().equals(status.reason())) return true;
        var told = status.reasonTime();
        return !Objects.equals(Text.message(message), status.message())
                && (told == null || !now.isBefore(told.plus(Limits.MESSAGE_REFRESH)));
    }
}
