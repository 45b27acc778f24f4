package io.syncjobs.job;

import io.syncjobs.api.Names;
import io.syncjobs.api.SyncJob;
import io.syncjobs.core.JobFields;
import io.syncjobs.core.index.DueRuns;
import io.syncjobs.core.index.JobEntry;
import io.syncjobs.core.index.JobIndex;
import io.syncjobs.core.index.PoolIndex;
import io.syncjobs.core.index.PoolKey;
import io.syncjobs.core.index.WorkerEntry.Standing;
import io.syncjobs.core.index.WorkerIndex;
import io.syncjobs.core.index.WorkerPod;
import io.syncjobs.core.pool.PoolUsage;
import io.syncjobs.core.run.Run.WorkerRun;
import io.syncjobs.core.run.WorkerEnd;
import io.syncjobs.core.run.WorkerView;
import io.syncjobs.core.settings.Settings;
import io.syncjobs.enqueuer.IndexFeed;
import io.syncjobs.enqueuer.IndexThread;
import io.syncjobs.kube.ApiException;
import io.syncjobs.kube.NamespaceShare;
import io.syncjobs.kube.PodViews;
import io.syncjobs.kube.Pods;
import io.syncjobs.kube.PoolViews;
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
 * What the operator sees of warm workers. Their jobs wake no reconciler. Instead the index is asked each second for the jobs
 * whose worker is gone, silent or late, and these jobs are looked at.
 */
public final class WorkerWatch {
    private static final Logger LOG = LoggerFactory.getLogger(WorkerWatch.class);

    /** If a job still has something to do after this time, it is looked at again: the last look may have had no effect. */
    private static final Duration AGAIN = Duration.ofSeconds(5);

    /** The same after a failure of an operator. The reason may last, and concern all jobs at once: a right that is missing. */
    private static final Duration AGAIN_AFTER_FAILURE = Duration.ofMinutes(1);

    /**
     * A note that has waited for so long is not written any more: the API server is away for this operator, and what it did not see
     * counts as nobody's silence.
     */
    private static final long LATE_NANOS = Duration.ofSeconds(10).toNanos();

    /** The limit for notes that are written at once. */
    public static final int NOTES_AT_ONCE = 8;

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

    /** A webhook for Leases in one namespace may be slow. */
    private final NamespaceShare notes = new NamespaceShare(NOTES_AT_ONCE / NamespaceShare.PARTS);

    /** When each due job was last looked at, by uid. Only the index's thread uses it. */
    private Map<String, Long> looked = new HashMap<>();

    /** {@code look} has the job with this namespace and name looked at. */
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

    /** The watches have shown everything that existed when this process began. */
    public void settled() {
        thread.post(() -> {
            index.workers().settled();
            note();
        });
    }

    /** The API server was not reachable. What it did not show meanwhile counts as nobody's silence. */
    public void watchAnew() {
        thread.post(() -> {
            index.workers().watchAnew();
            note();
        });
    }

    /** What the watches have shown about the worker of a job. */
    WorkerRun run(SyncJob job) {
        var namespace = job.getMetadata().getNamespace();
        var worker = JobFields.workerOf(job);
        return thread.ask(() -> known(namespace, worker));
    }

    /** What is known about a worker that no watch has shown, after its pod was read from the API server. */
    WorkerRun fresh(SyncJob job) {
        var namespace = job.getMetadata().getNamespace();
        var worker = JobFields.workerOf(job);
        var pod = pods.read(namespace, worker).filter(PoolViews::isWorker);
        if (pod.isEmpty()) return new WorkerRun(new WorkerView.Gone(WorkerEnd.UNSEEN, true), "", "");
        // Without the label no watch would ever show the end of the pod, so it is asked for again.
        if (!PodViews.label(pod.get(), Names.POOL).isEmpty()) feed.worker(pod.get());
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

    /** What is known about a silent worker after its Lease was read from the API server, because the watch may lag behind. */
    WorkerRun afterFreshLease(SyncJob job) {
        workers.lease(job.getMetadata().getNamespace(), JobFields.workerOf(job)).ifPresent(feed::lease);
        return run(job);
    }

    /** How the workers of a pool stand. */
    public Optional<PoolUsage.Usage> usage(String namespace, String pool) {
        return thread.ask(
                () -> index.workers().find(new PoolKey(namespace, pool)).map(this::usage));
    }

    private PoolUsage.Usage usage(PoolIndex pool) {
        var slots = 0;
        var busy = 0;
        var dead = 0;
        for (var worker : pool.workers()) {
            if (index.workers().isDead(worker)) {
                dead++;
            } else if (worker.lease().isPresent() && worker.standing() != Standing.ENDED) {
                slots += worker.slots();
                busy += worker.busy();
            }
        }
        return new PoolUsage.Usage(pool.count(Standing.READY), slots, busy, dead);
    }

    /** Runs each second, on the index's thread. */
    public void tick() {
        var now = clock.instant();
        var next = new HashMap<String, Long>();
        DueRuns.of(index, settings.deadAfter(), now).forEach(job -> look(job, AGAIN, next));
        DueRuns.failedAt(index, now).forEach(job -> look(job, AGAIN_AFTER_FAILURE, next));
        looked = next;
        note();
    }

    private void note() {
        var noted = ticker.nanos();
        index.workers().notes().forEach(note -> inTurn(note, noted));
    }

    private void inTurn(WorkerIndex.Note note, long noted) {
        var namespace = note.namespace();
        if (notes.take(namespace, note.lease(), () -> inTurn(note, noted)))
            writers.execute(() -> {
                try {
                    if (ticker.nanos() - noted < LATE_NANOS) write(note);
                } finally {
                    notes.give(namespace);
                }
            });
    }

    /** Looks at a job unless it was looked at within {@code pause}, and notes in {@code next} when that was. */
    private void look(JobEntry job, Duration pause, Map<String, Long> next) {
        if (next.containsKey(job.uid())) return;
        var now = ticker.nanos();
        var before = looked.get(job.uid());
        if (before == null || now - before >= pause.toNanos()) {
            look.accept(job.namespace(), job.name());
            before = now;
        }
        next.put(job.uid(), before);
    }

    /** A note that fails is written again in a minute. */
    private void write(WorkerIndex.Note note) {
        try {
            workers.note(note.namespace(), note.lease(), note.note());
        } catch (ApiException e) {
            LOG.warn("the silence of worker {}/{} is not noted: {}", note.namespace(), note.lease(), e.getMessage());
        }
    }
}
