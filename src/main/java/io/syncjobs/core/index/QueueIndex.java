package io.syncjobs.core.index;

import static java.util.Objects.requireNonNull;

import io.syncjobs.api.State;
import io.syncjobs.api.SyncQueueSpec;
import io.syncjobs.core.Limits;
import io.syncjobs.core.job.Policies;
import java.time.Instant;
import java.util.Collections;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** One queue in the index: its jobs in their order, its places and its counts. */
public final class QueueIndex {
    private final QueueKey key;
    private Optional<SyncQueueSpec> created = Optional.empty();
    private boolean wasCreated;
    private final Map<State, Integer> counts = new EnumMap<>(State.class);
    /** Those that have a template of their own are marked. */
    private final OrderedSet<JobEntry> ready = new OrderedSet<>(Orders.TURN, JobEntry::hasTemplate);

    private final OrderedSet<JobEntry> unrunnable = new OrderedSet<>(Orders.TURN);
    private final RipeJobs ripe = new RipeJobs();
    private final TreeSet<JobEntry> pending = new TreeSet<>(Orders.OLDEST);
    /** The jobs that hold a place although their pod cannot start. */
    private final TreeSet<JobEntry> stuck =
            new TreeSet<>(Comparator.comparing(JobEntry::name).thenComparing(JobEntry::uid));

    private final Map<State, TreeSet<JobEntry>> finished = new EnumMap<>(State.class);
    private int held;
    private int stray;
    private @Nullable PoolIndex pool;
    private long version;
    private int listed;

    QueueIndex(QueueKey key) {
        this.key = key;
    }

    public QueueKey key() {
        return key;
    }

    /** The spec of the queue. The queue named default has one without being created. */
    public Optional<SyncQueueSpec> spec() {
        return created.or(key::builtIn);
    }

    /** True if somebody has created the queue. */
    public boolean isCreated() {
        return created.isPresent();
    }

    /** True if somebody has to create the queue, or has deleted it: it may come back, with rules of its own. */
    public boolean isMissing() {
        return created.isEmpty() && (wasCreated || key.builtIn().isEmpty());
    }

    /** The number of its jobs in this state. */
    public int count(State state) {
        return counts.getOrDefault(state, 0);
    }

    /** How many jobs may hold a place at once; 0 if the queue does not exist. */
    public int capacity() {
        return spec().map(Policies::capacity).orElse(0);
    }

    /** The number of taken places: by jobs, by own writes without an answer, and by pods without a job. */
    public int occupied() {
        return held + stray;
    }

    /** The number of places that jobs take. */
    public int heldByJobs() {
        return held;
    }

    /** The jobs that hold a place although their pod cannot start, by name. */
    public SortedSet<JobEntry> stuck() {
        return Collections.unmodifiableSortedSet(stuck);
    }

    /** The number of places that are not taken; 0 also where more are taken than there are. */
    public int free() {
        return Math.max(0, capacity() - occupied());
    }

    /** True if its spec says that no job is enqueued. */
    public boolean isPaused() {
        return spec().map(SyncQueueSpec::paused).orElse(false);
    }

    /** The pool that runs the jobs of this queue, whether or not it was created; empty if each job runs in a pod of its own. */
    public Optional<PoolIndex> pool() {
        return Optional.ofNullable(pool);
    }

    /** True if a warm worker runs the job. A job with a template of its own runs in a pod of its own. */
    public boolean runsWarm(JobEntry job) {
        return pool != null && !job.hasTemplate();
    }

    /** The next job in turn that runs in a pod of its own. */
    public Optional<JobEntry> headForPod() {
        return pool == null ? ready.first() : ready.first(true);
    }

    /** The next job in turn that runs on a warm worker. */
    public Optional<JobEntry> headForWorker() {
        return pool == null ? Optional.empty() : ready.first(false);
    }

    /** The number of ready jobs before this one. */
    public int rank(JobEntry job) {
        return ready.rank(job);
    }

    /** The first due job, in the order of turns, that has to wait if {@code places} ready jobs may run. */
    public Optional<JobEntry> firstThatWaits(int places) {
        var head = ready.get(places);
        var other = unrunnable.first();
        if (head.isEmpty() || other.isEmpty()) return head.or(() -> other);
        return Optional.of(Orders.TURN.compare(head.get(), other.get()) < 0 ? head.get() : other.get());
    }

    /** The first ready jobs, in the order of turns. */
    public List<JobEntry> first(int atMost) {
        return ready.first(atMost);
    }

    /** Since when the job has been due that has been due for the longest time. */
    public Optional<Instant> oldestDue(Instant now) {
        return oldestPending().filter(since -> !since.isAfter(now));
    }

    /** The earliest time at which a Pending job could have run, or can run. */
    public Optional<Instant> oldestPending() {
        return pending.isEmpty()
                ? Optional.empty()
                : Optional.of(Instant.ofEpochMilli(pending.first().since()));
    }

    /** The finished jobs in one state; the one that finished first comes first. */
    public Iterable<JobEntry> finished(State state) {
        var jobs = finished.get(state);
        return jobs == null ? List.of() : jobs;
    }

    /** The jobs of one group that have waited long enough for a reason, and whose status does not give {@code reason}. */
    public List<JobEntry> untold(Group group, String reason, int atMost) {
        return ripe.untold(group, reason, atMost);
    }

    /**
     * The ready jobs that have waited long enough for a reason, and whose status does not give the right one.
     *
     * @param front the right reason for the first {@code places} jobs; empty if these need none
     * @param rear the right reason for the other jobs
     */
    public List<JobEntry> untoldReady(String front, String rear, int places, int atMost) {
        return ripe.untoldReady(front, rear, ready.get(places), atMost);
    }

    /**
     * False if that version or a later one is known. A queue that is gone may come back at the version that was known last:
     * 1. Somebody deletes the queue and creates it again. 2. A sweep reads the new one. 3. The watch, which is late, shows that the
     * old one is gone. 4. The watch shows the new one.
     */
    boolean isNews(long seen, int sweep) {
        listed = sweep;
        if (seen < version || (seen == version && isCreated())) return false;
        version = seen;
        return true;
    }

    boolean isListed(long seen, int sweep) {
        listed = sweep;
        return created.isPresent() && seen <= version;
    }

    boolean isUnlisted(int sweep) {
        return created.isPresent() && listed != sweep;
    }

    /** True if the queue says how to run a job that has no template of its own. */
    boolean saysHow() {
        return pool != null || spec().map(SyncQueueSpec::template).isPresent();
    }

    void pool(@Nullable PoolIndex next) {
        pool = next;
    }

    int defaultPriority() {
        return spec().map(SyncQueueSpec::defaults)
                .map(SyncQueueSpec.Defaults::priority)
                .orElse(Limits.PRIORITY);
    }

    /** Returns false if nothing has changed. */
    boolean set(@Nullable SyncQueueSpec next) {
        var before = created;
        created = Optional.ofNullable(next);
        wasCreated |= created.isPresent();
        return !before.equals(created);
    }

    List<JobEntry> pending() {
        return List.copyOf(pending);
    }

    boolean isUnused() {
        if (created.isPresent() || occupied() > 0 || !pending.isEmpty()) return false;
        return finished.values().stream().allMatch(TreeSet::isEmpty);
    }

    void add(JobEntry job) {
        counts.merge(job.state(), 1, Integer::sum);
        if (job.state() == State.PENDING) pending.add(job);
        switch (job.group) {
            case FINISHED ->
                finished.computeIfAbsent(job.state(), state -> new TreeSet<>(Orders.FINISHED))
                        .add(job);
            case HELD -> held++;
            case READY -> ready.add(job);
            case UNRUNNABLE -> unrunnable.add(job);
            default -> {}
        }
        if (job.isStuck()) stuck.add(job);
        if (job.ripe) ripe.add(job);
    }

    void remove(JobEntry job) {
        counts.merge(job.state(), -1, Integer::sum);
        if (job.state() == State.PENDING) pending.remove(job);
        switch (job.group) {
            case FINISHED -> requireNonNull(finished.get(job.state())).remove(job);
            case HELD -> held--;
            case READY -> ready.remove(job);
            case UNRUNNABLE -> unrunnable.remove(job);
            default -> {}
        }
        if (job.isStuck()) stuck.remove(job);
        if (job.ripe) ripe.remove(job);
    }

    /** The job has waited long enough for a reason. */
    void addRipe(JobEntry job) {
        ripe.add(job);
    }

    void addStray(int pods) {
        stray += pods;
    }
}
