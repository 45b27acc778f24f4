package io.syncjobs.core.index;

import io.syncjobs.core.WorkerEnd;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One warm worker in the index: its Lease, its pod, its silence and the jobs that it has. Silence is measured on the watcher's
 * own monotonic clock, from changes that it saw: nobody's clock is compared with another's.
 */
public final class WorkerEntry {
    /** How a worker stands towards new jobs. */
    public enum Standing {
        /** Takes jobs. */
        READY("Ready"),
        /** Lives, and its handler does not answer. */
        HANDLER_NOT_READY("HandlerNotReady"),
        /** Is told to end, and gives back what it has. */
        DRAINING("Draining"),
        /** Has not said anything for so long that it may be dead, or is so already. */
        SILENT("Silent"),
        /** Has a Lease of which the watcher has not seen a change yet. */
        UNSEEN("Unseen"),
        /** Its pod is there and has no Lease yet. */
        STARTING("Starting"),
        /** Its pod has ended, or is gone. */
        ENDED("Ended");

        private final String text;

        Standing(String text) {
            this.text = text;
        }

        /** As metrics name it. */
        public String text() {
            return text;
        }
    }

    /** A worker that is silent for this share of its time gets no more jobs. */
    private static final int DOUBT = 2;

    private final String namespace;
    private final String name;
    private @Nullable LeaseEntry lease;
    private @Nullable WorkerPod pod;

    /** How its pod went away, once it has. */
    private @Nullable WorkerEnd gone;

    /** Since when nothing of it has changed, and how long it had been silent before. */
    private long heard;

    private Duration before = Duration.ZERO;

    /** What is noted on its Lease. */
    private Duration noted = Duration.ZERO;

    private boolean renews;
    private int busy;

    // Where its pool has filed it.
    Standing standing = Standing.ENDED;
    boolean free;

    @Nullable
    PoolIndex pool;

    /** Known since a moment of the watcher's clock. */
    WorkerEntry(String namespace, String name, long nanos) {
        this.namespace = namespace;
        this.name = name;
        heard = nanos;
    }

    public String namespace() {
        return namespace;
    }

    /** Its name, which is its pod's. */
    public String name() {
        return name;
    }

    public Standing standing() {
        return standing;
    }

    /** The jobs that it has. */
    public int busy() {
        return busy;
    }

    /** The jobs that it can have at once. */
    public int slots() {
        return lease == null ? 0 : lease.slots();
    }

    public Optional<LeaseEntry> lease() {
        return Optional.ofNullable(lease);
    }

    public Optional<WorkerPod> pod() {
        return Optional.ofNullable(pod);
    }

    /** How its pod went away; empty while it is there, and where no pod was ever seen. */
    Optional<WorkerEnd> gone() {
        if (gone != null) return Optional.of(gone);
        return Optional.ofNullable(pod)
                .filter(WorkerPod::ended)
                .map(ended -> ended.end().orElse(WorkerEnd.UNSEEN));
    }

    /** The pool that its Lease names, else its pod. */
    Optional<String> poolName() {
        if (lease != null) return Optional.of(lease.pool());
        return Optional.ofNullable(pod).map(WorkerPod::pool);
    }

    boolean isUsed() {
        return lease != null || pod != null || busy > 0;
    }

    // --- what is told ---

    /** Its Lease as somebody has seen it. {@code isNew} where it has come into being while it was watched. */
    boolean see(LeaseEntry seen, boolean isNew, long nanos) {
        var last = lease;
        if (last != null && last.version() >= seen.version()) return false;
        lease = seen;
        if (last == null) {
            renews = isNew;
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

    void podGone(String uid) {
        if (pod == null || !pod.uid().equals(uid)) return;
        gone = pod.end().orElse(WorkerEnd.UNSEEN);
        pod = null;
    }

    /** The watcher watches in earnest from now on: it knows of a silence before only what is noted. */
    void begin(long nanos) {
        heard = nanos;
        before = lease == null ? Duration.ZERO : lease.seen().carriedTo(lease.renewed());
        noted = before;
    }

    /** The watcher was away: what it did not see is nobody's silence. */
    void watchAnew(long nanos) {
        heard = nanos;
        before = Duration.ZERO;
        renews = false;
    }

    void take(int jobs) {
        busy += jobs;
    }

    // --- what is asked ---

    Duration silence(long nanos) {
        return before.plusNanos(Math.max(0, nanos - heard));
    }

    /** After so much silence it is dead: the larger of its pool's time and its own. */
    Duration deadAfter(Duration pools) {
        var own = lease == null ? Duration.ZERO : lease.deadAfter();
        return own.compareTo(pools) > 0 ? own : pools;
    }

    /** After so much silence it gets no more jobs. */
    Duration doubtAfter(Duration pools) {
        return deadAfter(pools).dividedBy(DOUBT);
    }

    /** The end of its pod is there, or is on its way: who is silent then need not be heard twice. */
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

    /** How long it has been silent, where that is to be noted on its Lease: it has grown by so much, or began anew. */
    Optional<SilenceNote> toNote(Duration step, long nanos) {
        var own = lease;
        if (own == null) return Optional.empty();
        var silence = silence(nanos);
        var due = silence.compareTo(noted.plus(step)) >= 0 || silence.compareTo(noted) < 0;
        return due ? Optional.of(new SilenceNote(own.renewed(), silence)) : Optional.empty();
    }

    void noted(Duration silence) {
        noted = silence;
    }
}
