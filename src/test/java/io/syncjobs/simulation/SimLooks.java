package io.syncjobs.simulation;

import io.syncjobs.api.SyncJob;
import io.syncjobs.kube.ApiException;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * The framework's queue of jobs to look at: one look at a job at a time, several jobs at once; one that fails is repeated, after
 * pauses that grow as the operator has set them.
 */
final class SimLooks {
    private static final Duration FIRST_PAUSE = Duration.ofMillis(500);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);

    private final SimProcess process;
    private final SimCaches caches;
    private final Function<SyncJob, Optional<Duration>> handle;
    private final Set<String> busy = new HashSet<>();
    private final Set<String> again = new HashSet<>();
    private final Map<String, Integer> looks = new HashMap<>();
    private final Map<String, Duration> pauses = new HashMap<>();
    private boolean stopped;

    /** {@code handle} looks at a job, and returns after what time it is to be looked at again. */
    SimLooks(SimProcess process, SimCaches caches, Function<SyncJob, Optional<Duration>> handle) {
        this.process = process;
        this.caches = caches;
        this.handle = handle;
    }

    /** Begins nothing more. */
    void stop() {
        stopped = true;
    }

    boolean isIdle() {
        return busy.isEmpty();
    }

    void at(String uid) {
        looks.merge(uid, 1, Integer::sum);
        if (stopped || caches.job(uid).isEmpty()) return;
        if (busy.add(uid)) process.start(() -> look(uid));
        else again.add(uid);
    }

    private void look(String uid) {
        var job = caches.job(uid);
        var wait = job.flatMap(this::handled);
        busy.remove(uid);
        if (again.remove(uid)) at(uid);
        else wait.ifPresent(time -> later(uid, time));
    }

    private Optional<Duration> handled(SyncJob job) {
        var uid = SimCaches.uid(job);
        try {
            var next = handle.apply(job);
            pauses.remove(uid);
            return next;
        } catch (ApiException e) {
            var pause = pauses.merge(uid, FIRST_PAUSE, (before, first) -> before.multipliedBy(2));
            return Optional.of(pause.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : pause);
        }
    }

    private void later(String uid, Duration time) {
        var mine = looks.getOrDefault(uid, 0);
        process.in(time, () -> {
            if (mine.equals(looks.getOrDefault(uid, 0))) at(uid);
        });
    }
}
