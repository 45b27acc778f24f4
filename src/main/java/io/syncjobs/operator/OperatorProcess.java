package io.syncjobs.operator;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.extended.leaderelection.LeaderCallbacks;
import io.javaoperatorsdk.operator.Operator;
import io.syncjobs.core.Limits;
import io.syncjobs.core.Observation;
import io.syncjobs.core.Settings;
import io.syncjobs.core.index.JobIndex;
import io.syncjobs.enqueuer.ApiIo;
import io.syncjobs.enqueuer.EnqueueLoop;
import io.syncjobs.enqueuer.EnqueuerLease;
import io.syncjobs.enqueuer.IndexFeed;
import io.syncjobs.enqueuer.IndexThread;
import io.syncjobs.enqueuer.Sweep;
import io.syncjobs.job.Containment;
import io.syncjobs.job.JobLoop;
import io.syncjobs.job.JobObserver;
import io.syncjobs.job.SlowReads;
import io.syncjobs.job.StepApplier;
import io.syncjobs.job.WorkerWatch;
import io.syncjobs.kube.Api;
import io.syncjobs.kube.ApiException;
import io.syncjobs.kube.Apply;
import io.syncjobs.kube.Client;
import io.syncjobs.kube.CronJobs;
import io.syncjobs.kube.Events;
import io.syncjobs.kube.Jobs;
import io.syncjobs.kube.Leases;
import io.syncjobs.kube.Pods;
import io.syncjobs.kube.Pools;
import io.syncjobs.kube.Queues;
import io.syncjobs.kube.Reservations;
import io.syncjobs.kube.Ticker;
import io.syncjobs.kube.Workers;
import io.syncjobs.pool.PoolReconciler;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The running operator: it connects the parts, starts them and stops them. */
public final class OperatorProcess {
    private static final Logger LOG = LoggerFactory.getLogger(OperatorProcess.class);

    /** The limit for events that are written at once. */
    private static final int EVENT_WRITES = 8;

    /** The limit for notes about silent workers that are written at once. */
    private static final int NOTE_WRITES = 8;

    /** The limit for logs and events that are read at once. */
    private static final int SLOW_READS = 16;

    /** How often the API server is asked whether it answers. */
    private static final int LOOK_SECONDS = 5;

    private final Settings settings;
    private final KubernetesClient client;
    private final Leases operators;
    private final EnqueuerLease lease;
    private final LeaseKeeper leaseKeeper;
    private final OutageWatch outages;
    private final Metrics metrics;
    private final JobIndex index;
    private final IndexThread indexThread = new IndexThread();
    private final IndexFeed feed;
    private final EnqueueLoop enqueue;
    private final Sweep sweep;
    private final Housekeeping housekeeping;
    private final Controllers controllers;
    private final WorkerWatch workers;
    private final JobObserver observer;
    private final Operator operator;
    private final HttpEndpoints http;
    private final ScheduledExecutorService timer = Executors.newScheduledThreadPool(
            3, Thread.ofPlatform().name("timer-", 0).factory());
    private volatile boolean leading;
    private volatile boolean stopping;

    /** Connects everything. Nothing runs before {@link #run}. */
    public OperatorProcess(Settings settings) throws IOException {
        this.settings = settings;
        var clock = InstantSource.system();
        index = new JobIndex(settings.reasonAfter(), Limits.MESSAGE_REFRESH, settings.jobTemplates());
        metrics = new Metrics(clock);
        client = Client.connect(metrics::answered);
        var api = Api.of(client);
        var jobs = new Jobs(api, metrics::written);
        var pods = new Pods(api);
        var events = new Events(
                api,
                clock,
                Ticker.SYSTEM,
                Executors.newFixedThreadPool(
                        EVENT_WRITES, Thread.ofVirtual().name("event-", 0).factory()),
                settings.pod());
        metrics.droppedEvents(m -> events.dropped());
        var reservations = new Reservations();
        feed = new IndexFeed(index, indexThread::post, jobs, reservations);
        var caches = new Caches(jobs, feed, (before, now) -> {
            // Only the operator that leads counts.
            if (leading) metrics.changed(before, Observation.statusOf(now));
        });
        var controllers = new Controllers(settings.watchNamespaces(), caches);
        this.controllers = controllers;
        operators = Leases.ofOperators(api, clock, settings.namespace());
        var leases = Leases.ofEnqueuers(api, clock, settings.namespace());
        lease = new EnqueuerLease(leases, settings.enqueuerLease(), settings.pod(), settings.lease(), Ticker.SYSTEM);
        var io = new ApiIo(
                api,
                jobs,
                settings.watchNamespaces(),
                ApiIo.Giving.PLACE_AND_WORKER,
                caches::job,
                reservations,
                feed,
                indexThread::post,
                clock);
        enqueue = new EnqueueLoop(index, io, lease, clock, Ticker.SYSTEM, metrics::passed);
        sweep = new Sweep(index, io, Ticker.SYSTEM, job -> controllers.look(job.namespace(), job.name()));
        leaseKeeper = new LeaseKeeper(settings, leases, lease, sweep, indexThread);
        indexThread.each(this::step);
        housekeeping = new Housekeeping(
                settings,
                index,
                indexThread,
                io,
                caches,
                jobs,
                new Queues(api),
                new CronJobs(api),
                events,
                reservations,
                metrics,
                Archive.NONE,
                clock,
                Ticker.SYSTEM);
        operator = Framework.operator(
                settings,
                client,
                metrics.framework(),
                new LeaderCallbacks(
                        this::lead, this::lostLeadership, leader -> LOG.info("the operator that leads is {}", leader)));
        var applier = new StepApplier(jobs, pods, events, reservations);
        var slowReads = new SlowReads(
                Executors.newFixedThreadPool(
                        SLOW_READS, Thread.ofVirtual().name("read-", 0).factory()),
                Ticker.SYSTEM);
        workers = new WorkerWatch(
                index,
                indexThread,
                feed,
                new Workers(api),
                pods,
                settings,
                Executors.newFixedThreadPool(
                        NOTE_WRITES, Thread.ofVirtual().name("note-", 0).factory()),
                clock,
                Ticker.SYSTEM,
                controllers::look);
        var containment = new Containment(jobs, metrics::internalError, clock);
        observer = new JobObserver(
                caches::queueSpec,
                pods,
                events,
                reservations,
                slowReads,
                workers,
                containment,
                controllers::look,
                settings,
                clock);
        outages = new OutageWatch(() -> operators.read(settings.operatorLease()), () -> {
            observer.watchAnew();
            workers.watchAnew();
        });
        var loop = new JobLoop(jobs, observer, applier, reservations, containment, clock);
        var sources = new WorkerSources(feed, settings.agent().timing());
        controllers.jobs(operator, () -> new SyncJobReconciler(caches, loop, observer, sources));
        var poolObjects = new Pools(api, Apply.of(client));
        controllers.pools(
                operator,
                () -> new PoolReconciler(poolObjects, settings.agent(), workers::usage, caches::queues, events, clock),
                sources::poolStore);
        http = new HttpEndpoints(settings.healthPort(), settings.httpPort(), this::isReady, metrics::page);
    }

    /** Runs until the process is told to end. */
    public void run() throws InterruptedException {
        Runtime.getRuntime()
                .addShutdownHook(Thread.ofPlatform().name("shutdown").unstarted(this::shutDown));
        Thread.ofPlatform()
                .name("index")
                .uncaughtExceptionHandler((thread, error) -> halt("the index", error))
                .start(indexThread);
        operator.start();
        LOG.info(
                "watches {}; started in {} ms",
                settings.watchNamespaces().isEmpty() ? "all namespaces" : settings.watchNamespaces(),
                ManagementFactory.getRuntimeMXBean().getUptime());
        Thread.currentThread().join();
    }

    @SuppressWarnings("FutureReturnValueIgnored") // what the timers run handles its own failures
    private void lead() {
        LOG.info("leads; {}", settings.eager() ? "enqueues as events arrive" : "leaves enqueueing to the minute run");
        observer.begin();
        workers.settled();
        timer.scheduleWithFixedDelay(() -> guarded("housekeeping", housekeeping::tick), 1, 1, TimeUnit.SECONDS);
        timer.scheduleWithFixedDelay(() -> indexThread.post(workers::tick), 1, 1, TimeUnit.SECONDS);
        var heap = HeapTrim.ofProcess();
        timer.scheduleWithFixedDelay(() -> guarded("the heap", heap::look), 1, 1, TimeUnit.MINUTES);
        timer.scheduleWithFixedDelay(
                () -> guarded("a look at the API server", outages::look), LOOK_SECONDS, LOOK_SECONDS, TimeUnit.SECONDS);
        var often = settings.lease().dividedBy(5).toMillis();
        timer.scheduleWithFixedDelay(
                () -> guarded("the enqueuer's Lease", leaseKeeper::tend), 0, often, TimeUnit.MILLISECONDS);
        leading = true;
        indexThread.post(() -> {});
    }

    /** Runs on the index's thread after events. An operator that stands by only follows the watches. */
    private Duration step() {
        var next = metrics.timed(enqueue::step);
        if (!leading || stopping) return next;
        var nextSweep = sweep.step();
        return next.compareTo(nextSweep) < 0 ? next : nextSweep;
    }

    private static void guarded(String what, Runnable part) {
        try {
            part.run();
        } catch (ApiException e) {
            LOG.warn("{} failed and is repeated: {}", what, e.getMessage());
        } catch (RuntimeException e) {
            LOG.error("{} failed and is repeated", what, e);
        } catch (Error e) {
            halt(what, e);
        }
    }

    /** A leader that has lost one of its parts must not go on. Kubernetes starts the process again. */
    private static void halt(String what, Throwable error) {
        LOG.error("{} is broken; ends", what, error);
        Runtime.getRuntime().halt(1);
    }

    /**
     * Another operator may lead already, so nothing more may be written. The process ends at once, and Kubernetes starts it
     * again.
     */
    private void lostLeadership() {
        if (stopping) return;
        LOG.error("lost the Lease {}; ends", settings.operatorLease());
        Runtime.getRuntime().halt(1);
    }

    /**
     * True while the operator serves at least one namespace: a namespace that cannot be watched does not make the operator
     * unready.
     */
    private boolean isReady() {
        return operator.getRuntimeInfo().isStarted()
                && controllers.serve(operator.getRuntimeInfo().unhealthyEventSources());
    }

    /** Stops in order, and gives back both Leases, so that the next operator need not wait until they expire. */
    private void shutDown() {
        stopping = true;
        LOG.info("ends");
        indexThread.stop();
        timer.shutdown();
        operator.stop();
        lease.release();
        guarded(
                "giving the Lease back",
                () -> operators
                        .read(settings.operatorLease())
                        .filter(seen -> seen.holder().equals(settings.pod()))
                        .ifPresent(seen -> operators.release(settings.operatorLease(), seen)));
        http.close();
        client.close();
    }
}
