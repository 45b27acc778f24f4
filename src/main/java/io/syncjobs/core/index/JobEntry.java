package io.syncjobs.core.index;

import static java.util.Objects.requireNonNullElse;

import io.syncjobs.api.Reason;
import io.syncjobs.api.State;
import io.syncjobs.api.SyncJob;
import io.syncjobs.core.Assignment;
import io.syncjobs.core.Assignment.Slot;
import io.syncjobs.core.Command;
import io.syncjobs.core.DueTimes;
import io.syncjobs.core.Limits;
import io.syncjobs.core.Observation;
import io.syncjobs.core.Payloads;
import io.syncjobs.core.QueueKey;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What the index keeps of one version of a job: what decisions need, and nothing that somebody wrote at length. Times are
 * milliseconds of the epoch, since there may be 100,000 of these.
 */
public final class JobEntry {
    /** A time that does not come. */
    static final long NEVER = Long.MAX_VALUE;

    private static final int UNSET = -1;

    /** Reasons of a Pending job that its last run left, and that stay true for a while. */
    private static final Set<String> FRESH = Set.of(
            Reason.WORKER_DIED.toString(),
            Reason.POD_REFUSED.toString(),
            Reason.OUT_OF_MEMORY.toString(),
            Reason.RETRY_BACKOFF.toString());

    private final String uid;
    private final String namespace;
    private final String name;
    private final long version;
    private final State state;
    private final long created;
    private final int ownPriority;

    /** Of its uid: decides between two of one time. */
    final int hash;

    private final long due;
    private final boolean retries;
    private final boolean hasTemplate;
    private final boolean aside;
    private final int attempt;
    private final @Nullable String worker;
    private final @Nullable WarmRun run;
    private final @Nullable String told;
    private final int toldText;
    private final long toldTime;
    private final long finished;

    // Where the index has filed it.
    QueueKey queue;
    Group group = Group.ASIDE;
    int priority;

    /** The slot that it takes up, also by an own write that gives it one. */
    @Nullable
    Slot slot;

    /** When its reason is looked at next, and whether it has waited long enough for one. */
    long lookAt = NEVER;

    boolean ripe;

    /** The last sweep that has listed it, or that had begun when it was seen. */
    int sweep;

    private JobEntry(SyncJob job) {
        var meta = job.getMetadata();
        var spec = job.getSpec();
        var status = Observation.statusOf(job);
        uid = meta.getUid();
        hash = uid.hashCode();
        namespace = meta.getNamespace();
        name = meta.getName();
        version = Observation.versionOf(job);
        queue = QueueKey.of(job);
        state = status.state();
        created = Times.millis(meta.getCreationTimestamp());
        ownPriority = requireNonNullElse(spec.priority(), UNSET);
        retries = status.nextAttemptTime() != null;
        // Rounded up: not a moment earlier than it says.
        due = DueTimes.of(job)
                .map(time -> time.plusNanos(999_999).toEpochMilli())
                .orElse(Long.MIN_VALUE);
        hasTemplate = spec.template() != null;
        aside = Command.anyOn(job)
                || job.isMarkedForDeletion()
                || (state == State.PENDING && Payloads.problem(spec.payload()).isPresent());
        attempt = requireNonNullElse(status.attempt(), 0);
        worker = status.worker();
        run = WarmRun.of(status);
        told = status.reason() == null ? null : status.reason().intern();
        toldText = requireNonNullElse(status.message(), "").hashCode();
        toldTime = millis(status.reasonTime());
        finished = status.finishedTime() == null ? created : millis(status.finishedTime());
    }

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

    public int attempt() {
        return attempt;
    }

    /** Who has it. */
    public @Nullable String worker() {
        return worker;
    }

    /** The number of its next attempt. */
    public int nextAttempt() {
        return Assignment.attemptAfter(attempt);
    }

    /** How a warm worker runs it; empty where it has a pod of its own, or waits. */
    public Optional<WarmRun> warmRun() {
        return Optional.ofNullable(run);
    }

    /** The slot of a warm worker that it takes up, also by an own write that gives it one. */
    public Optional<Slot> slot() {
        return Optional.ofNullable(slot);
    }

    /** When it may run, where that is to come. */
    public Instant due() {
        return Instant.ofEpochMilli(due);
    }

    /** True where a retry or a requeue has set when it is due, not its eta. */
    public boolean retries() {
        return retries;
    }

    /** The reason in its status. */
    public @Nullable String told() {
        return told;
    }

    /** Whether the message in its status is this one, as far as a hash can tell. */
    public boolean tells(String message) {
        return message.hashCode() == toldText;
    }

    /** True for the object that this is known of, at the same version. */
    public boolean isOf(SyncJob job) {
        return job.getMetadata().getUid().equals(uid) && Observation.versionOf(job) == version;
    }

    long created() {
        return created;
    }

    long dueMillis() {
        return due;
    }

    /** True where something else comes first: a command, its deletion, its end for an unfit payload. */
    public boolean isAside() {
        return aside;
    }

    /** True where it says itself how it is run. */
    public boolean hasTemplate() {
        return hasTemplate;
    }

    int priorityOr(int queues) {
        return ownPriority == UNSET ? queues : ownPriority;
    }

    /** Since when it could have run. */
    long since() {
        return due == Long.MIN_VALUE ? created : due;
    }

    public Instant finished() {
        return Instant.ofEpochMilli(finished);
    }

    long finishedMillis() {
        return finished;
    }

    long toldTime() {
        return toldTime;
    }

    /** True where it holds a place and its status says why its pod cannot start. */
    boolean isStuck() {
        return state == State.ENQUEUED && told != null && !told.equals(Reason.STOPPING.toString());
    }

    /** From when on it may be told why it waits. Plain misconfiguration is told soon. */
    long ripeAt(long patient) {
        var patience = group.isMisconfigured() ? Math.min(patient, Limits.PLAIN_REASON_AFTER.toMillis()) : patient;
        if (told != null && !FRESH.contains(told)) return Long.MIN_VALUE;
        if (toldTime != NEVER) return toldTime + patience;
        return (retries ? due : created) + patience;
    }
}
