package io.syncjobs.core.index;

import static java.util.Comparator.comparingInt;
import static java.util.Comparator.comparingLong;
import static java.util.Objects.requireNonNull;
import static java.util.Objects.requireNonNullElse;

import io.syncjobs.api.Names;
import io.syncjobs.api.State;
import io.syncjobs.api.SyncQueueSpec;
import io.syncjobs.core.Limits;
import io.syncjobs.core.QueueKey;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** One queue in the index: its jobs in their order, its places, its counts. */
public final class QueueIndex {
    /** The one order: priority, then creation, then name. */
    static final Comparator<JobEntry> ORDER = comparingInt((JobEntry job) -> job.priority)
            .thenComparingLong(JobEntry::created)
            .thenComparing(JobEntry::name)
            .thenComparing(JobEntry::uid);

    private static final Comparator<JobEntry> OLDEST_FIRST =
            comparingLong(JobEntry::since).thenComparing(JobEntry::uid);

    private static final Comparator<JobEntry> FINISHED_FIRST =
            comparingLong(JobEntry::finishedMillis).thenComparing(JobEntry::uid);

    /** Jobs of one group whose status says the same reason; the empty one for none. */
    private record Told(Group group, String reason) {}

    private final QueueKey key;
    private Optional<SyncQueueSpec> created = Optional.empty();
    private final Map<State, Integer> counts = new EnumMap<>(State.class);
    private final OrderedSet<JobEntry> ready = new OrderedSet<>(ORDER);
    /** Of the ready ones those with a template of their own. */
    private final OrderedSet<JobEntry> ownTemplate = new OrderedSet<>(ORDER);

    private final OrderedSet<JobEntry> unrunnable = new OrderedSet<>(ORDER);
    private final Map<Told, OrderedSet<JobEntry>> ripe = new HashMap<>();
    private final TreeSet<JobEntry> pending = new TreeSet<>(OLDEST_FIRST);
    /** Those that hold a place though their pod cannot start. */
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

    /** Its spec; the queue named default exists without being created. */
    public Optional<SyncQueueSpec> spec() {
        return created.or(
                () -> key.name().equals(Names.DEFAULT_QUEUE) ? Optional.of(SyncQueueSpec.BUILT_IN) : Optional.empty());
    }

    /** True where somebody has created it. */
    public boolean isCreated() {
        return created.isPresent();
    }

    public int count(State state) {
        return counts.getOrDefault(state, 0);
    }

    public int capacity() {
        return spec().map(spec -> requireNonNullElse(spec.capacity(), SyncQueueSpec.DEFAULT_CAPACITY))
                .orElse(0);
    }

    /** The places that are taken: by jobs, by own writes without an answer, by pods without a job. */
    public int occupied() {
        return held + stray;
    }

    /** The places that are taken by jobs. */
    public int heldByJobs() {
        return held;
    }

    /** The jobs that hold a place though their pod cannot start, by name. */
    public SortedSet<JobEntry> stuck() {
        return Collections.unmodifiableSortedSet(stuck);
    }

    public int free() {
        return Math.max(0, capacity() - occupied());
    }

    public boolean isPaused() {
        return spec().map(SyncQueueSpec::paused).orElse(false);
    }

    /** The pool that runs its jobs, created or not; empty where each runs in a pod of its own. */
    public Optional<PoolIndex> pool() {
        return Optional.ofNullable(pool);
    }

    /** True for a job that a warm worker runs: one with a template of its own runs in its own pod all the same. */
    public boolean runsWarm(JobEntry job) {
        return pool != null && !job.hasTemplate();
    }

    /** The next job whose turn it is, of those that run in a pod of their own. */
    public Optional<JobEntry> headForPod() {
        return pool == null ? ready.first() : ownTemplate.first();
    }

    /** The same of those that run on a warm worker. */
    public Optional<JobEntry> headForWorker() {
        if (pool == null) return Optional.empty();
        if (ownTemplate.isEmpty()) return ready.first();
        for (var job : ready) {
            if (!job.hasTemplate()) return Optional.of(job);
        }
        return Optional.empty();
    }

    /** How many ready jobs are before this one. */
    public int rank(JobEntry job) {
        return ready.rank(job);
    }

    /** The first due job, in the one order, that waits although {@code places} ready ones before it may go. */
    public Optional<JobEntry> firstThatWaits(int places) {
        var head = nth(places);
        var other = unrunnable.first();
        if (head.isEmpty() || other.isEmpty()) return head.or(() -> other);
        return Optional.of(ORDER.compare(head.get(), other.get()) < 0 ? head.get() : other.get());
    }

    /** The first ready ones, in their order. */
    public List<JobEntry> first(int atMost) {
        var found = new ArrayList<JobEntry>();
        take(ready, atMost, found);
        return found;
    }

    private Optional<JobEntry> nth(int rank) {
        return ready.get(rank);
    }

    /** Since when the job is due that has been so for longest. */
    public Optional<Instant> oldestDue(Instant now) {
        return oldestPending().filter(since -> !since.isAfter(now));
    }

    /** Since when that Pending job could have run, or from when on it may, that has the earliest such time. */
    public Optional<Instant> oldestPending() {
        return pending.isEmpty()
                ? Optional.empty()
                : Optional.of(Instant.ofEpochMilli(pending.first().since()));
    }

    /** The finished jobs of one state, the one that finished first at the head. */
    public Iterable<JobEntry> finished(State state) {
        var jobs = finished.get(state);
        return jobs == null ? List.of() : jobs;
    }

    /**
     * The first jobs, in their order, of one group that have waited long enough to be told why and of which the status says
     * something else than {@code reason}.
     */
    public List<JobEntry> untold(Group group, String reason, int atMost) {
        var found = new ArrayList<JobEntry>();
        ripe.forEach((told, jobs) -> {
            if (told.group() != group || told.reason().equals(reason)) return;
            take(jobs, atMost, found);
        });
        found.sort(ORDER);
        return found.size() <= atMost ? found : found.subList(0, atMost);
    }

    /**
     * The first ready jobs, in their order, that have waited long enough to be told why and of which the status says something else
     * than it should.
     *
     * @param front what the first {@code places} should say; the empty text where they need not be told anything
     * @param rear what the others should say
     */
    public List<JobEntry> untoldReady(String front, String rear, int places, int atMost) {
        var found = new ArrayList<JobEntry>();
        var behind = ready.get(places);
        ripe.forEach((told, jobs) -> {
            if (told.group() != Group.READY) return;
            if (!told.reason().equals(front)) takeUntil(jobs, behind, atMost, found);
            if (!told.reason().equals(rear)) behind.ifPresent(first -> take(jobs.from(first), atMost, found));
        });
        found.sort(ORDER);
        return found.size() <= atMost ? found : found.subList(0, atMost);
    }

    private static void takeUntil(OrderedSet<JobEntry> jobs, Optional<JobEntry> end, int atMost, List<JobEntry> into) {
        var each = jobs.iterator();
        for (var i = 0; i < atMost && each.hasNext(); i++) {
            var job = each.next();
            if (end.isPresent() && ORDER.compare(job, end.get()) >= 0) return;
            into.add(job);
        }
    }

    /** The first jobs, in their order, of one group of which the status says {@code reason}. */
    public List<JobEntry> told(Group group, String reason, int atMost) {
        var found = new ArrayList<JobEntry>();
        var jobs = ripe.get(new Told(group, reason));
        if (jobs != null) take(jobs, atMost, found);
        return found;
    }

    private static void take(OrderedSet<JobEntry> jobs, int atMost, List<JobEntry> into) {
        take(jobs.iterator(), atMost, into);
    }

    private static void take(Iterator<JobEntry> each, int atMost, List<JobEntry> into) {
        for (var i = 0; i < atMost && each.hasNext(); i++) into.add(each.next());
    }

    /** False for a version that is known, or older. */
    boolean isNews(long seen, int sweep) {
        listed = sweep;
        if (seen <= version) return false;
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

    /** True where it says how a job runs that does not say so itself. */
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

    /** Returns false where nothing of it has changed that decides on jobs. */
    boolean set(@Nullable SyncQueueSpec next) {
        var before = created;
        created = Optional.ofNullable(next);
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
                finished.computeIfAbsent(job.state(), state -> new TreeSet<>(FINISHED_FIRST))
                        .add(job);
            case HELD -> held++;
            case READY -> {
                ready.add(job);
                if (job.hasTemplate()) ownTemplate.add(job);
            }
            case UNRUNNABLE -> unrunnable.add(job);
            default -> {}
        }
        if (job.isStuck()) stuck.add(job);
        if (job.ripe) addRipe(job);
    }

    void remove(JobEntry job) {
        counts.merge(job.state(), -1, Integer::sum);
        if (job.state() == State.PENDING) pending.remove(job);
        switch (job.group) {
            case FINISHED -> requireNonNull(finished.get(job.state())).remove(job);
            case HELD -> held--;
            case READY -> {
                ready.remove(job);
                if (job.hasTemplate()) ownTemplate.remove(job);
            }
            case UNRUNNABLE -> unrunnable.remove(job);
            default -> {}
        }
        if (job.isStuck()) stuck.remove(job);
        if (job.ripe) removeRipe(job);
    }

    void addRipe(JobEntry job) {
        ripe.computeIfAbsent(told(job), told -> new OrderedSet<>(ORDER)).add(job);
    }

    private void removeRipe(JobEntry job) {
        ripe.computeIfPresent(told(job), (told, jobs) -> {
            jobs.remove(job);
            return jobs.isEmpty() ? null : jobs;
        });
    }

    private static Told told(JobEntry job) {
        return new Told(job.group, requireNonNullElse(job.told(), ""));
    }

    void addStray(int pods) {
        stray += pods;
    }
}
