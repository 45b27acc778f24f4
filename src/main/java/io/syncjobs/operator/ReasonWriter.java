package io.syncjobs.operator;

import io.syncjobs.core.index.JobIndex;
import io.syncjobs.core.index.Refusal;
import io.syncjobs.core.queue.Explanation;
import io.syncjobs.core.queue.Reasons;
import io.syncjobs.core.queue.Starter;
import io.syncjobs.enqueuer.EnqueueIo;
import io.syncjobs.enqueuer.EnqueueIo.Outcome;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * Writes the reasons of waiting jobs, a limited number in each round. A job that did not accept a reason is left alone for a
 * while. It runs on the index's thread and waits for nothing.
 */
final class ReasonWriter {
    private static final Duration REFUSED = Duration.ofMinutes(1);

    /** The limit for writes without an answer; one round may exceed it. */
    private static final int IN_FLIGHT = 64;

    private final JobIndex index;
    private final Reasons reasons;
    private final EnqueueIo io;
    private final InstantSource clock;
    private final int atOnce;

    /** Until when a job is left alone, by uid. Otherwise refused jobs at the head of a queue would use up the budget of all. */
    private final Map<String, Instant> refused = new HashMap<>();

    private final Set<String> writing = new HashSet<>();

    ReasonWriter(JobIndex index, EnqueueIo io, InstantSource clock, int atOnce) {
        this.index = index;
        this.io = io;
        this.clock = clock;
        this.atOnce = atOnce;
        reasons = new Reasons(index);
    }

    /** Writes the next reasons. */
    void round(Starter who) {
        var now = clock.instant();
        refused.values().removeIf(until -> !now.isBefore(until));
        var unwanted = new HashSet<>(writing);
        unwanted.addAll(refused.keySet());
        var room = Math.max(IN_FLIGHT, atOnce) - writing.size();
        for (var next : reasons.next(who, Math.min(atOnce, room), unwanted)) write(next);
    }

    private void write(Explanation explanation) {
        var job = explanation.job();
        var uid = job.uid();
        writing.add(uid);
        io.explain(job, explanation.why(), outcome -> {
            writing.remove(uid);
            switch (outcome) {
                case Outcome.Written written -> index.confirm(written.now());
                case Outcome.Refused full when full.how() == Refusal.FOR_GOOD -> index.full(job);
                case Outcome.Refused changed when changed.how() == Refusal.CHANGED -> {}
                default -> refused.put(uid, clock.instant().plus(REFUSED));
            }
        });
    }
}
