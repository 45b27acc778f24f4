package io.syncjobs.simulation;

import static io.syncjobs.simulation.SimCaches.name;

import io.syncjobs.api.SyncJob;
import io.syncjobs.api.SyncQueueSpec;
import io.syncjobs.core.EnqueuePass;
import io.syncjobs.core.Explanations;
import io.syncjobs.core.Observation;
import io.syncjobs.core.QueueKey;
import io.syncjobs.core.Retention;
import io.syncjobs.core.SchedulerHealth;
import io.syncjobs.core.Settings;
import io.syncjobs.core.Statuses;
import io.syncjobs.core.Step;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/** OperatorProcess and Housekeeping, a call at a time: it stands by, leads, and ends when it cannot renew its Lease. */
final class SimOperator extends SimProcess {
    private static final Duration HOUSEKEEPING = Duration.ofSeconds(10);

    private final Settings settings;
    private final LeaseHolder leader;
    private final LeaseHolder enqueuer;
    private final SimCaches caches;
    private final SimEagerLoop eager;
    private final SimReconciler reconciler;
    private boolean leads;

    SimOperator(World world, ApiServer api, String identity, Settings settings, Map<QueueKey, SyncQueueSpec> queues) {
        super(world, api, identity);
        this.settings = settings;
        leader = new LeaseHolder(this, LEADER, settings.lease());
        enqueuer = new LeaseHolder(this, ENQUEUER, settings.lease());
        caches = new SimCaches(this, queues, this::jobChanged, this::podChanged);
        eager = new SimEagerLoop(this, caches, enqueuer);
        reconciler = new SimReconciler(this, caches, settings, eager::wake);
        elect();
    }

    void relist() {
        caches.relist();
    }

    /** A shutdown in order. */
    void end() {
        enqueuer.release();
        leader.release();
        in(Duration.ofMillis(200), () -> die("ended in order"));
    }

    private void elect() {
        Runnable next = () -> in(settings.lease().dividedBy(7), this::elect);
        leader.tend(verdict -> elected(next), () -> elected(next));
    }

    private void elected(Runnable next) {
        if (leads && !leader.isHeld()) {
            die("lost the leader's Lease");
            return;
        }
        if (!leads && leader.isHeld()) lead();
        next.run();
    }

    private void lead() {
        leads = true;
        world.say(identity(), "", "leads", "");
        if (settings.eager()) tendEnqueuer();
        housekeeping();
        caches.jobs().forEach(job -> reconciler.reconcile(SimCaches.uid(job)));
    }

    private void tendEnqueuer() {
        Runnable next = () -> in(settings.lease().dividedBy(5), this::tendEnqueuer);
        var held = enqueuer.isHeld();
        enqueuer.tend(
                verdict -> {
                    if (!held) eager.wake();
                    next.run();
                },
                next);
    }

    private void jobChanged(String uid, Optional<SyncJob> job) {
        if (leads) reconciler.reconcile(uid);
    }

    /** Of a pod that is gone the job is the one that names it. */
    private void podChanged(String name, Optional<SimPod> pod) {
        if (!leads) return;
        pod.ifPresent(each -> reconciler.reconcile(each.jobUid()));
        if (pod.isPresent()) return;
        for (var job : caches.jobs()) {
            if (name.equals(Observation.statusOf(job).worker())) reconciler.reconcile(SimCaches.uid(job));
        }
    }

    private void housekeeping() {
        in(HOUSEKEEPING, this::housekeeping);
        caches.forgetDeleted();
        var seen = caches.snapshot();
        for (var job : Retention.expired(Simulation.QUEUE, seen.jobs(), world.now())) {
            call(name(job), "deletes the job", () -> deleted(job), same -> {}, () -> {});
        }
        var who = settings.eager() ? Explanations.Enqueuer.EAGER : Explanations.Enqueuer.MINUTE;
        var waiting = Explanations.of(EnqueuePass.plan(seen, world.now()), who, SchedulerHealth.GOOD);
        Explanations.worthWriting(waiting, settings.reasonAfter(), world.now()).forEach(this::explain);
    }

    private void explain(Explanations.Explanation waiting) {
        var job = waiting.job();
        var step = new Step.Explain(waiting.reason(), waiting.message());
        var next = Statuses.after(job, step, world.now());
        call(name(job), step, () -> api.writeStatus(identity(), job, next), caches::remember, () -> {});
    }

    private SyncJob deleted(SyncJob job) {
        api.deleteJob(job);
        return job;
    }
}
