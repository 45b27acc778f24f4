package io.syncjobs.core.index;

import io.syncjobs.api.SyncQueueSpec;
import io.syncjobs.core.run.Assignment.Slot;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * All jobs, queues, pods and workers, reduced to what decisions need, and kept up to date event by event. One thread uses the
 * index. It does no I/O and reads no clock. Each event takes O(log n), and no question looks at all jobs.
 *
 * <p>The index learns about an object from the watch, from the answer to an own write, or from a read. It keeps the latest
 * version and ignores older ones, so the order in which they arrive does not matter.
 */
public final class JobIndex {
    private final Map<String, JobEntry> jobs = new HashMap<>();
    private final QueueTable queues = new QueueTable();
    private final OwnWrites writes = new OwnWrites();
    private final WorkerIndex workers = new WorkerIndex(this::poolChanged);
    private final Slots slots = new Slots(workers);
    private final PodIndex pods = new PodIndex(jobs::containsKey, queues::addStray);
    private final JobFiles files;
    private final SweepMarks sweep;
    private final List<Reading> readings = new ArrayList<>();
    private long now;

    /** An index for an installation that runs templates of jobs. */
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
        files = new JobFiles(jobTemplates, queues, writes, slots, new ReasonTimes(patience, refresh));
        sweep = new SweepMarks(jobs, queues, pods, writes, files);
    }

    /** Calls {@code listener} with the key of each queue whenever something about the queue changes. */
    public void onChange(Consumer<QueueKey> listener) {
        queues.onChange(listener);
    }

    /** Keeps in {@code changed} the keys of queues that have changed, as long as the index knows these queues. */
    public void noteChanges(Set<QueueKey> changed) {
        queues.noteChanges(changed);
    }

    // --- what is told ---

    /** Takes in a job; returns false if the index knows that version or a later one. */
    public boolean see(JobEntry job) {
        var before = jobs.get(job.uid());
        if (before != null && before.version() >= job.version()) return false;
        if (before != null) files.unfile(before);
        else pods.jobComes(job.uid());
        job.sweep = sweep.number();
        jobs.put(job.uid(), job);
        writes.passed(job);
        files.file(job);
        return true;
    }

    /** Takes in that a job was deleted. {@code podMayCome} is true if this process may have asked for a pod of the job. */
    public void gone(String uid, boolean podMayCome) {
        readings.forEach(reading -> reading.gone(uid));
        var job = jobs.remove(uid);
        if (job == null) return;
        files.unfile(job);
        writes.forget(uid);
        slots.forget(uid);
        pods.jobGone(job, podMayCome, now);
    }

    /** Takes in a pod of a job; an older version than the known one is ignored. */
    public void see(PodEntry pod) {
        pods.see(pod);
    }

    /** Takes in that a pod of a job was deleted. */
    public void podGone(String uid) {
        readings.forEach(reading -> reading.gone(uid));
        pods.gone(uid);
    }

    /** Takes in a queue; an older version than the known one is ignored. */
    public void see(QueueKey key, SyncQueueSpec spec, long version) {
        if (!queues.get(key).isNews(version, sweep.number())) return;
        change(key, spec);
    }

    /** Takes in that a queue was deleted. Its jobs wait for it. */
    public void queueGone(QueueKey key) {
        change(key, null);
    }

    private void change(QueueKey key, @Nullable SyncQueueSpec spec) {
        var queue = queues.get(key);
        var before = new JobFiles.Rules(queue);
        if (queue.set(spec)) {
            workers.name(queue);
            if (!before.equals(new JobFiles.Rules(queue))) files.refilePending(queue);
            queues.change(queue);
        }
        queues.release(key);
    }

    private void poolChanged(PoolIndex pool) {
        pool.queues().forEach(queues::change);
    }

    /** Begins a read of all objects. What is deleted during the read does not come back with its answer. */
    public Reading read() {
        var reading = new Reading(this, readings::remove);
        readings.add(reading);
        return reading;
    }

    // --- own writes ---

    /** A write that gives the job a place is being sent. From now on the job counts as having the place. */
    public void assume(JobEntry job) {
        writes.send(job);
        slots.forget(job.uid());
        files.refile(job);
    }

    /** A write that gives the job to a warm worker is being sent. */
    public void assume(JobEntry job, Slot slot) {
        writes.send(job);
        give(job, slot);
        files.refile(job);
    }

    /** Records which worker is named by a write to the job that has no answer yet, or by the next try of that write. */
    public void give(JobEntry job, Slot slot) {
        slots.give(job, slot);
    }

    /** Takes in the answer to an own write. The answer does not bring back a job that was deleted meanwhile. */
    public void confirm(JobEntry job) {
        if (jobs.containsKey(job.uid())) see(job);
    }

    /** The write was not sent after all. */
    public void withheld(JobEntry job) {
        writes.withheld(job);
        refile(job);
    }

    /** The API server refused the write. */
    public void refused(JobEntry job, Refusal how) {
        writes.refused(job, how, now);
        refile(job);
    }

    /** The object is too large for any write. The job is kept aside until the object changes. */
    public void full(JobEntry job) {
        filed(job).ifPresent(same -> {
            writes.full(same);
            files.refile(same);
        });
    }

    /** The write got no answer and may still be carried out. */
    public void unknown(JobEntry job) {
        writes.unknown(job, now);
        refile(job);
    }

    /**
     * The jobs whose unanswered write should be sent again now. Each job is returned once, until {@link #unknown} is called for
     * it.
     */
    public List<JobEntry> unresolved() {
        return writes.resend(now).stream()
                .map(jobs::get)
                .filter(Objects::nonNull)
                .toList();
    }

    // --- time ---

    /** It is {@code time} now: jobs become due, and jobs have waited long enough to be told why. */
    public void advance(Instant time) {
        now = time.toEpochMilli();
        files.advance(now);
        writes.retryable(now).stream().map(jobs::get).filter(Objects::nonNull).forEach(files::refile);
        files.advanceReasons();
        pods.advance(now);
    }

    /** The next time at which the passing of time alone changes which jobs may run. */
    public Optional<Instant> nextChange() {
        var next = Math.min(files.nextDue(), Math.min(writes.nextChange(), pods.nextChange()));
        return next == JobEntry.NEVER ? Optional.empty() : Optional.of(Instant.ofEpochMilli(next));
    }

    // --- what is asked ---

    /** The job with this uid; empty if it is not known. */
    public Optional<JobEntry> job(String uid) {
        return Optional.ofNullable(jobs.get(uid));
    }

    /** The pod with this uid; empty if it is not known. */
    public Optional<PodEntry> pod(String uid) {
        return pods.pod(uid);
    }

    /** All jobs, in no order. The result changes with the index. */
    public Collection<JobEntry> jobs() {
        return Collections.unmodifiableCollection(jobs.values());
    }

    /** All pods of jobs, in no order. The result changes with the index. */
    public Collection<PodEntry> pods() {
        return pods.all();
    }

    /** The queues that somebody created or that a job names, in the order of their keys. */
    public NavigableMap<QueueKey, QueueIndex> queues() {
        return queues.inOrder();
    }

    /** The queue of a job. */
    public QueueIndex queueOf(JobEntry job) {
        return queues.get(job.queue());
    }

    /** The pools and their workers. */
    public WorkerIndex workers() {
        return workers;
    }

    /** Compares the index with a list of all objects. */
    public SweepMarks sweep() {
        return sweep;
    }

    /** The jobs that warm workers have according to their status. */
    Collection<JobEntry> warmJobs() {
        return slots.jobs();
    }

    /** The group of a Pending job if no write to it were under way. */
    public Group groupWithoutWrite(JobEntry job) {
        return files.groupOfWaiting(job, queueOf(job));
    }

    /** True while an own write to the job has no answer. */
    public boolean isWriting(String uid) {
        return writes.holds(uid);
    }

    /** The next queue in which a change may let a job run. */
    public Optional<QueueIndex> pollDirty() {
        return queues.pollChanged();
    }

    /** The next queue in line for a free slot of a worker. */
    public Optional<QueueIndex> pollLine() {
        return workers.pollLine();
    }

    /** Puts the queue in line for a slot of its pool, because it has a job for a worker. */
    public void lineUp(QueueIndex queue) {
        queue.pool().ifPresent(pool -> workers.lineUp(pool, queue));
    }

    /** Has the queue planned again, after the others. */
    public void again(QueueIndex queue) {
        queues.again(queue);
    }

    /** The next jobs whose told reason may be out of date; each is returned once per refresh. */
    public List<JobEntry> refreshes(int atMost) {
        return files.refreshes(atMost);
    }

    /** The job as it is filed; empty if it was deleted, or if a later version is known. */
    private Optional<JobEntry> filed(JobEntry job) {
        return job(job.uid()).filter(same -> same.version() == job.version());
    }

    private void refile(JobEntry job) {
        filed(job).ifPresent(files::refile);
    }
}
