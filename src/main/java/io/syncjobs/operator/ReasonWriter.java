package io.syncjobs.operator;

import io.syncjobs.core.index.JobIndex;
import io.syncjobs.core.index.Refusal;
import io.syncjobs.core.queue.Explanation;
import io.syncjobs.core.queue.Reasons;
import io.syncjobs.core.queue.Starter;
import io.syncjobs.enqueuer.EnqueueIo;
import io.syncjobs.enqueuer.EnqueueIo.Outcome;
import io.syncjobs.kube.NamespaceShare;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;

/**
 * Writes the reasons of waiting jobs, a limited number in each round. A job that did not accept a reason is left alone for a
 * while. It runs on the index's thread and waits for nothing.
 */
final class ReasonWriter {
    private static final Duration REFUSED = Duration.ofMinutes(1);

    /**
     * The limit for writes without an answer. The API server refuses one account's requests when a few hundred of them are open.
     */
    private static final int IN_FLIGHT = 64;

    /**
     * Of one namespace no more of them count, and with so many it gets no further one: a webhook there may hold up each for half a
     * minute.
     */
    private static final int SHARE = IN_FLIGHT / NamespaceShare.PARTS;

    private final JobIndex index;
    private final Reasons reasons;
    private final EnqueueIo io;
    private final InstantSource clock;
    private final int atOnce;

    /** Until when a job is left alone, by uid. Otherwise refused jobs at the head of a queue would use up the budget of all. */
    private final Map<String, Instant> refused = new HashMap<>();

    /** What has no answer yet: the namespaces by the uids of their jobs. */
    private final Map<String, String> writing = new HashMap<>();

    private Starter starter = Starter.EAGER;

    /** How many more reasons this round may write. */
    private int left;

    ReasonWriter(JobIndex index, EnqueueIo io, InstantSource clock, int atOnce) {
        this.index = index;
        this.io = io;
        this.clock = clock;
        this.atOnce = atOnce;
        reasons = new Reasons(index);
    }

    /** Begins a round: writes the next reasons. Those for which there is no room yet are written as answers come. */
    void round(Starter who) {
        var now = clock.instant();
        refused.values().removeIf(until -> !now.isBefore(until));
        starter = who;
        left = atOnce;
        writeNext();
    }

    private void writeNext() {
        var namespaces = new HashMap<String, Integer>();
        writing.values().forEach(namespace -> namespaces.merge(namespace, 1, Integer::sum));
        var counted = namespaces.values().stream()
                .mapToInt(count -> Math.min(count, SHARE))
                .sum();
        var room = Math.min(left, IN_FLIGHT - counted);
        if (room <= 0) return;
        namespaces.values().removeIf(count -> count < SHARE);
        var unwanted = new HashSet<>(writing.keySet());
        unwanted.addAll(refused.keySet());
        for (var next : reasons.next(starter, room, unwanted, namespaces.keySet())) {
            left--;
            write(next);
        }
    }

    private void write(Explanation explanation) {
        var job = explanation.job();
        var uid = job.uid();
        writing.put(uid, job.namespace());
        io.explain(job, explanation.why(), outcome -> {
            writing.remove(uid);
            switch (outcome) {
                case Outcome.Written written -> index.confirm(written.now());
                case Outcome.Refused full when full.how() == Refusal.FOR_GOOD -> index.full(job);
                case Outcome.Refused changed when changed.how() == Refusal.CHANGED -> {}
                default -> refused.put(uid, clock.instant().plus(REFUSED));
            }
            // Each choice looks at all queues that have changed, so it is made for several writes together.
            if (left > 0 && open(job.namespace()) <= SHARE / 2) writeNext();
        });
    }

    private long open(String namespace) {
        return writing.values().stream().filter(namespace::equals).count();
    }
}
