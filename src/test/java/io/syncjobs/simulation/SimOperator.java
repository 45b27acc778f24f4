package io.syncjobs.simulation;

import io.syncjobs.api.SyncJob;
import io.syncjobs.core.Limits;
import io.syncjobs.core.index.JobIndex;
import io.syncjobs.core.job.Lifecycle;
import io.syncjobs.core.settings.Settings;
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
import io.syncjobs.kube.ApiException;
import io.syncjobs.kube.Events;
import io.syncjobs.kube.Jobs;
import io.syncjobs.kube.Leases;
import io.syncjobs.kube.NamespaceShare;
import io.syncjobs.kube.Pods;
import io.syncjobs.kube.Reservations;
import io.syncjobs.kube.Workers;
import io.syncjobs.operator.SimHousekeeping;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * OperatorProcess with the framework left out: the shipped parts, connected as there. It stands by, leads, and ends when it cannot
 * renew its Lease.
 */
final class SimOperator extends SimProcess {
    private static final Duration ROUND = Duration.ofSeconds(1);
    private static final Duration LOOK = Duration.ofSeconds(5);
    private static final int OUTAGE = 2;

    /** So few that jobs have to wait for their turn. */
    private static final int SHARE = 2;

    private static final int LOOKS = 8;

    private static final Duration TERMINATION = Duration.ofSeconds(10);

    private final Settings settings;
    private final Consumer<String> leads;
    private final LeaseHolder leader;
    private final Leases leases;
    private final Leases operators;
    private final EnqueuerLease enqueuer;
    private final SimCaches caches;
    private final JobIndex index;
    private final IndexThread thread = new IndexThread(waiting());
    private final EnqueueLoop enqueue;
    private final Sweep sweep;
    private final WorkerWatch workers;
    private final JobObserver observer;
    private final SimLooks looks;
    private final Runnable housekeeping;
    private final Runnable leaseKeeper;
    private boolean leading;
    private boolean stopping;
    private int inVain;

    /** {@code settings} are those of its pod; {@code leads} is told when it begins to lead. */
    SimOperator(World world, ApiServer server, Settings settings, Consumer<String> leads) {
        super(world, server, settings.pod());
        this.settings = settings;
        this.leads = leads;
        InstantSource clock = world::now;
        var api = api();
        leader = new LeaseHolder(this, LEADER, settings.lease());
        leases = Leases.ofEnqueuers(api, clock, settings.namespace());
        operators = Leases.ofOperators(api, clock, settings.namespace());
        enqueuer = new EnqueuerLease(leases, settings.enqueuerLease(), identity(), settings.lease(), ticker());
        var jobs = new Jobs(api);
        var pods = new Pods(api);
        var reservations = new Reservations();
        var events = new Events(api, clock, ticker(), this::start, identity());
        index = new JobIndex(settings.reasonAfter(), Limits.MESSAGE_REFRESH, settings.jobTemplates());
        var feed = new IndexFeed(index, thread::post, jobs, reservations);
        caches = new SimCaches(this, jobs, feed, this::jobChanged, this::podChanged);
        var io = new ApiIo(
                api,
                jobs,
                settings.watchNamespaces(),
                (namespace, name) -> caches.jobNamed(name).map(jobs::newest),
                reservations,
                feed,
                thread::post,
                clock);
        enqueue = new EnqueueLoop(index, io, enqueuer, clock, ticker(), () -> {});
        sweep = new Sweep(index, io, ticker(), job -> look(job.namespace(), job.name()));
        thread.each(this::step);
        leaseKeeper = SimHousekeeping.leaseKeeper(settings, leases, enqueuer, sweep, thread);
        housekeeping = SimHousekeeping.round(
                settings,
                index,
                thread,
                io,
                caches::jobNamed,
                caches::queues,
                jobs,
                api,
                events,
                reservations,
                clock,
                ticker());
        var workersOf = new Workers(api);
        workers = new WorkerWatch(
                index, thread, feed, workersOf, pods, settings, this::start, clock, ticker(), this::look);
        var containment = new Containment(jobs, () -> world.count("internal errors"), clock);
        observer = new JobObserver(
                caches::queueSpec,
                pods,
                events,
                reservations,
                new SlowReads(this::start, new NamespaceShare(SHARE), ticker()),
                workers,
                containment,
                job -> looks().at(SimCaches.uid(job)),
                settings,
                clock);
        var applier = new StepApplier(jobs, pods, events, reservations);
        var loop = new JobLoop(
                jobs,
                observer,
                applier,
                reservations,
                containment,
                new NamespaceShare(LOOKS),
                job -> looks().at(SimCaches.uid(job)),
                clock);
        looks = new SimLooks(this, caches, job -> loop.handle(job, () -> caches.podsOf(SimCaches.uid(job))));
        start(() -> {
            feed.pool(SimPool.object(), settings.agent().timing());
            caches.watch();
            thread.run();
        });
        elect();
    }

    @Override
    Optional<SimCaches> caches() {
        return Optional.of(caches);
    }

    @Override
    boolean mayGivePlaces() {
        return enqueuer.isHeld();
    }

    boolean leads() {
        return leading;
    }

    void relist() {
        start(caches::relist);
    }

    void slowJobs(Duration time) {
        caches.slowJobs(time);
    }

    void lagBehind(Duration lag, Duration time) {
        caches.lagBehind(lag, time);
    }

    void slowPods(Duration time) {
        caches.slowPods(time);
    }

    void slowDown(Duration time) {
        caches.slowDown(time);
    }

    /** What the index's thread does after events: a standby only follows. */
    private Duration step() {
        if (stopping) return ROUND;
        var next = enqueue.step();
        if (!leading) return next;
        var nextSweep = sweep.step();
        return next.compareTo(nextSweep) < 0 ? next : nextSweep;
    }

    /** A shutdown in order: what is under way may end, then both Leases are given back. */
    void end() {
        if (stopping) return;
        stopping = true;
        looks.stop();
        release(world.now().plus(TERMINATION));
    }

    /** After it has ended in order, another one need not wait for it. */
    void keepsNoLease() {
        for (var lease : List.of(LEADER, ENQUEUER)) {
            if (api.leases().isHeldBy(lease, identity()))
                throw new Judge.Broken("", identity() + " has ended in order and keeps the Lease " + lease);
        }
    }

    private void release(Instant patience) {
        if (!looks.isIdle() && world.now().isBefore(patience)) {
            in(Duration.ofMillis(100), () -> release(patience));
            return;
        }
        thread.stop();
        start(() -> {
            enqueuer.release();
            leader.release();
            sleep(Duration.ofMillis(500));
            if (world.isCalmFor(CalmJudge.AFTERMATH)) world.judged(this::keepsNoLease);
            die("ended in order");
        });
        in(TERMINATION, () -> die("did not end in time"));
    }

    private void elect() {
        if (stopping) return;
        Runnable next = () -> in(settings.lease().dividedBy(7), this::elect);
        leader.tend(verdict -> elected(next), () -> elected(next));
    }

    private void elected(Runnable next) {
        if (stopping) return;
        if (!leading && leader.isHeld()) lead();
        next.run();
    }

    /** Whatever its requests do: one that could not renew ends in time, or soon after it has been frozen. */
    private void mindLease() {
        if (!stopping && !leader.isHeld()) die("lost the leader's Lease");
        in(settings.lease().dividedBy(7), this::mindLease);
    }

    private void lead() {
        leading = true;
        mindLease();
        leads.accept(identity());
        world.say(identity(), "", "leads", "");
        observer.begin();
        workers.settled();
        every(settings.lease().dividedBy(5), this::tendLease);
        every(ROUND, housekeeping);
        every(ROUND, () -> thread.post(workers::tick));
        every(LOOK, this::look);
        caches.jobs().stream().filter(Lifecycle::wakes).forEach(job -> looks.at(SimCaches.uid(job)));
    }

    /** One of the operator's timers: what fails is tried again. */
    private void every(Duration pause, Runnable part) {
        start(() -> {
            while (!stopping) {
                try {
                    part.run();
                } catch (ApiException e) {
                    world.count("timers that failed");
                }
                sleep(pause);
            }
        });
    }

    private void tendLease() {
        var term = enqueuer.term();
        leaseKeeper.run();
        if (term > 0 && enqueuer.term() > term)
            world.in(Duration.ZERO, () -> api.judge().places().beginsAgain(identity()));
    }

    private SimLooks looks() {
        return looks;
    }

    private void look(String namespace, String name) {
        caches.jobNamed(name).ifPresent(job -> looks.at(SimCaches.uid(job)));
    }

    private void jobChanged(SyncJob job) {
        if (leading && Lifecycle.wakes(job)) looks.at(SimCaches.uid(job));
    }

    private void podChanged(SimPod pod, boolean is) {
        if (!is) observer.podGone(pod.toPod(), caches::jobNamed);
        if (leading) looks.at(pod.jobUid());
    }

    /** OperatorProcess's look at the API server. */
    private void look() {
        inVain++;
        operators.read(settings.operatorLease());
        if (inVain > OUTAGE) {
            observer.watchAnew();
            workers.watchAnew();
        }
        inVain = 0;
    }
}
