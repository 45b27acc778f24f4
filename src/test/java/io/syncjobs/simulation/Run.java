package io.syncjobs.simulation;

import io.syncjobs.core.index.QueueKey;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/** What really happens in one pod, whatever anybody hears of it. */
final class Run {
    /** Why a run may end without a result, or go on unseen. */
    enum Harm {
        /** Somebody removed the pod from the API server; its process goes on. */
        FORCED,
        /** Somebody deleted the pod. */
        DELETED,
        /** An eviction or a drain. */
        PLANNED,
        /** Its node was cut off. */
        CUT_OFF,
        /** The pod came when its job had moved on, or when nobody waited for it any more. */
        LATE
    }

    final String pod;
    final String job;
    final String jobUid;
    final QueueKey queue;
    final int attempt;
    final Instant created;
    final Set<Harm> harm = EnumSet.noneOf(Harm.class);

    /** One of our processes has deleted the pod. */
    boolean told;

    Optional<Instant> started = Optional.empty();
    Optional<Instant> ended = Optional.empty();
    int code;
    boolean bySignal;

    Run(SimPod pod, Instant created) {
        this.pod = pod.view().name();
        job = pod.job();
        jobUid = pod.jobUid();
        queue = pod.queue();
        attempt = pod.view().attempt();
        this.created = created;
    }

    boolean isRunning() {
        return started.isPresent() && ended.isEmpty();
    }

    /** One that docs/guarantees.md calls a zombie: nobody can see or end it. */
    boolean isZombie() {
        return harm.contains(Harm.FORCED) || harm.contains(Harm.CUT_OFF) || harm.contains(Harm.LATE);
    }

    boolean endedByItself() {
        return ended.isPresent() && !bySignal;
    }

    boolean succeeded() {
        return endedByItself() && code == 0;
    }

    /** How long it ran, until now where it still does. */
    Duration time(Instant now) {
        return started.map(since -> Duration.between(since, ended.orElse(now))).orElse(Duration.ZERO);
    }
}
