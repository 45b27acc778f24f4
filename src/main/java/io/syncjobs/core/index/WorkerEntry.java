package io.syncjobs.core.index;

import io.syncjobs.core.run.WorkerEnd;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One warm worker in the index: its Lease, its pod, its silence and the number of its jobs. Silence is measured on the operator's
 * own monotonic clock, from the changes that the operator saw. Clocks of different machines are never compared.
 */
public final class WorkerEntry {
    /** Whether a worker takes new jobs, and if not, why. */
    public enum Standing {
        /** Takes jobs. */
        READY("Ready"),
        /** Is alive, and its handler does not answer. */
        HANDLER_NOT_READY("HandlerNotReady"),
        /** Is being shut down, and gives back its jobs. */
        DRAINING("Draining"),
        /** Has been silent for so long that it may be dead, or is dead. */
        SILENT("Silent"),
        /** Has a Lease whose renewal this operator has not seen yet. */
        UNSEEN("Unseen"),
        /** Its pod exists and has no Lease yet. */
        STARTING("Starting"),
        /** Its pod has ended or is gone. */
        ENDED("Ended");

        private final String text;

        Standing(String text) {
            this.text = text;
        }

        /** The name of the standing in metrics. */
        public String text() {
            return text;
        }
    }

    /** A worker gets no more jobs after this fraction of its timeout: one half. */
    private static final int DOUBT = 2;

    private final String namespace;
    private final String name;
    private @Nullable LeaseEntry lease;
    private @Nullable WorkerPod pod;

    /** How its pod ended, once it is gone and was seen ending. */
    private @Nullable WorkerEnd gone;

    /** Since when nothing new was heard of it, and how long it had been silent before that. */
    private long heard;

    private Duration before = Duration.ZERO;

    /** The silence that is noted on its Lease. */
    private Duration noted = Duration.ZERO;

    private boolean renews;

    /** True if a note asks the worker for a renewal, which was not seen since the watching began. */
    private boolean asked;

    private int busy;

    // Where its pool has filed it.
    Standing standing = Standing.ENDED;
    boolean free;

    @Nullable
    PoolIndex pool;

    /** {@code nanos} is the current time of the operator's monotonic clock. */
    WorkerEntry(String namespace, String name, long nanos) {
        this.namespace = namespace;
        this.name = name;
        heard = nanos;
    }

    public String namespace() {
        return namespace;
    }

    /** Its name, which is the name of its pod. */
    public String name() {
        return name;
    }

    /** How it stood when it was last looked at. */
    public Standing standing() {
        return standing;
    }

    /** The number of jobs that it has. */
    public int busy() {
        return busy;
    }

    /** The number of jobs that it can have at once. */
    public int slots() {
        return lease == null ? 0 : lease.slots();
    }

    /** Its Lease; empty if there is none, or none any more. */
    public Optional<LeaseEntry> lease() {
        return Optional.ofNullable(lease);
    }

    /** Its pod; empty if there is none, or none any more. */
    public Optional<WorkerPod> pod() {
        return Optional.ofNullable(pod);
    }

    /** How its pod ended; empty while the pod exists, and if nobody saw it end. */
    Optional<WorkerEnd> gone() {
        if (gone != null) return Optional.of(gone);
        return Optional.ofNullable(pod)
                .filter(WorkerPod::ended)
                .map(ended -> ended.end().orElse(WorkerEnd.UNSEEN));
    }

    /** The pool that its Lease names; without a Lease, the pool that its pod names. */
    Optional<String> poolName() {
        if (lease != null) return Optional.of(lease.pool());
        return Optional.ofNullable(pod).map(WorkerPod::pool);
    }

    boolean isUsed() {
        return lease != null || pod != null || busy > 0;
    }

    // --- what is told ---

    /** Takes in its Lease. {@code isNew} is true if the Lease was created while the operator watched. */
    boolean see(LeaseEntry seen, boolean isNew, long nanos) {
        var last = lease;
        if (last != null && last.version() >= seen.version()) return false;
        lease = seen;
        if (last == null) {
            renews = isNew;
            asked = false;
            heard = nanos;
            before = isNew ? Duration.ZERO : seen.seen().carriedTo(seen.renewed());
            noted = before;
        } else if (seen.isRenewal(last)) {
            renews = true;
            heard = nanos;
            before = Duration.ZERO;
            noted = Duration.ZERO;
        }
        return true;
    }

    void leaseGone() {
        lease = null;
        renews = false;
    }

    boolean see(WorkerPod seen) {
        if (pod != null && pod.version() >= seen.version()) return false;
        pod = seen;
        gone = null;
        return true;
    }

    /**
     * The watch shows the pod no more. If nobody saw it end, it may still be there: whoever takes the label of the pool off a pod, to
     * look into it, leaves its agent and its handler at their work.
     */
    void podGone(String uid) {
        if (pod == null || !pod.uid().equals(uid)) return;
        gone = pod.end().orElse(null);
        pod = null;
    }

    /** The operator begins to lead. About an earlier silence it knows only what is noted. */
    void begin(long nanos) {
        asked = false;
        heard = nanos;
        before = lease == null ? Duration.ZERO : lease.seen().carriedTo(lease.renewed());
        noted = before;
    }

    /** The operator was cut off. What it did not see counts as nobody's silence. */
    void watchAnew(long nanos) {
        heard = nanos;
        before = Duration.ZERO;
        renews = false;
        asked = false;
    }

    void take(int jobs) {
        busy += jobs;
    }

    // --- what is asked ---

    Duration silence(long nanos) {
        return before.plusNanos(Math.max(0, nanos - heard));
    }

    /** The silence after which the worker is dead: the pool's timeout or the worker's own, whichever is longer. */
    Duration deadAfter(Duration pools) {
        var own = lease == null ? Duration.ZERO : lease.deadAfter();
        return own.compareTo(pools) > 0 ? own : pools;
    }

    /** The silence after which the worker gets no more jobs. */
    Duration doubtAfter(Duration pools) {
        return deadAfter(pools).dividedBy(DOUBT);
    }

    /** True if its pod is gone or is being ended, so that its silence needs no second proof. */
    boolean isEnding() {
        return pod == null || pod.end().isPresent();
    }

    Standing judge(Duration pools, boolean settled, long nanos) {
        if (gone().isPresent()) return Standing.ENDED;
        if (lease == null) return pod == null ? Standing.ENDED : Standing.STARTING;
        if (silence(nanos).compareTo(doubtAfter(pools)) >= 0) return Standing.SILENT;
        if (pod == null) return settled ? Standing.ENDED : Standing.UNSEEN;
        if (pod.end().isPresent() || lease.state() == LeaseEntry.State.DRAINING) return Standing.DRAINING;
        if (!renews) return Standing.UNSEEN;
        return lease.state() == LeaseEntry.State.READY ? Standing.READY : Standing.HANDLER_NOT_READY;
    }

    /**
     * The silence to note on its Lease. It is noted when it has grown by {@code step} since the last note, when it has begun again,
     * and once for a worker that was not seen renewing yet: an agent that lives answers a note with a renewal.
     */
    Optional<SilenceNote> toNote(Duration step, long nanos) {
        var own = lease;
        if (own == null) return Optional.empty();
        var silence = silence(nanos);
        var asks = standing == Standing.UNSEEN && !asked;
        var due = asks || silence.compareTo(noted.plus(step)) >= 0 || silence.compareTo(noted) < 0;
        return due ? Optional.of(new SilenceNote(own.renewed(), silence)) : Optional.empty();
    }

    void noted(Duration silence) {
        noted = silence;
        asked = true;
    }
}
