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
import java.time.Instant;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * OperatorProcess and Housekeeping, a call at a time: it stands by, leads, and ends when it cannot renew its Lease. Housekeeping is
 * rarer than every second; the scheduler's health and the queues' status are left out.
 */
final class SimOperator extends SimProcess {
    private static final Duration HOUSEKEEPING = Duration.ofSeconds(20);
    private static final Duration TERMINATION = Duration.ofSeconds(10);

    private final Settings settings;
    private final Consumer<String> leads;
    private final LeaseHolder leader;
    private final LeaseHolder enqueuer;
    private final SimCaches caches;
    private final SimEagerLoop eager;
    private final SimReconciler reconciler;
    private Optional<String> sweepRequest = Optional.empty();
    private boolean leading;
    private boolean stopping;

    /** {@code leads} is told when it begins to lead. */
    SimOperator(
            World world, ApiServer api, Reality reality, String identity, Settings settings, Consumer<String> leads) {
        super(world, api, identity);
        this.settings = settings;
        this.leads = leads;
        leader = new LeaseHolder(this, LEADER, settings.lease());
        enqueuer = new LeaseHolder(this, ENQUEUER, settings.lease());
        caches = new SimCaches(this, this::jobChanged, this::podChanged, this::queueChanged);
        eager = new SimEagerLoop(this, caches, enqueuer);
        reconciler = new SimReconciler(this, caches, reality, settings, eager::wake);
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
        if (settings.eager()) tendEnqueuer();
        housekeeping();
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

    private void jobChanged(String uid, Optional<SyncJob> job) {
        if (!leading) return;
        if (job.isEmpty()) eager.wake();
        else reconciler.reconcile(uid);
    }

    private void queueChanged() {
        if (leading) eager.wake();
    }

    /** Of a pod that is gone the job is the one that names it. */
    private void podChanged(String name, Optional<SimPod> pod) {
        if (!leading) return;
        pod.ifPresent(each -> reconciler.reconcile(each.jobUid()));
        if (pod.isPresent()) return;
        for (var job : caches.jobs()) {
            if (name.equals(Observation.statusOf(job).worker())) reconciler.reconcile(SimCaches.uid(job));
        }
    }

    private void housekeeping() {
        if (stopping) return;
        in(HOUSEKEEPING, this::housekeeping);
        var remembered = caches.remembered();
        var seen = caches.snapshot();
        seen.jobs().forEach(job -> remembered.remove(SimCaches.uid(job)));
        caches.forget(remembered);
        var who = settings.eager() ? Explanations.Enqueuer.EAGER : Explanations.Enqueuer.MINUTE;
        var waiting = Explanations.of(EnqueuePass.plan(seen, world.now()), who, SchedulerHealth.GOOD);
        Explanations.worthWriting(waiting, settings.reasonAfter(), world.now()).forEach(this::explain);
        for (var name : api.queues().keySet()) {
            var key = new QueueKey(ApiServer.NAMESPACE, name);
            var queue = seen.queue(key).orElse(SyncQueueSpec.BUILT_IN);
            var all = seen.jobs().stream()
                    .filter(job -> QueueKey.of(job).equals(key))
                    .toList();
            Retention.expired(queue, all, world.now()).forEach(this::delete);
        }
    }

    private void explain(Explanations.Explanation waiting) {
        var job = waiting.job();
        var step = new Step.Explain(waiting.reason(), waiting.message());
        var next = Statuses.after(job, step, world.now());
        call(name(job), step, () -> api.writeStatus(identity(), job, next), caches::remember, () -> {});
    }

    private void delete(SyncJob job) {
        call(name(job), "deletes the job", () -> api.deleteJob(job), gone -> {}, () -> {});
    }
}
