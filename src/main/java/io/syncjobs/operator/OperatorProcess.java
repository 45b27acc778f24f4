package io.syncjobs.operator;

import io.fabric8.kubernetes.client.extended.leaderelection.LeaderCallbacks;
import io.javaoperatorsdk.operator.Operator;
import io.syncjobs.core.JobFields;
import io.syncjobs.core.Limits;
import io.syncjobs.core.index.JobIndex;
import io.syncjobs.core.settings.Settings;
import io.syncjobs.enqueuer.EnqueueIo;
import io.syncjobs.enqueuer.IndexFeed;
import io.syncjobs.enqueuer.IndexThread;
import io.syncjobs.job.Containment;
import io.syncjobs.job.StepApplier;
import io.syncjobs.kube.ApiException;
import io.syncjobs.kube.Apply;
import io.syncjobs.kube.CronJobs;
import io.syncjobs.kube.Leases;
import io.syncjobs.kube.Pools;
import io.syncjobs.kube.Queues;
import io.syncjobs.kube.Ticker;
import io.syncjobs.pool.PoolReconciler;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The running operator: it connects the parts, starts them and stops them. */
public final class OperatorProcess {
    private static final Logger LOG = LoggerFactory.getLogger(OperatorProcess.class);

    private static final Duration SECOND = Duration.ofSeconds(1);

    private final Settings settings;
    private final Shared shared;
    private final Leases operators;
    private final IndexThread indexThread = new IndexThread();
    private final Enqueueing enqueueing;
    private final JobHandling jobHandling;
    private final Housekeeping housekeeping;
    private final OutageWatch outages;
    private final Controllers controllers;
    private final Operator operator;
    private final HttpEndpoints http;
    private final ScheduledExecutorService timer = Executors.newScheduledThreadPool(
            3, Thread.ofPlatform().name("timer-", 0).factory());
    private volatile boolean leading;
    private volatile boolean stopping;

    /** Connects everything. Nothing runs before {@link #run}. */
    public OperatorProcess(Settings settings) throws IOException {
        this.settings = settings;
        shared = Shared.connect(settings);
        var metrics = shared.metrics();
        var index = new JobIndex(settings.reasonAfter(), Limits.MESSAGE_REFRESH, settings.jobTemplates());
        var feed = new IndexFeed(index, indexThread::post, shared.jobs(), shared.reservations());
        var caches = new Caches(shared.jobs(), feed, (before, now) -> {
            // Only the operator that leads counts, and warns.
            if (!leading) return;
            metrics.changed(before, JobFields.statusOf(now));
            StepApplier.changed(shared.events(), before, now);
        });
        controllers = new Controllers(settings.watchNamespaces(), caches);
        enqueueing = new Enqueueing(shared, index, indexThread, feed, caches, controllers);
        jobHandling = new JobHandling(shared, index, indexThread, feed, caches, controllers);
        housekeeping = housekeeping(shared, index, indexThread, enqueueing.io(), caches);
        // While the process ends, the index still answers, and nobody gets a place any more.
        indexThread.each(() -> stopping ? SECOND : enqueueing.step(leading));
        operators = Leases.ofOperators(shared.api(), shared.clock(), settings.namespace());
        outages = new OutageWatch(enqueueing::tendLease, jobHandling::watchAnew);
        operator = Framework.operator(
                settings,
                shared.client(),
                metrics.framework(),
                new LeaderCallbacks(
                        this::lead, this::lostLeadership, leader -> LOG.info("the operator that leads is {}", leader)));
        register(operator, controllers, shared, jobHandling, feed, caches);
        http = new HttpEndpoints(settings.healthPort(), settings.httpPort(), this::isReady, metrics::page);
    }

    private static Housekeeping housekeeping(
            Shared shared, JobIndex index, IndexThread thread, EnqueueIo io, Caches caches) {
        return new Housekeeping(
                shared.settings(),
                index,
                thread,
                io,
                caches,
                shared.jobs(),
                new Queues(shared.api()),
                new CronJobs(shared.api()),
                shared.events(),
                shared.reservations(),
                shared.metrics(),
                Archive.NONE,
                shared.clock(),
                Ticker.SYSTEM);
    }

    private static void register(
            Operator operator,
            Controllers controllers,
            Shared shared,
            JobHandling jobHandling,
            IndexFeed feed,
            Caches caches) {
        var agent = shared.settings().agent();
        var sources = new WorkerSources(feed, agent.timing());
        controllers.jobs(operator, () -> jobHandling.reconciler(caches, sources));
        var pools = new Pools(shared.api(), Apply.of(shared.client()));
        controllers.pools(
                operator,
                () -> new PoolReconciler(
                        pools, agent, jobHandling.usage(), caches::queues, shared.events(), shared.clock()),
                sources::poolStore);
    }

    /** Runs until the process is told to end. */
    public void run() throws InterruptedException {
        Containment.watchThreads();
        Runtime.getRuntime()
                .addShutdownHook(Thread.ofPlatform().name("shutdown").unstarted(this::shutDown));
        Thread.ofPlatform()
                .name("index")
                .uncaughtExceptionHandler((thread, error) -> halt("the index", error))
                .start(indexThread);
        operator.start();
        Framework.calmTimer(operator.getConfigurationService());
        LOG.info(
                "watches {}; started in {} ms",
                settings.watchNamespaces().isEmpty() ? "all namespaces" : settings.watchNamespaces(),
                ManagementFactory.getRuntimeMXBean().getUptime());
        Thread.currentThread().join();
    }

    private void lead() {
        LOG.info("leads; {}", settings.eager() ? "enqueues as events arrive" : "leaves enqueueing to the minute run");
        jobHandling.begin();
        every(SECOND, SECOND, "housekeeping", housekeeping::tick);
        every(SECOND, SECOND, "a look at the workers", () -> indexThread.post(jobHandling::lookAtWorkers));
        var heap = HeapTrim.ofProcess();
        every(Duration.ofMinutes(1), Duration.ofMinutes(1), "the heap", heap::look);
        every(Duration.ZERO, settings.lease().dividedBy(5), "the enqueuer's Lease", outages::look);
        leading = true;
        indexThread.post(() -> {});
    }

    @SuppressWarnings("FutureReturnValueIgnored") // each part handles its own failures
    private void every(Duration first, Duration pause, String what, Runnable part) {
        timer.scheduleWithFixedDelay(
                () -> guarded(what, part), first.toMillis(), pause.toMillis(), TimeUnit.MILLISECONDS);
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

    /** Jobs that are being handled ask the index, so it answers until the last of them is done. */
    static void finish(Runnable jobs, IndexThread index) {
        jobs.run();
        index.stop();
    }

    /** Stops in order, and gives back both Leases, so that the next operator need not wait until they expire. */
    private void shutDown() {
        stopping = true;
        LOG.info("ends");
        timer.shutdown();
        finish(operator::stop, indexThread);
        enqueueing.releaseLease();
        guarded(
                "giving the Lease back",
                () -> operators
                        .read(settings.operatorLease())
                        .filter(seen -> seen.holder().equals(settings.pod()))
                        .ifPresent(seen -> operators.release(settings.operatorLease(), seen)));
        http.close();
        shared.client().close();
    }
}
