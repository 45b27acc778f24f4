package io.syncjobs.simulation;

import static java.util.Objects.requireNonNullElse;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.syncjobs.api.Names;
import io.syncjobs.api.State;
import io.syncjobs.api.SyncJob;
import io.syncjobs.api.SyncJobStatus;
import io.syncjobs.api.SyncQueue;
import io.syncjobs.api.SyncQueueSpec;
import io.syncjobs.api.SyncQueueStatus;
import io.syncjobs.core.JobFields;
import io.syncjobs.core.index.QueueKey;
import io.syncjobs.core.job.Command;
import io.syncjobs.core.job.Command.Kind;
import io.syncjobs.kube.Wire;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * What the API server does with its objects: compare and set, preconditions, the fence, and telling its watches.
 * {@link SimPods} and {@link SimPool} have the pods of jobs and of workers.
 */
final class ApiServer {
    static final String NAMESPACE = "shop";

    /** Changes of jobs of which a watch may still be told. */
    private static final int REMEMBERED = 2_000;

    /** So long after an outage the API server fills the caches that its watches begin from, and its store is slow. */
    private static final Duration FILLING = Duration.ofSeconds(10);

    private record Change(long version, Optional<SyncJob> was, Optional<SyncJob> is) {}

    private final World world;
    private final Map<String, SyncQueue> queues = new LinkedHashMap<>();
    private final Map<String, SyncJob> jobs = new LinkedHashMap<>();
    private final SimLeases leases;
    private final SimRest rest = new SimRest(this);
    private final SimPool pool;
    private final SimPods pods;
    private final List<Watch<SyncJob>> jobWatches = new ArrayList<>();
    private final List<Watch<SyncQueue>> queueWatches = new ArrayList<>();
    private final List<SimStream> streams = new ArrayList<>();
    private final ArrayDeque<Change> history = new ArrayDeque<>();
    private final Reality reality;
    private final Judge judge;
    private boolean away;
    private Instant watchesWell = World.START;
    private Instant storeWell = World.START;
    private Instant jobsWell = World.START;
    private Optional<Instant> scheduled = Optional.empty();
    private Optional<Instant> succeeded = Optional.empty();
    private Consumer<SyncJob> unanswered = job -> {};
    private boolean noAnnotations;
    private boolean closed;
    private boolean losesEvents;
    private Instant lostEvents = World.START;
    private Instant refusedAnnotations = World.START;

    ApiServer(World world, Reality reality, Judge judge) {
        this.world = world;
        this.reality = reality;
        this.judge = judge;
        leases = new SimLeases(world, judge.places());
        pool = new SimPool(leases::nextVersion);
        pods = new SimPods(world, leases, reality, judge, this::readJob);
    }

    Reality reality() {
        return reality;
    }

    Judge judge() {
        return judge;
    }

    SimRest rest() {
        return rest;
    }

    SimPool pool() {
        return pool;
    }

    SimLeases leases() {
        return leases;
    }

    boolean isAway() {
        return away;
    }

    /** With it all watches end, and for a while after it they begin slowly, and many writes get no answer. */
    void setAway(boolean away) {
        if (this.away && !away) {
            fillCaches();
            slowStore(FILLING, true);
        }
        this.away = away;
        if (away) {
            streams.forEach(SimStream::breaks);
            pool.leases().breakStreams();
        }
        world.say("API server", "", away ? "away" : "back", "");
    }

    /** For a while watches begin slowly. */
    void fillCaches() {
        watchesWell = world.now().plus(FILLING);
    }

    /**
     * For so long many writes get no answer, and are done later; reads go on. Where that is for what is asked about each write to
     * a job, and not for the store, {@code all} others go on too: who gives places without an answer keeps his Lease.
     */
    void slowStore(Duration time, boolean all) {
        var until = world.now().plus(time);
        if (all && until.isAfter(storeWell)) storeWell = until;
        if (until.isAfter(jobsWell)) jobsWell = until;
        world.say("API server", "", "has a slow store" + (all ? "" : " of jobs"), time);
    }

    /** Of jobs, or of all else. */
    boolean isStoreSlow(boolean ofJobs) {
        return world.now().isBefore(ofJobs ? jobsWell : storeWell);
    }

    /** How long a watch that is asked for now takes to begin. */
    Duration beginOfWatch() {
        return world.now().isBefore(watchesWell) ? world.seconds(0, (int) FILLING.toSeconds()) : Duration.ZERO;
    }

    /** The CronJob has begun a minute run. */
    void minuteRunBegins() {
        scheduled = Optional.of(world.now());
    }

    /** A minute run has succeeded. */
    void minuteRunSucceeds() {
        succeeded = Optional.of(world.now());
    }

    Optional<Instant> lastScheduled() {
        return scheduled;
    }

    Optional<Instant> lastSuccessful() {
        return succeeded;
    }

    /** {@code by} is called with each job that was sent a place, where no answer came. */
    void onUnansweredPlace(Consumer<SyncJob> by) {
        unanswered = by;
    }

    void placeUnanswered(String job) {
        jobNamed(job).ifPresent(unanswered);
    }

    boolean isClosed() {
        return closed;
    }

    /** Whether nobody but workers may list anything. */
    void setClosed(boolean closed) {
        this.closed = closed;
        world.traffic().allTroubled();
        world.say("API server", "", closed ? "lets nobody list" : "lets all list again", "");
    }

    Map<String, SyncQueue> queues() {
        return queues;
    }

    SyncQueue queue(String name) {
        return Optional.ofNullable(queues.get(name)).orElseThrow(() -> new Refused(404, name + " not found"));
    }

    SyncQueue queueStatus(String name, JsonNode changes) {
        var stored = queue(name);
        isAsSeen(stored.getMetadata(), changes.path("metadata"));
        var status = Wire.treeOf(requireNonNullElse(stored.getStatus(), SyncQueueStatus.NEW));
        Wire.merge(status, changes.path("status"));
        return storeQueue(name, stored.getSpec(), Wire.value(status, SyncQueueStatus.class));
    }

    private SyncQueue storeQueue(String name, SyncQueueSpec spec, SyncQueueStatus status) {
        var next = new SyncQueue();
        next.setMetadata(new ObjectMetaBuilder()
                .withName(name)
                .withNamespace(NAMESPACE)
                .withUid("uid-queue-" + name)
                .withResourceVersion(leases.nextVersion())
                .build());
        next.setSpec(spec);
        next.setStatus(status);
        queues.put(name, next);
        queueWatches.forEach(watch -> watch.tell(name, Optional.of(next)));
        return next;
    }

    /** Refuses what names a version or a uid that the object does not have. */
    private static void isAsSeen(ObjectMeta stored, JsonNode seen) {
        if (!seen.path("uid").asText(stored.getUid()).equals(stored.getUid())
                || !seen.path("resourceVersion")
                        .asText(stored.getResourceVersion())
                        .equals(stored.getResourceVersion())) throw new Refused(409, stored.getName() + " has changed");
    }

    Instant now() {
        return world.now();
    }

    /** The job of this name, where it is as it was seen. */
    SyncJob seen(String name, JsonNode seen) {
        var job = jobNamed(name).orElseThrow(() -> new Refused(404, "the job is gone"));
        isAsSeen(job.getMetadata(), seen);
        return job;
    }

    /** Of a simulated job the name says the uid. */
    Optional<SyncJob> jobNamed(String name) {
        return readJob("uid-" + name);
    }

    void putQueue(String name, SyncQueueSpec queue) {
        var stored = queues.getOrDefault(name, new SyncQueue());
        storeQueue(name, queue, requireNonNullElse(stored.getStatus(), SyncQueueStatus.NEW));
        var key = new QueueKey(NAMESPACE, name);
        reality.queue(key, requireNonNullElse(queue.capacity(), 0), Boolean.TRUE.equals(queue.paused()));
        world.say("person", "", "queue " + name, queue.capacity() + " paused " + queue.paused());
    }

    Map<String, SyncJob> jobs() {
        return jobs;
    }

    SimPods pods() {
        return pods;
    }

    void watchJobs(Watch<SyncJob> watch) {
        jobWatches.add(watch);
        watch.listed(jobs);
    }

    String version() {
        return leases.version();
    }

    /** Tells of the changes after that version, and of all to come. */
    void stream(SimStream stream, long since) {
        stream.startsAt(since);
        for (var change : history) if (change.version() > since) stream.tell(change.was(), change.is());
        streams.add(stream);
    }

    /** True where a watch that goes on has told this process of the job as it is. */
    boolean hasTold(SimProcess process, SyncJob job) {
        return streams.stream().anyMatch(stream -> stream.isOf(process) && stream.hasTold(JobFields.versionOf(job)));
    }

    /** The same, and the process has had a moment for it. */
    boolean hadTold(SimProcess process, SyncJob job) {
        return streams.stream().anyMatch(stream -> stream.isOf(process) && stream.hadTold(JobFields.versionOf(job)));
    }

    private void changed(Optional<SyncJob> was, Optional<SyncJob> is) {
        history.add(new Change(Long.parseLong(leases.version()), was, is));
        if (history.size() > REMEMBERED) history.remove();
        streams.removeIf(SimStream::isEnded);
        streams.forEach(stream -> stream.tell(was, is));
    }

    void watchQueues(Watch<SyncQueue> watch) {
        queueWatches.add(watch);
        watch.listed(queues);
    }

    void endWatches(SimProcess process) {
        queueWatches.removeIf(watch -> watch.isOf(process));
        jobWatches.removeIf(watch -> watch.isOf(process));
        pods.endWatches(process);
        streams.removeIf(stream -> stream.isOf(process));
        pool.endWatches(process);
    }

    void createJob(SyncJob job) {
        store(job, job.getMetadata().getAnnotations(), requireNonNullElse(job.getStatus(), SyncJobStatus.NEW));
    }

    Optional<SyncJob> readJob(String uid) {
        return Optional.ofNullable(jobs.get(uid));
    }

    /** A status write of {@code by}, with the version that was seen. */
    SyncJob writeStatus(SimProcess process, SyncJob seen, SyncJobStatus next) {
        var by = process.identity();
        var stored = current(seen);
        var before = JobFields.statusOf(stored);
        if (!before.state().occupying() && next.state().occupying()) leases.fence(by);
        if (by.startsWith(SimPool.NAME + "-")) fenceWorker(by, before, next);
        if (next.equals(before)) return stored;
        if (!before.state().occupying() && next.state().occupying()) judge.placing(process, stored, jobs.values());
        var written = store(stored, stored.getMetadata().getAnnotations(), next);
        judge.written(process, stored, written);
        return written;
    }

    /** A worker moves only what it has, along its way. */
    private static void fenceWorker(String by, SyncJobStatus before, SyncJobStatus next) {
        var stop = before.stop();
        var from = before.state();
        var to = next.state();
        var way = stop != null
                ? to == stop.target()
                : (from == State.ENQUEUED && (to == State.STARTED || to == State.PENDING))
                        || (from == State.STARTED && !to.occupying());
        if (!by.equals(before.worker()) || !way) throw new Refused(403, "refused by the workers' fence");
    }

    /** A dry run of a write that gives a place. */
    boolean tryPlace(String by, SyncJob seen, SyncJobStatus next) {
        current(seen);
        if (!next.state().occupying()) return true;
        leases.fence(by);
        return true;
    }

    /** Whether watches that may lose events are told nothing. */
    void loseEvents(boolean lose) {
        losesEvents = lose;
        lostEvents = world.now();
    }

    /** When watches were told nothing for the last time. */
    Instant lostEventsUntil() {
        return lostEvents;
    }

    boolean losesEvents() {
        return losesEvents;
    }

    void refuseAnnotations(boolean refuse) {
        noAnnotations = refuse;
        refusedAnnotations = world.now();
    }

    /** When the last policy that refused annotations has come or gone. */
    Instant refusedAnnotationsUntil() {
        return refusedAnnotations;
    }

    boolean refusesAnnotations() {
        return noAnnotations;
    }

    /** A process changes annotations, which is how it takes this step. */
    SyncJob annotate(SyncJob seen, Map<String, Optional<String>> changes) {
        if (noAnnotations) {
            judge.denied(seen);
            throw new Refused(403, "denied by a policy");
        }
        var stored = current(seen);
        var next = annotated(stored, changes);
        judge.annotated(stored, next);
        return next;
    }

    /** As kubectl does it, without a look at the version; who did it is noted. While another's command waits it is refused. */
    boolean command(String uid, Kind kind, String value, String by) {
        var job = readJob(uid);
        var mixed = job.stream()
                .flatMap(each -> Command.waiting(each).stream())
                .anyMatch(waiting -> !by.equals(waiting.by()));
        if (mixed) return false;
        job.ifPresent(
                each -> annotated(each, Map.of(kind.annotation(), Optional.of(value), Names.BY, Optional.of(by))));
        return true;
    }

    private SyncJob annotated(SyncJob stored, Map<String, Optional<String>> changes) {
        var annotations =
                new HashMap<>(requireNonNullElse(stored.getMetadata().getAnnotations(), Map.<String, String>of()));
        changes.forEach((name, value) ->
                value.ifPresentOrElse(text -> annotations.put(name, text), () -> annotations.remove(name)));
        return store(stored, annotations, JobFields.statusOf(stored));
    }

    /** Exactly as it was seen. */
    SyncJob deleteJob(SyncJob seen) {
        var stored = current(seen);
        judge.deleted(stored);
        delete(stored);
        return stored;
    }

    /** A person does not look. */
    void deleteJobAnyVersion(String uid) {
        readJob(uid).ifPresent(job -> {
            judge.gone(job);
            delete(job);
        });
    }

    /** The garbage collector deletes its pods later. */
    private void delete(SyncJob job) {
        var uid = job.getMetadata().getUid();
        jobs.remove(uid);
        leases.nextVersion();
        changed(Optional.of(job), Optional.empty());
        jobWatches.forEach(watch -> watch.tell(uid, Optional.empty()));
        pods.jobGone(uid);
    }

    private SyncJob current(SyncJob seen) {
        var stored = jobs.get(seen.getMetadata().getUid());
        if (stored == null) throw new Refused(404, "the job is gone");
        if (!stored.getMetadata().getResourceVersion().equals(seen.getMetadata().getResourceVersion()))
            throw new Refused(409, "the job has changed");
        return stored;
    }

    private SyncJob store(SyncJob job, Map<String, String> annotations, SyncJobStatus status) {
        var next = new SyncJob();
        next.setMetadata(new ObjectMetaBuilder(job.getMetadata())
                .withAnnotations(annotations)
                .withResourceVersion(leases.nextVersion())
                .build());
        next.setSpec(job.getSpec());
        next.setStatus(status);
        var uid = next.getMetadata().getUid();
        judge.changed(next);
        changed(Optional.ofNullable(jobs.put(uid, next)), Optional.of(next));
        jobWatches.forEach(watch -> watch.tell(uid, Optional.of(next)));
        return next;
    }
}
