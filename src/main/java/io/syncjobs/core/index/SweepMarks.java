package io.syncjobs.core.index;

import java.util.List;
import java.util.Map;

/**
 * Compares the index with a list of all objects, which a sweep reads. An object that the index learned about after the sweep
 * began counts as listed too.
 */
public final class SweepMarks {
    private final Map<String, JobEntry> jobs;
    private final QueueTable queues;
    private final PodIndex pods;
    private final OwnWrites writes;
    private final JobFiles files;
    private int sweep;

    SweepMarks(Map<String, JobEntry> jobs, QueueTable queues, PodIndex pods, OwnWrites writes, JobFiles files) {
        this.jobs = jobs;
        this.queues = queues;
        this.pods = pods;
        this.writes = writes;
        this.files = files;
    }

    /** A list of all objects begins: no object is marked yet. */
    public void begin() {
        sweep++;
        pods.beginSweep();
    }

    /** The number of the current sweep: the mark on an object that it has shown. */
    int number() {
        return sweep;
    }

    /** The list has this job; returns false where the index does not know it at that version or a later one. */
    public boolean job(String uid, long version) {
        var job = jobs.get(uid);
        if (job == null) return false;
        job.sweep = sweep;
        if (writes.unchanged(uid, version)) files.refile(job);
        return job.version() >= version;
    }

    /** The list has this pod; returns as for a job. */
    public boolean pod(String uid, long version) {
        return pods.listed(uid, version);
    }

    /** The list has this queue; returns as for a job. */
    public boolean queue(QueueKey key, long version) {
        return queues.listed(key, version, sweep);
    }

    /** The known jobs that the list has not shown. */
    public List<JobEntry> unlistedJobs() {
        return jobs.values().stream().filter(job -> job.sweep != sweep).toList();
    }

    /** The known pods that the list has not shown. */
    public List<PodEntry> unlistedPods() {
        return pods.unlisted();
    }

    /** The known queues that the list has not shown. */
    public List<QueueKey> unlistedQueues() {
        return queues.unlisted(sweep);
    }
}
