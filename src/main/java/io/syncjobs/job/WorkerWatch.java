package io.syncjobs.job;

import static java.util.Objects.requireNonNullElse;

import io.syncjobs.api.Names;
import io.syncjobs.api.SyncJob;
import io.syncjobs.core.Observation;
import io.syncjobs.core.Run.WorkerRun;
import io.syncjobs.core.Settings;
import io.syncjobs.core.WorkerEnd;
import io.syncjobs.core.WorkerView;
import io.syncjobs.core.index.DueRuns;
import io.syncjobs.core.index.JobIndex;
import io.syncjobs.core.index.PoolIndex;
import io.syncjobs.core.index.PoolKey;
import io.syncjobs.core.index.WorkerEntry.Standing;
import io.syncjobs.core.index.WorkerIndex;
import io.syncjobs.core.index.WorkerPod;
import io.syncjobs.core.pool.PoolUsage;
import io.syncjobs.enqueuer.IndexFeed;
import io.syncjobs.enqueuer.IndexThread;
import io.syncjobs.kube.ApiException;
import io.syncjobs.kube.PodViews;
import io.syncjobs.kube.Pods;
import io.syncjobs.kube.Ticker;
import io.syncjobs.kube.Workers;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.BiConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the operator sees of warm workers. Their jobs wake no reconciler: each second the index is asked for those whose worker is
 * gone, silent or late, and these are looked at.
 */
public final class WorkerWatch {
    private static final Logger LOG = LoggerFactory.getLogger(WorkerWatch.class);

    /** A job for which there is something to do is looked at again after this time, should that have led to nothing. */
    private static final Duration AGAIN = Duration.ofSeconds(5);

    private final JobIndex index;
    private final IndexThread thread;
    private final IndexFeed feed;
    private final Workers workers;
    private final Pods pods;
    private final Settings settings;
    private final Executor writers;
    private final InstantSource clock;
    private final Ticker ticker;
    private final BiConsumer<String, String> look;

    /** When a job that is due was last looked at, by its uid; of the index's thread. */
    private Map<String, Long> looked = new HashMap<>();

    /** {@code look} has the job of that namespace and name looked at. */
    public WorkerWatch(
            JobIndex index,
            IndexThread thread,
            IndexFeed feed,
            Workers workers,
            Pods pods,
            Settings settings,
            Executor writers,
            InstantSource clock,
            Ticker ticker,
            BiConsumer<String, String> look) {
        this.index = index;
        this.thread = thread;
        this.feed = feed;
        this.workers = workers;
        this.pods = pods;
        this.settings = settings;
        this.writers = writers;
        this.clock = clock;
        this.ticker = ticker;
        this.look = look;
    }

    /** All that there was when this process began has been seen. */
    public void settled() {
        thread.post(() -> index.workers().settled());
    }

    /** The API server was away: what it has not told meanwhile is nobody's silence. */
    public void watchAnew() {
        thread.post(() -> index.workers().watchAnew());
    }

    /** How the worker of a job stands, as far as the watches have told. */
    WorkerRun run(SyncJob job) {
        var namespace = job.getMetadata().getNamespace();
        var worker = workerOf(job);
        return thread.ask(() -> known(namespace, worker));
    }

    /** The same of a worker that no watch has told of, after the API server was asked for its pod. */
    WorkerRun fresh(SyncJob job) {
        var namespace = job.getMetadata().getNamespace();
        var worker = workerOf(job);
        var pod = pods.read(namespace, worker)
                .filter(found -> !PodViews.label(found, Names.POOL).isEmpty());
        if (pod.isEmpty()) return new WorkerRun(new WorkerView.Gone(WorkerEnd.UNSEEN, true), "", "");
        feed.worker(pod.get());
        return WorkerRun.UNKNOWN;
    }

    private WorkerRun known(String namespace, String worker) {
        var view = index.workers().view(namespace, worker, clock.instant());
        var pod = index.workers().find(namespace, worker).flatMap(each -> each.pod());
        return new WorkerRun(
                view,
                pod.map(WorkerPod::node).orElse(""),
                pod.map(WorkerPod::container).orElse(""));
    }

    /** The same of a worker that is silent, after the API server was asked for its Lease: the watch may not have told yet. */
    WorkerRun afterFreshLease(SyncJob job) {
        workers.lease(job.getMetadata().getNamespace(), workerOf(job)).ifPresent(feed::lease);
        return run(job);
    }

    private static String workerOf(SyncJob job) {
        return requireNonNullElse(Observation.statusOf(job).worker(), "");
    }

    /** How the workers of a pool stand. */
    public Optional<PoolUsage.Usage> usage(String namespace, String pool) {
        return thread.ask(
                () -> index.workers().find(new PoolKey(namespace, pool)).map(this::usage));
    }

    private PoolUsage.Usage usage(PoolIndex pool) {
        var live = 0;
        var slots = 0;
        var busy = 0;
        var dead = 0;
        for (var worker : pool.workers()) {
            if (index.workers().isDead(worker)) dead++;
            if (worker.lease().isEmpty()
                    || worker.standing() == Standing.ENDED
                    || index.workers().isDead(worker)) continue;
            live++;
            slots += worker.slots();
            busy += worker.busy();
        }
        return new PoolUsage.Usage(live, pool.count(Standing.READY), slots, busy, dead);
    }

    /** Each second, on the index's thread. */
    public void tick() {
        var now = ticker.nanos();
        var next = new HashMap<String, Long>();
        for (var job : DueRuns.of(index, settings.deadAfter(), clock.instant())) {
            var before = looked.get(job.uid());
            if (before == null || now - before >= AGAIN.toNanos()) {
                look.accept(job.namespace(), job.name());
                before = now;
            }
            next.put(job.uid(), before);
        }
        looked = next;
        index.workers().notes().forEach(note -> writers.execute(() -> write(note)));
    }

    /** What is not noted now is noted in a minute. */
    private void write(WorkerIndex.Note note) {
        try {
            workers.note(note.namespace(), note.lease(), note.note());
        } catch (ApiException e) {
            LOG.warn("the silence of worker {}/{} is not noted: {}", note.namespace(), note.lease(), e.getMessage());
        }
    }
}
