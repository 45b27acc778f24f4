package io.syncjobs.operator;

import static java.util.Objects.requireNonNullElse;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.javaoperatorsdk.operator.api.config.informer.InformerEventSourceConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import io.javaoperatorsdk.operator.processing.event.source.informer.InformerEventSource;
import io.syncjobs.api.Names;
import io.syncjobs.api.SyncJob;
import io.syncjobs.api.SyncWorkerPool;
import io.syncjobs.core.Observation;
import io.syncjobs.core.Run;
import io.syncjobs.core.Run.WorkerRun;
import io.syncjobs.core.Settings;
import io.syncjobs.core.Step;
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
import io.syncjobs.kube.Client;
import io.syncjobs.kube.PodViews;
import io.syncjobs.kube.Pods;
import io.syncjobs.kube.Ticker;
import io.syncjobs.kube.Workers;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the operator sees of warm workers. Their jobs wake no reconciler: each second the index is asked for those whose worker is
 * gone, silent or late, and these are looked at.
 */
final class WorkerWatch {
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
    WorkerWatch(
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

    // --- what is seen ---

    List<EventSource<?, SyncJob>> sources(EventSourceContext<SyncJob> context) {
        return List.of(
                source("workers", Pod.class, feed::worker, feed::workerGone, context),
                source("leases", Lease.class, feed::lease, feed::leaseGone, context));
    }

    private static <R extends HasMetadata> EventSource<R, SyncJob> source(
            String name, Class<R> kind, Consumer<R> seen, Consumer<R> gone, EventSourceContext<SyncJob> context) {
        return new InformerEventSource<>(
                InformerEventSourceConfiguration.from(kind, SyncJob.class)
                        .withName(name)
                        .withLabelSelector(Names.POOL)
                        .withSecondaryToPrimaryMapper(object -> Set.of())
                        .withNamespacesInheritedFromController()
                        .withComparableResourceVersion(false)
                        .withInformerListLimit(500L)
                        .withItemStore(new FeedingStore<>(WorkerWatch::prune, seen, gone))
                        .build(),
                context);
    }

    /** The cache of the watch of pools. */
    FeedingStore<SyncWorkerPool> poolStore() {
        return new FeedingStore<>(
                WorkerWatch::prune, pool -> feed.pool(pool, settings.agent().timing()), feed::poolGone);
    }

    private static <R extends HasMetadata> R prune(R object) {
        object.getMetadata().setManagedFields(null);
        if (object instanceof Pod pod) Client.prune(pod);
        if (object instanceof Lease lease) Client.prune(lease);
        return object;
    }

    /** All that there was when this process began has been seen. */
    void settled() {
        thread.post(() -> index.workers().settled());
    }

    /** The API server was away: what it has not told meanwhile is nobody's silence. */
    void watchAnew() {
        thread.post(() -> index.workers().watchAnew());
    }

    // --- what is asked ---

    /** How the worker of a job stands; a worker that nobody has seen is asked for. */
    WorkerRun run(SyncJob job) {
        var namespace = job.getMetadata().getNamespace();
        var worker = requireNonNullElse(Observation.statusOf(job).worker(), "");
        var run = thread.ask(() -> known(namespace, worker));
        if (!(run.worker() instanceof WorkerView.Gone gone) || gone.seen()) return run;
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

    /** True where a step rests on the silence of a worker that has renewed its Lease: the watch had not told yet. */
    boolean isHeard(Observation seen, Step step) {
        if (!(seen.run() instanceof Run.WorkerRun run) || !(run.worker() instanceof WorkerView.Silent)) return false;
        if (step instanceof Step.Explain || !(step instanceof Step.Change)) return false;
        var namespace = seen.job().getMetadata().getNamespace();
        var worker = requireNonNullElse(Observation.statusOf(seen.job()).worker(), "");
        var lease = workers.lease(namespace, worker);
        if (lease.isEmpty()) return false;
        feed.lease(lease.get());
        return thread.ask(() -> known(namespace, worker)).worker() instanceof WorkerView.Alive;
    }

    /** How the workers of a pool stand. */
    Optional<PoolUsage.Usage> usage(String namespace, String pool) {
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

    // --- what is due each second, on the index's thread ---

    void tick() {
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
