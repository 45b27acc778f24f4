package io.syncjobs.simulation;

import static io.syncjobs.simulation.SimCaches.name;

import io.syncjobs.api.SyncJob;
import io.syncjobs.api.SyncQueueSpec;
import io.syncjobs.core.Lifecycle;
import io.syncjobs.core.Retention;
import io.syncjobs.core.SchedulerHealth;
import io.syncjobs.core.Settings;
import io.syncjobs.core.index.DueRuns;
import io.syncjobs.core.index.JobEntry;
import io.syncjobs.core.index.LeaseEntry;
import io.syncjobs.core.index.WorkerPod;
import io.syncjobs.core.queue.Explanation;
import io.syncjobs.core.queue.Reasons;
import io.syncjobs.core.queue.Starter;
import io.syncjobs.enqueuer.EnqueueIo.Outcome;
import io.syncjobs.enqueuer.EnqueueLoop;
import io.syncjobs.enqueuer.Sweep;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * OperatorProcess and Housekeeping, a call at a time: it stands by, leads, and ends when it cannot renew its Lease. Housekeeping is
 * rarer than every second; the scheduler's health and the queues' status are left out.
 */
final class SimOperator extends SimProcess {
    private static final Duration HOUSEKEEPING = Duration.ofSeconds(20);
    private static final int REASONS = 1_000;
    private static final Duration DUE = Duration.ofSeconds(5);
    private static final Duration LOOK = Duration.ofSeconds(5);
    private static final int OUTAGE = 2;
    private static final Duration TERMINATION = Duration.ofSeconds(10);

    private final Settings settings;
    private final Consumer<String> leads;
    private final LeaseHolder leader;
    private final LeaseHolder enqueuer;
    private final SimCaches caches;
    private final SimIndex index;
    private final SimIo io;
    private final Reasons reasons;
    private final Set<String> telling = new HashSet<>();
    private final SimEnqueueLoop eager;
    private final SimReconciler reconciler;
    private Optional<String> sweepRequest = Optional.empty();
    private boolean leading;
    private boolean stopping;
    private int inVain;

    /** {@code leads} is told when it begins to lead. */
    SimOperator(
            World world, ApiServer api, Reality reality, String identity, Settings settings, Consumer<String> leads) {
        super(world, api, identity);
        this.settings = settings;
        this.leads = leads;
        leader = new LeaseHolder(this, LEADER, settings.lease());
        enqueuer = new LeaseHolder(this, ENQUEUER, settings.lease());
        caches = new SimCaches(
                this,
                this::jobChanged,
                this::podChanged,
                this::queueChanged,
                this::leaseChanged,
                this::workerChanged);
        index = new SimIndex(caches, settings.reasonAfter());
        io = new SimIo(this, caches, index, this::wake);
        reasons = new Reasons(index.index());
        eager = new SimEnqueueLoop(
                this,
                new EnqueueLoop(index.index(), io, enqueuer, world::now, world::nanos, places -> {}),
                new Sweep(index.index(), io, world::nanos, job -> reconciler().reconcile(job.uid())));
        index.index().workers().advance(world.nanos());
        index.index().workers().see(SimPool.KEY, SimPool.SPEC);
        caches.watch();
        reconciler = new SimReconciler(this, caches, reality, settings, index.index());
        elect();
    }

    boolean leads() {
        return leading;
    }

    void relist() {
        caches.relist();
    }

    void slowDown(Duration time) {
        caches.slowDown(time);
    }

    /** A shutdown in order: what is under way may end, then both Leases are given back. */
    void end() {
        if (stopping) return;
        stopping = true;
        eager.stop();
        reconciler.stop();
        release(world.now().plus(TERMINATION));
    }

    private void release(Instant patience) {
        if (!isQuiet() && world.now().isBefore(patience)) {
            in(Duration.ofMillis(100), () -> release(patience));
            return;
        }
        enqueuer.release();
        leader.release();
        in(Duration.ofMillis(200), () -> die("ended in order"));
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
        eager.start();
        if (settings.eager()) tendEnqueuer();
        housekeeping();
        index.index().workers().advance(world.nanos());
        index.index().workers().settled();
        watchWorkers();
        look();
        caches.jobs().forEach(job -> reconciler.reconcile(SimCaches.uid(job)));
    }

    private void tendEnqueuer() {
        if (stopping) return;
        Runnable next = () -> in(settings.lease().dividedBy(5), this::tendEnqueuer);
        var held = enqueuer.isHeld();
        enqueuer.tend(
                verdict -> {
                    if (enqueuer.isHeld()) tended(held);
                    next.run();
                },
                next);
    }

    private void tended(boolean held) {
        if (!held) eager.wake();
        var request = Optional.of(enqueuer.sweepRequest());
        if (sweepRequest.isPresent() && !sweepRequest.equals(request)) eager.sweep(request.get());
        sweepRequest = request;
    }

    private SimReconciler reconciler() {
        return reconciler;
    }

    private void wake() {
        eager.wake();
    }

    private void jobChanged(String uid, Optional<SyncJob> job) {
        job.ifPresentOrElse(index::see, () -> index.gone(uid));
        eager.wake();
        if (leading && job.filter(each -> !Lifecycle.isLeftToItsWorker(each)).isPresent()) reconciler.reconcile(uid);
    }

    private void leaseChanged(String worker, Optional<LeaseEntry> lease) {
        var workers = index.index().workers();
        lease.ifPresentOrElse(workers::see, () -> workers.leaseGone(ApiServer.NAMESPACE, worker));
        eager.wake();
    }

    private void workerChanged(String worker, Optional<WorkerPod> pod) {
        var workers = index.index().workers();
        pod.ifPresentOrElse(workers::see, () -> workers.podGone(ApiServer.NAMESPACE, worker, "pod-" + worker));
        eager.wake();
    }

    /** WorkerWatch's look at the jobs of warm workers. */
    private void watchWorkers() {
        if (stopping) return;
        in(DUE, this::watchWorkers);
        index.index().workers().advance(world.nanos());
        DueRuns.of(index.index(), settings.deadAfter(), world.now()).forEach(job -> reconciler.reconcile(job.uid()));
        for (var note : index.index().workers().notes()) {
            call("-", "notes a silence", () -> api.pool().note(note.lease(), note.note()), done -> {}, () -> {});
        }
    }

    /** OperatorProcess's look at the API server. */
    private void look() {
        if (stopping) return;
        in(LOOK, this::look);
        inVain++;
        call(
                "-",
                "looks at the API server",
                () -> true,
                there -> {
                    if (inVain > OUTAGE) index.index().workers().watchAnew();
                    inVain = 0;
                },
                () -> {});
    }

    private void queueChanged(String name, SyncQueueSpec queue) {
        index.see(name, queue);
        eager.wake();
    }

    /** Of a pod that is gone the job is the one that names it. */
    private void podChanged(String name, Optional<SimPod> pod) {
        pod.ifPresentOrElse(index::see, () -> caches.podUid(name).ifPresent(index::podGone));
        eager.wake();
        if (!leading) return;
        pod.ifPresent(each -> reconciler.reconcile(each.jobUid()));
        if (pod.isEmpty()) index.index().jobsOf(ApiServer.NAMESPACE, name).forEach(reconciler::reconcile);
    }

    private void housekeeping() {
        if (stopping) return;
        in(HOUSEKEEPING, this::housekeeping);
        var who = settings.eager() ? Starter.EAGER : new Starter(Starter.Who.MINUTE, SchedulerHealth.GOOD);
        reasons.next(who, REASONS, telling).forEach(this::explain);
        for (var queue : List.copyOf(index.index().queues().values())) {
            Retention.expired(queue, world.now()).forEach(this::delete);
        }
    }

    private void explain(Explanation waiting) {
        var uid = waiting.job().uid();
        telling.add(uid);
        io.explain(waiting.job(), waiting.why(), outcome -> {
            telling.remove(uid);
            if (outcome instanceof Outcome.Written written) index.index().confirm(written.now());
        });
    }

    private void delete(JobEntry job) {
        caches.cached(job.uid())
                .map(caches::newest)
                .filter(job::isOf)
                .ifPresent(
                        seen -> call(job.name(), "deletes the job", () -> api.deleteJob(seen), gone -> {}, () -> {}));
    }
}
