package io.syncjobs.pool;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.syncjobs.api.Names;
import io.syncjobs.api.SyncWorkerPool;
import io.syncjobs.core.Backoff;
import io.syncjobs.core.pool.PoolObjects;
import io.syncjobs.core.pool.PoolObjects.Child;
import io.syncjobs.core.pool.PoolObjects.Worker;
import io.syncjobs.core.pool.PoolTrouble;
import io.syncjobs.core.run.InvalidTemplate;
import io.syncjobs.core.run.Payloads;
import io.syncjobs.core.settings.AgentDefaults;
import io.syncjobs.kube.ApiException;
import io.syncjobs.kube.Pools;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Keeps the objects of pools as the pools' specs say. They are applied when the pool, its Deployment or its pods have
 * changed, when the Deployment is gone, and once a minute, because changes of Roles and accounts are not watched.
 */
final class Children {
    private static final Duration AGAIN = Duration.ofMinutes(1);

    /** In a namespace with thousands of pools each pool gets its turn less often, so that the API server is not overloaded. */
    private static final Duration AGAIN_EACH = Duration.ofMillis(100);

    private static final Duration FIRST_WAIT = Duration.ofSeconds(5);

    private final Pools pools;
    private final AgentDefaults settings;
    private final Map<String, Applied> applied = new ConcurrentHashMap<>();

    /** The number of pools per namespace. */
    private final Map<String, Integer> numbers = new ConcurrentHashMap<>();

    Children(Pools pools, AgentDefaults settings) {
        this.pools = pools;
        this.settings = settings;
    }

    /**
     * The result of the last apply.
     *
     * @param pool the generation of the pool that was applied
     * @param deployment the generation of the Deployment after that
     * @param workers the uids of the pods that were there
     * @param soonest no sooner are they applied again for other pods
     */
    private record Applied(
            long pool,
            long deployment,
            Set<String> workers,
            Optional<PoolTrouble> trouble,
            Duration pause,
            Instant soonest,
            Instant again) {}

    /**
     * Applies the objects of a pool if that is due. Returns what keeps them from being as the pool says.
     *
     * @param workers the pool's pods, by their uids
     */
    Optional<PoolTrouble> keep(
            SyncWorkerPool pool,
            Optional<? extends HasMetadata> deployment,
            SortedMap<String, Worker> workers,
            Instant now) {
        var uid = pool.getMetadata().getUid();
        var before = Optional.ofNullable(applied.get(uid));
        if (before.isPresent() && !isDue(before.get(), pool, deployment, workers, now))
            return before.get().trouble();
        var pause = before.filter(last -> last.trouble().isPresent())
                .map(last -> Backoff.longer(last.pause(), FIRST_WAIT, again(pool)))
                .orElse(FIRST_WAIT);
        var after = pools.within(pool, () -> apply(pool, deployment, workers, pause, now));
        if (applied.put(uid, after) == null) numbers.merge(pool.getMetadata().getNamespace(), 1, Integer::sum);
        return after.trouble();
    }

    void forget(SyncWorkerPool pool) {
        if (applied.remove(pool.getMetadata().getUid()) == null) return;
        numbers.computeIfPresent(pool.getMetadata().getNamespace(), (name, count) -> count == 1 ? null : count - 1);
    }

    /** How long each pool of a namespace pauses if all its pools together may do something once per {@code each}. */
    Duration pause(String namespace, Duration least, Duration each) {
        var shared = each.multipliedBy(numbers.getOrDefault(namespace, 0));
        return shared.compareTo(least) > 0 ? shared : least;
    }

    private static boolean isDue(
            Applied before,
            SyncWorkerPool pool,
            Optional<? extends HasMetadata> deployment,
            SortedMap<String, Worker> workers,
            Instant now) {
        if (before.pool() != pool.getMetadata().getGeneration() || !now.isBefore(before.again())) return true;
        if (before.trouble().isPresent()) return false;
        if (!before.workers().equals(workers.keySet()) && !now.isBefore(before.soonest())) return true;
        return deployment
                .map(seen -> seen.getMetadata().getGeneration() > before.deployment())
                .orElse(true);
    }

    private Applied apply(
            SyncWorkerPool cached,
            Optional<? extends HasMetadata> deployment,
            SortedMap<String, Worker> workers,
            Duration pause,
            Instant now) {
        var whole = pools.read(cached);
        var generation = cached.getMetadata().getGeneration();
        var uids = Set.copyOf(workers.keySet());
        var soonest = now.plus(FIRST_WAIT);
        // The pool is gone, and the event about that is on its way.
        if (whole.isEmpty() || whole.get().isMarkedForDeletion())
            return new Applied(generation, Long.MAX_VALUE, uids, Optional.empty(), pause, soonest, now.plus(AGAIN));
        var pool = whole.get();
        var result = applyAll(pool, deployment.isPresent(), workers);
        // The workers that are there go on with the last template, and there are as many of them as the pool says.
        if (result.trouble().isPresent()) deployment.ifPresent(there -> scale(pool, there));
        return new Applied(
                pool.getMetadata().getGeneration(),
                result.deployment(),
                uids,
                result.trouble(),
                pause,
                soonest,
                now.plus(result.trouble().isPresent() ? pause : again(pool)));
    }

    private void scale(SyncWorkerPool pool, HasMetadata deployment) {
        try {
            pools.scale(pool, deployment.getMetadata().getUid());
        } catch (ApiException e) {
            // Whoever refuses it may be who refused the template, and that is told.
            if (!e.isRefusal() && !e.isConflict()) throw e;
        }
    }

    /** How long applied objects stand before they are applied again. */
    private Duration again(SyncWorkerPool pool) {
        return pause(pool.getMetadata().getNamespace(), AGAIN, AGAIN_EACH);
    }

    private record Result(long deployment, Optional<PoolTrouble> trouble) {
        static Result of(PoolTrouble trouble) {
            return new Result(0, Optional.of(trouble));
        }
    }

    private Result applyAll(SyncWorkerPool pool, boolean hasDeployment, SortedMap<String, Worker> workers) {
        List<Child> children;
        try {
            var problem = Payloads.templateProblem(pool.getSpec().template());
            if (problem.isPresent()) return Result.of(PoolTrouble.template("spec.template " + problem.get()));
            children = PoolObjects.of(pool, pools.template(pool), settings, workers);
        } catch (InvalidTemplate e) {
            return Result.of(PoolTrouble.template(String.valueOf(e.getMessage())));
        }
        var generation = 0L;
        var account = Optional.<String>empty();
        for (var child : children) {
            try {
                if (!hasDeployment && child.kind().equals("Deployment")) {
                    var taken = takenBy(pool, child);
                    if (taken.isPresent()) return Result.of(PoolTrouble.nameTaken(child, taken.get()));
                }
                if (child.kind().equals("Deployment")) account.ifPresent(child::noteAccount);
                var made = pools.apply(child);
                if (child.kind().equals("ServiceAccount"))
                    account = Optional.of(made.at("/metadata/uid").asText());
                generation = made.at("/metadata/generation").asLong();
            } catch (ApiException e) {
                if (!isClear(e)) throw e;
                return Result.of(PoolTrouble.refused(pool, child, List.of(Integer.toString(e.code())), e.getMessage()));
            }
        }
        return new Result(generation, Optional.empty());
    }

    /** Otherwise nothing is known, or the API server is busy, and the framework tries again soon. */
    private static boolean isClear(ApiException answer) {
        return answer.isRefusal() || answer.isConflict() || (answer.code() >= 500 && !answer.mayHaveBeenDone());
    }

    /** Whom the Deployment of the pool's name belongs to; empty if there is none, or if it is the pool's own. */
    private Optional<String> takenBy(SyncWorkerPool pool, Child child) {
        var existing = pools.existing(child);
        if (existing.isEmpty()) return Optional.empty();
        for (JsonNode owner : existing.get().at("/metadata/ownerReferences")) {
            if (owner.path("uid").asText().equals(pool.getMetadata().getUid())) return Optional.empty();
            if (owner.path("controller").asBoolean() && !isFormerPool(pool, owner))
                return Optional.of("belongs to " + owner.path("kind").asText() + " "
                        + owner.path("name").asText());
        }
        return isLeftBehind(pool, existing.get()) ? Optional.empty() : Optional.of("is not this pool's");
    }

    /** A pool of this name and another uid is gone, and the garbage collector has not come yet. */
    private static boolean isFormerPool(SyncWorkerPool pool, JsonNode owner) {
        return owner.path("kind").asText().equals("SyncWorkerPool")
                && owner.path("name").asText().equals(pool.getMetadata().getName());
    }

    /**
     * True for a Deployment that a pool of this name had: somebody has just made the pool anew, has deleted it without its objects,
     * or has restored a backup.
     */
    private static boolean isLeftBehind(SyncWorkerPool pool, JsonNode existing) {
        var labels = existing.at("/metadata/labels");
        return Names.SYNCJOBS.equals(labels.path(Names.MANAGED_BY).asText())
                && pool.getMetadata().getName().equals(labels.path(Names.POOL).asText());
    }
}
