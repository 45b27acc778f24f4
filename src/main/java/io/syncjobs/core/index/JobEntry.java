package io.syncjobs.core.index;

import static java.util.Objects.requireNonNullElse;

import io.syncjobs.api.Reason;
import io.syncjobs.api.State;
import io.syncjobs.api.SyncJob;
import io.syncjobs.core.JobFields;
import io.syncjobs.core.Limits;
import io.syncjobs.core.Times;
import io.syncjobs.core.job.Command;
import io.syncjobs.core.job.DueTimes;
import io.syncjobs.core.job.Told;
import io.syncjobs.core.run.Assignment.Slot;
import io.syncjobs.core.run.Payloads;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What the index keeps about one version of a job: what decisions need, without long texts. Times are milliseconds since 1970,
 * because there may be 100,000 entries.
 */
public final class JobEntry {
    /** A time that never comes. */
    static final long NEVER = Long.MAX_VALUE;

    private static final int UNSET = -1;

    private final String uid;
    private final String namespace;
    private final String name;
    private final long version;
    private final State state;
    private final long created;
    private final int ownPriority;

    /** The hash of the uid, which orders jobs with equal times. */
    final int hash;

    private final long due;
    private final boolean retries;
    private final boolean hasTemplate;
    private final boolean aside;
    private final int attempt;
    private final @Nullable WarmRun run;
    private final @Nullable String told;
    private final int toldText;
    private final long toldTime;
    private final long finished;

    // Where the index has filed it.
    QueueKey queue;
    Group group = Group.ASIDE;
    int priority;

    /** The slot that the job takes, through its status or through an own write without an answer. */
    @Nullable
    Slot slot;

    /** When its reason is looked at next; and whether it has waited long enough for one. */
    long lookAt = NEVER;

    boolean ripe;

    /** The last sweep that listed the job, or that was running when the job was seen. */
    int sweep;

    private JobEntry(SyncJob job) {
        var meta = job.getMetadata();
        var spec = job.getSpec();
        var status = JobFields.statusOf(job);
        uid = meta.getUid();
        hash = uid.hashCode();
        namespace = meta.getNamespace();
        name = meta.getName();
        version = JobFields.versionOf(job);
        queue = QueueKey.of(job);
        state = status.state();
        created = Times.instant(meta.getCreationTimestamp()).toEpochMilli();
        ownPriority = requireNonNullElse(spec.priority(), UNSET);
        retries = status.nextAttemptTime() != null;
        // Rounded up, so that the job does not run too early.
        due = DueTimes.of(job)
                .map(time -> time.plusNanos(999_999).toEpochMilli())
                .orElse(Long.MIN_VALUE);
        hasTemplate = spec.template() != null;
        aside = Command.anyOn(job)
                || job.isMarkedForDeletion()
                || (state == State.PENDING && Payloads.problem(spec.payload()).isPresent());
        attempt = JobFields.attemptOf(job);
        run = WarmRun.of(status);
        told = status.reason() == null ? null : status.reason().intern();
        toldText = requireNonNullElse(status.message(), "").hashCode();
        toldTime = millis(status.reasonTime());
        finished = status.finishedTime() == null ? created : millis(status.finishedTime());
    }

    /** The entry of a job at the version of this object. */
    public static JobEntry of(SyncJob job) {
        return new JobEntry(job);
    }

    private static long millis(@Nullable Instant time) {
        return time == null ? NEVER : time.toEpochMilli();
    }

    public String uid() {
        return uid;
    }

    public String namespace() {
        return namespace;
    }

    public String name() {
        return name;
    }

    public long version() {
        return version;
    }

    public QueueKey queue() {
        return queue;
    }

    public State state() {
        return state;
    }

    public Group group() {
        return group;
    }

    /** The number of its current or last attempt; 0 before the first. */
    public int attempt() {
        return attempt;
    }

    /** The job's run on a warm worker; empty if the job waits or has a pod of its own. */
    public Optional<WarmRun> warmRun() {
        return Optional.ofNullable(run);
    }

    /** The slot of a warm worker that the job takes, through its status or through an own write without an answer. */
    public Optional<Slot> slot() {
        return Optional.ofNullable(slot);
    }

    /** When the job becomes due. */
    public Instant due() {
        return Instant.ofEpochMilli(due);
    }

    /** True if a retry or a requeue has set when the job is due; false if its eta has. */
    public boolean retries() {
        return retries;
    }

    /** The reason in its status. */
    public @Nullable String told() {
        return told;
    }

    /** True if the message in its status is this one. Only hashes are compared. */
    public boolean tells(String message) {
        return message.hashCode() == toldText;
    }

    /** True if this entry was made from that object at that version. */
    public boolean isOf(SyncJob job) {
        return job.getMetadata().getUid().equals(uid) && JobFields.versionOf(job) == version;
    }

    long created() {
        return created;
    }

    long dueMillis() {
        return due;
    }

    /** True if something else comes first: a command, its deletion, or the end of a job whose payload cannot be used. */
    public boolean isAside() {
        return aside;
    }

    /** True if the job has a template of its own. */
    public boolean hasTemplate() {
        return hasTemplate;
    }

    int priorityOr(int queues) {
        return ownPriority == UNSET ? queues : ownPriority;
    }

    /** The time from which on the job could have run. */
    long since() {
        return due == Long.MIN_VALUE ? created : due;
    }

    /** When it ended; when it was created, if its status does not say. */
    public Instant finished() {
        return Instant.ofEpochMilli(finished);
    }

    long finishedMillis() {
        return finished;
    }

    long toldTime() {
        return toldTime;
    }

    /** True if the job holds a place and its status says why its pod cannot start. */
    public boolean isStuck() {
        return state == State.ENQUEUED && told != null && !told.equals(Reason.STOPPING.toString());
    }

    /** When the job's status may first say why the job waits. Misconfiguration is reported early. */
    long ripeAt(long patient) {
        var patience = group.isMisconfigured() ? Math.min(patient, Limits.PLAIN_REASON_AFTER.toMillis()) : patient;
        if (told != null && !Told.isOfLastRun(told)) return Long.MIN_VALUE;
        if (toldTime != NEVER) return toldTime + patience;
        return (retries ? due : created) + patience;
    }
}
