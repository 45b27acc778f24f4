package io.syncjobs.core.pool;

import io.fabric8.kubernetes.api.model.Condition;
import io.syncjobs.api.Names;
import io.syncjobs.api.Reason;
import io.syncjobs.api.SyncWorkerPool;
import io.syncjobs.api.SyncWorkerPoolStatus;
import io.syncjobs.core.Conditions;
import io.syncjobs.core.Text;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** The status of a pool, computed from what is seen of its workers. */
public final class PoolReports {
    /** The condition that says whether the pool takes jobs. */
    public static final String READY = "Ready";

    /** The condition that says whether workers are being started or replaced. */
    public static final String PROGRESSING = "Progressing";

    /** The condition that says whether the pool's slots fit the capacities of the queues that name it. */
    public static final String CAPACITY_FITS = "CapacityFits";

    /** The reason why a pool with zero replicas is not ready. */
    private static final String SCALED_TO_ZERO = "ScaledToZero";

    private PoolReports() {}

    private record Said(boolean holds, String reason, String message) {}

    /** {@code refused} is why the pool's objects could not be applied; empty if they could. */
    public static SyncWorkerPoolStatus of(
            SyncWorkerPool pool, PoolView seen, Optional<PoolTrouble> refused, Instant now) {
        var ready = ready(seen);
        var size = PoolSize.of(pool.getSpec());
        var wanted = size.replicas();
        var isWhole = ready >= wanted && !isReplacing(seen, wanted);
        var trouble = refused.or(() -> isWhole ? Optional.empty() : PoolTrouble.of(pool, seen, now))
                .or(() -> overdue(seen));
        var slots = seen.usage().map(PoolUsage.Usage::slots).orElse(ready * size.slots());
        return new SyncWorkerPoolStatus(
                pool.getMetadata().getGeneration(),
                seen.deployment().map(PoolView.Rollout::replicas).orElse(0),
                ready,
                slots,
                seen.usage().map(PoolUsage.Usage::busy).orElse(0),
                seen.usage().map(PoolUsage.Usage::dead).orElse(0),
                Names.POOL + "=" + pool.getMetadata().getName(),
                trouble.map(PoolTrouble::reason).orElse(null),
                trouble.map(PoolTrouble::message).orElse(null),
                List.of(
                        condition(pool, READY, isReady(ready, wanted, trouble), now),
                        condition(pool, PROGRESSING, progressing(seen, wanted, ready), now),
                        condition(pool, CAPACITY_FITS, capacityFits(pool, seen.queues()), now)));
    }

    private static int ready(PoolView seen) {
        return seen.usage()
                .map(PoolUsage.Usage::ready)
                .orElseGet(() -> seen.deployment().map(PoolView.Rollout::ready).orElse(0));
    }

    /** The old workers go on meanwhile, so there may be enough of them. */
    private static boolean isReplacing(PoolView seen, int wanted) {
        return seen.deployment()
                .filter(rollout -> rollout.updated() < wanted || rollout.replicas() > rollout.updated())
                .isPresent();
    }

    private static Optional<PoolTrouble> overdue(PoolView seen) {
        return seen.deployment()
                .filter(PoolView.Rollout::overdue)
                .map(
                        rollout -> PoolTrouble.of(
                                Reason.POD_STARTING,
                                "new workers have not become ready for a long time; the old ones go on. See their pods and events"));
    }

    private static Said isReady(int ready, int wanted, Optional<PoolTrouble> trouble) {
        if (ready > 0)
            return new Said(
                    true,
                    "WorkersReady",
                    workers(ready)
                            + (ready > wanted ? "" : " of " + wanted)
                            + (ready == 1 ? " takes" : " take") + " jobs");
        if (wanted == 0) {
            return new Said(false, SCALED_TO_ZERO, "spec.replicas is 0: its jobs wait until it is scaled up");
        }
        return trouble.map(why -> new Said(false, why.reason(), why.message()))
                .orElseGet(() -> new Said(false, Reason.NO_WORKERS.toString(), "no worker takes jobs yet"));
    }

    private static Said progressing(PoolView seen, int wanted, int ready) {
        if (seen.deployment().isEmpty()) return new Said(true, "Creating", "its Deployment is not there yet");
        var rollout = seen.deployment().get();
        if (!rollout.current()) return new Said(true, "RollingOut", "its Deployment has just been changed");
        var old = rollout.replicas() - rollout.updated();
        if (old > 0) {
            var message = rollout.updated() + " of " + wanted + " workers are as spec.template says now, " + old
                    + " old ones go on until those are ready";
            return new Said(true, "RollingOut", message);
        }
        if (ready < wanted || isReplacing(seen, wanted))
            return new Said(true, "Starting", ready + " of " + wanted + " workers are ready");
        return new Said(false, "Settled", "all workers are as the spec says");
    }

    /** Slots beyond all capacities are never used. Capacity beyond the slots does no harm, but surprises people. */
    private static Said capacityFits(SyncWorkerPool pool, List<PoolView.Queue> queues) {
        var slots = PoolSize.of(pool.getSpec()).jobs();
        var places = queues.stream().mapToLong(PoolView.Queue::capacity).sum();
        var names = String.join(
                ", ", queues.stream().map(PoolView.Queue::name).sorted().toList());
        if (queues.isEmpty()) {
            return new Said(
                    false,
                    "NoQueue",
                    "no SyncQueue of this namespace names the pool; set spec.workerPool of one to "
                            + pool.getMetadata().getName());
        }
        if (places < slots) {
            return new Said(
                    false,
                    "QueuesTooSmall",
                    "replicas × slots is " + slots + ", but the capacity of " + names + " allows " + places
                            + " jobs at once; raise capacity, or lower replicas or slots");
        }
        var larger = queues.stream().filter(queue -> queue.capacity() > slots).toList();
        if (!larger.isEmpty()) {
            var queue = larger.getFirst();
            return new Said(
                    false,
                    "PoolTooSmall",
                    "replicas × slots is " + slots + ", so SyncQueue " + queue.name()
                            + " never reaches its capacity of " + queue.capacity()
                            + "; raise replicas or slots, or lower capacity");
        }
        return new Said(true, "Fits", slots + " slots for the " + places + " places of " + names);
    }

    private static String workers(int count) {
        return count == 1 ? "1 worker" : count + " workers";
    }

    private static Condition condition(SyncWorkerPool pool, String type, Said said, Instant now) {
        var before = pool.getStatus() == null ? null : pool.getStatus().conditions();
        var message = Text.message(said.message());
        return Conditions.of(pool, before, type, said.holds(), said.reason(), message, now);
    }
}
