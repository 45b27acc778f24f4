package io.syncjobs.core.index;

import io.syncjobs.api.State;
import io.syncjobs.api.SyncQueueSpec;
import io.syncjobs.core.Assignment.Slot;
import io.syncjobs.core.QueueKey;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.Optional;
import java.util.SequencedSet;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * All jobs, queues and pods as far as decisions need them, kept up to date event by event. One thread uses it; it does no I/O and
 * reads no clock. Each event takes O(log n), and no question looks at all jobs.
 *
 * <p>Each object is known at the latest version that anybody has told: the watch, the answer to an own write, a read. What is
 * older is ignored, so it does not matter in which order they come.
 */
public final class JobIndex {
    /** How long facts stand before it is asked whether they are still true. */
    private final long refreshMillis;

    private final long patienceMillis;
    private final boolean jobTemplates;
    private final Map<String, JobEntry> jobs = new HashMap<>();
    /** The same twice: to find one quickly, and in their order. */
    private final Map<QueueKey, QueueIndex> queuesByKey = new HashMap<>();

    private final NavigableMap<QueueKey, QueueIndex> queues = new TreeMap<>();
    private final Map<String, Set<String>> workers = new HashMap<>();
    private final OwnWrites writes = new OwnWrites();

    private final WorkerIndex pools = new WorkerIndex(this::poolChanged);
    private final Slots slots = new Slots(pools);
    private final PodIndex pods = new PodIndex(this::isKnown, this::addStray);
    private final TreeSet<JobEntry> early = new TreeSet<>(Orders.DUE);
    private final TreeSet<JobEntry> looks = new TreeSet<>(Orders.LOOK);
    private final SequencedSet<JobEntry> refreshes = new LinkedHashSet<>();
    private final SequencedSet<QueueIndex> dirty = new LinkedHashSet<>();
    private final Set<Consumer<QueueKey>> listeners = new LinkedHashSet<>();
    private final List<Reading> readings = new ArrayList<>();
    private int sweep;
    private long now;

    /** The same where jobs' own templates are run. */
    public JobIndex(Duration patience, Duration refresh) {
        this(patience, refresh, true);
    }

    /**
     * Knows nothing yet.
     *
     * @param patience how long a job waits before it is told why
     * @param refresh how long what a job was told stands before its facts are looked at again
     * @param jobTemplates whether a job's own template is run
     */
    public JobIndex(Duration patience, Duration refresh, boolean jobTemplates) {
        this.jobTemplates = jobTemplates;
        patienceMillis = patience.toMillis();
        refreshMillis = refresh.toMillis();
    }

    /** Is told the key of each queue of which anything has changed. */
    public void onChange(Consumer<QueueKey> listener) {
        listeners.add(listener);
    }

    // --- what is told ---

    /** A job as somebody has seen it; false where it is known at that version or a later one. */
    public boolean see(JobEntry job) {
        var before = jobs.get(job.uid());
        if (before != null && before.version() >= job.version()) return false;
        if (before != null) unfile(before);
        else pods.jobComes(job.uid());
        job.sweep = sweep;
        jobs.put(job.uid(), job);
        writes.passed(job);
        file(job);
        return true;
    }

    /** A job is deleted. {@code podMayCome} where this process has asked for its pod, or may have done so. */
    public void gone(String uid, boolean podMayCome) {
        readings.forEach(reading -> reading.gone(uid));
        var job = jobs.remove(uid);
        if (job == null) return;
        unfile(job);
        writes.forget(uid);
        slots.forget(uid);
        pods.jobGone(job, podMayCome, now);
    }

    public void see(PodEntry pod) {
        pods.see(pod);
    }

    public void podGone(String uid) {
        readings.forEach(reading -> reading.gone(uid));
        pods.gone(uid);
    }

    /** A queue as somebody has seen it; what is older than what is known is ignored. */
    public void see(QueueKey key, SyncQueueSpec spec, long version) {
        if (!queue(key).isNews(version, sweep)) return;
        change(key, spec);
    }

    public void queueGone(QueueKey key) {
        change(key, null);
    }

    private void change(QueueKey key, @Nullable SyncQueueSpec spec) {
        var queue = queue(key);
        var before = new Judging(queue);
        if (!queue.set(spec)) return;
        namePool(queue);
        if (!before.equals(new Judging(queue))) {
            for (var job : queue.pending()) {
                unfile(job);
                file(job);
            }
        }
        change(queue);
        release(key);
    }

    /** What of a queue decides how its jobs are filed. */
    private record Judging(boolean found, boolean saysHow, int priority) {
        Judging(QueueIndex queue) {
            this(queue.spec().isPresent(), queue.saysHow(), queue.defaultPriority());
        }
    }

    private void namePool(QueueIndex queue) {
        var before = queue.pool();
        var next = queue.spec()
                .map(SyncQueueSpec::workerPool)
                .map(name -> pools.pool(new PoolKey(queue.key().namespace(), name)));
        if (before.equals(next)) return;
        queue.pool(next.orElse(null));
        next.ifPresent(pool -> pool.name(queue));
        before.ifPresent(pool -> pools.unname(pool, queue));
    }

    private void poolChanged(PoolIndex pool) {
        pool.queues().forEach(this::change);
    }

    /** A read of all objects has begun: what goes away meanwhile is not brought back by it. */
    public Reading read() {
        var reading = new Reading(this, readings::remove);
        readings.add(reading);
        return reading;
    }

    // --- sweeps ---

    /** A list of everything begins: what is not in it, and is not seen meanwhile, is to be asked for. */
    public void beginSweep() {
        sweep++;
        pods.beginSweep();
    }

    /** A job is listed; false where it is not known at that version. */
    public boolean listed(String uid, long version) {
        var job = jobs.get(uid);
        if (job == null) return false;
        job.sweep = sweep;
        if (writes.unchanged(uid, version)) refile(job);
        return job.version() >= version;
    }

    /** The same of a pod. */
    public boolean podListed(String uid, long version) {
        return pods.listed(uid, version);
    }

    /** The same of a queue. */
    public boolean queueListed(String namespace, String name, long version) {
        var queue = queuesByKey.get(new QueueKey(namespace, name));
        return queue != null && queue.isListed(version, sweep);
    }

    /** The jobs that the list should have had. */
    public List<JobEntry> unlistedJobs() {
        return jobs.values().stream().filter(job -> job.sweep != sweep).toList();
    }

    public List<PodEntry> unlistedPods() {
        return pods.unlisted();
    }

    public List<QueueKey> unlistedQueues() {
        return queues.values().stream()
                .filter(queue -> queue.isUnlisted(sweep))
                .map(QueueIndex::key)
                .toList();
    }

    // --- own writes ---

    /** A write is sent that gives a job a place: it has it from now on. */
    public void assume(JobEntry job) {
        writes.send(job);
        slots.forget(job.uid());
        refile(job);
    }

    /** The same of a write that gives it to a warm worker. */
    public void assume(JobEntry job, Slot slot) {
        writes.send(job);
        give(job, slot);
        refile(job);
    }

    /** A write that waits for its answer, or has got none, names this worker, or does so when it is sent again. */
    public void give(JobEntry job, Slot slot) {
        slots.give(job, slot);
    }

    /** The answer to an own write: one to a job that is deleted meanwhile does not bring it back. */
    public void confirm(JobEntry job) {
        if (jobs.containsKey(job.uid())) see(job);
    }

    /** The write was not sent. */
    public void withheld(String uid, long version) {
        writes.withheld(uid, version);
        refile(uid, version);
    }

    /** The write was refused. */
    public void refused(String uid, long version, Refusal how) {
        writes.refused(uid, version, how, now);
        refile(uid, version);
    }

    /** Nothing can be written to this version of a job: it waits for its turn no more until it has changed. */
    public void full(JobEntry job) {
        var known = jobs.get(job.uid());
        if (known == null || known.version() != job.version()) return;
        writes.full(known);
        refile(known);
    }

    /** No answer came: the write may still be carried out. */
    public void unknown(String uid, long version) {
        writes.unknown(uid, version, now);
        refile(uid, version);
    }

    /** The jobs to which it is time to write once more, because no answer came; each is told once until {@link #unknown}. */
    public List<JobEntry> unresolved() {
        return writes.resend(now).stream()
                .map(jobs::get)
                .filter(Objects::nonNull)
                .toList();
    }

    // --- time ---

    /** It is later now: jobs become due, and have waited long enough. */
    public void advance(Instant time) {
        now = time.toEpochMilli();
        while (!early.isEmpty() && early.first().dueMillis() <= now) refile(early.first());
        for (var uid : writes.retryable(now)) {
            var job = jobs.get(uid);
            if (job != null) refile(job);
        }
        while (!looks.isEmpty() && looks.first().lookAt <= now) look(looks.pollFirst());
        pods.advance(now);
    }

    /** When time alone will change something about who may run. */
    public Optional<Instant> nextChange() {
        var due = early.isEmpty() ? JobEntry.NEVER : early.first().dueMillis();
        var next = Math.min(due, Math.min(writes.nextChange(), pods.nextChange()));
        return next == JobEntry.NEVER ? Optional.empty() : Optional.of(Instant.ofEpochMilli(next));
    }

    private void look(JobEntry job) {
        if (!job.ripe) {
            job.ripe = true;
            queue(job.queue()).addRipe(job);
            change(queue(job.queue()));
            if (job.told() == null) return;
            job.lookAt = job.ripeAt(patienceMillis) + refreshMillis;
            looks.add(job);
        } else {
            job.lookAt = JobEntry.NEVER;
            refreshes.add(job);
        }
    }

    // --- what is asked ---

    public Optional<JobEntry> job(String uid) {
        return Optional.ofNullable(jobs.get(uid));
    }

    public Optional<PodEntry> pod(String uid) {
        return pods.pod(uid);
    }

    public Collection<JobEntry> jobs() {
        return Collections.unmodifiableCollection(jobs.values());
    }

    public Collection<PodEntry> pods() {
        return pods.all();
    }

    /** The queues that exist or are named by a job, in their order. */
    public NavigableMap<QueueKey, QueueIndex> queues() {
        return Collections.unmodifiableNavigableMap(queues);
    }

    /** The queue of a job. */
    public QueueIndex queueOf(JobEntry job) {
        return queue(job.queue());
    }

    /** The pools and their workers. */
    public WorkerIndex workers() {
        return pools;
    }

    /** The jobs that warm workers have, as their status says. */
    public Collection<JobEntry> warmJobs() {
        return slots.jobs();
    }

    /** The jobs that a worker has. */
    public Set<String> jobsOf(String namespace, String worker) {
        return Collections.unmodifiableSet(workers.getOrDefault(namespace + "/" + worker, Set.of()));
    }

    /** Where a Pending job would be filed if nothing had been written to it. */
    public Group groupWithoutWrite(JobEntry job) {
        return groupOfWaiting(job, queueOf(job));
    }

    /** True where an own write to the job waits for its answer, or has got none. */
    public boolean isWriting(String uid) {
        return writes.holds(uid);
    }

    /** The next queue of which something has changed that may let a job run. */
    public Optional<QueueIndex> pollDirty() {
        return dirty.isEmpty() ? Optional.empty() : Optional.of(dirty.removeFirst());
    }

    /** The next queue whose turn it is for the slot of a worker. */
    public Optional<QueueIndex> pollLine() {
        return pools.pollLine();
    }

    /** The queue has a job for a worker: it waits for its turn among the queues of its pool. */
    public void lineUp(QueueIndex queue) {
        queue.pool().ifPresent(pool -> pools.lineUp(pool, queue));
    }

    /** The queue is to be planned again, after the others. */
    public void again(QueueIndex queue) {
        dirty.add(queue);
    }

    /** Jobs of which the facts are to be looked at again: what they were told may be out of date. Each is told once. */
    public List<JobEntry> refreshes(int atMost) {
        var next = new ArrayList<JobEntry>();
        while (next.size() < atMost && !refreshes.isEmpty()) {
            var job = refreshes.removeFirst();
            job.lookAt = now + refreshMillis;
            looks.add(job);
            next.add(job);
        }
        return next;
    }

    // --- where jobs are filed ---

    private boolean isKnown(String uid) {
        return jobs.containsKey(uid);
    }

    QueueIndex queue(QueueKey key) {
        var known = queuesByKey.get(key);
        if (known != null) return known;
        var queue = new QueueIndex(key);
        queuesByKey.put(key, queue);
        queues.put(key, queue);
        return queue;
    }

    private void change(QueueIndex queue) {
        dirty.add(queue);
        listeners.forEach(listener -> listener.accept(queue.key()));
    }

    private void addStray(QueueKey key, int pods) {
        var queue = queue(key);
        queue.addStray(pods);
        change(queue);
        release(key);
    }

    /** A queue that nobody created and no job names is forgotten. */
    private void release(QueueKey key) {
        var queue = queuesByKey.get(key);
        if (queue == null || !queue.isUnused()) return;
        queuesByKey.remove(key);
        queues.remove(key);
        dirty.remove(queue);
    }

    private void refile(String uid, long version) {
        var job = jobs.get(uid);
        if (job != null && job.version() == version) refile(job);
    }

    private void refile(JobEntry job) {
        var queue = queue(job.queue());
        if (groupOf(job, queue) == job.group) return;
        unfile(job);
        file(job);
    }

    private void file(JobEntry job) {
        var queue = queue(job.queue());
        job.queue = queue.key();
        job.priority = job.priorityOr(queue.defaultPriority());
        job.group = groupOf(job, queue);
        if (job.group.waits()) expectReason(job);
        queue.add(job);
        slots.take(job, writes.holds(job.uid()));
        if (job.group.isTimed()) early.add(job);
        if (job.worker() != null && job.state().occupying()) {
            workers.computeIfAbsent(worker(job), worker -> new LinkedHashSet<>(2))
                    .add(job.uid());
        }
        change(queue);
    }

    private void unfile(JobEntry job) {
        var queue = queue(job.queue());
        queue.remove(job);
        slots.leave(job);
        if (job.group.isTimed()) early.remove(job);
        if (job.lookAt != JobEntry.NEVER) looks.remove(job);
        refreshes.remove(job);
        job.lookAt = JobEntry.NEVER;
        job.ripe = false;
        if (job.worker() != null && job.state().occupying()) {
            workers.computeIfPresent(worker(job), (worker, uids) -> {
                uids.remove(job.uid());
                return uids.isEmpty() ? null : uids;
            });
        }
        change(queue);
        release(queue.key());
    }

    /** When it is to be looked whether it is told why it waits, and rightly. */
    private void expectReason(JobEntry job) {
        var ripe = job.ripeAt(patienceMillis);
        job.ripe = ripe <= now;
        job.lookAt = !job.ripe ? ripe : job.told() == null ? JobEntry.NEVER : laterBy(job.toldTime(), refreshMillis);
        if (job.lookAt != JobEntry.NEVER) looks.add(job);
    }

    private static long laterBy(long time, long wait) {
        return time == JobEntry.NEVER ? 0 : time + wait;
    }

    private Group groupOf(JobEntry job, QueueIndex queue) {
        if (job.state().finished()) return Group.FINISHED;
        if (job.state() != State.PENDING || writes.holds(job.uid())) return Group.HELD;
        return writes.keepsAside(job.uid()) ? Group.ASIDE : groupOfWaiting(job, queue);
    }

    private Group groupOfWaiting(JobEntry job, QueueIndex queue) {
        if (job.isAside()) return Group.ASIDE;
        if (queue.spec().isEmpty()) return Group.HOMELESS;
        if (job.hasTemplate() ? !jobTemplates : !queue.saysHow()) return Group.UNRUNNABLE;
        if (job.dueMillis() <= now) return Group.READY;
        return job.retries() ? Group.BACKOFF : Group.EARLY;
    }

    private static String worker(JobEntry job) {
        return job.namespace() + "/" + job.worker();
    }
}
