package io.syncjobs.operator;

import io.syncjobs.core.Explanations.Explanation;
import io.syncjobs.core.Statuses;
import io.syncjobs.core.Step;
import io.syncjobs.kube.ApiException;
import io.syncjobs.kube.Jobs;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Writes the reasons of waiting jobs, so many at a time, and for a while none to a job that did not take its last one. */
final class ReasonWriter {
    private static final Duration REFUSED = Duration.ofMinutes(1);

    private final Jobs jobs;
    private final int atOnce;

    /** Until when, by uid: else those at the head of a queue would use up what is there for all. */
    private final Map<String, Instant> refused = new ConcurrentHashMap<>();

    ReasonWriter(Jobs jobs, int atOnce) {
        this.jobs = jobs;
        this.atOnce = atOnce;
    }

    /** Those that it is worth to write now. */
    List<Explanation> next(List<Explanation> worth, Instant now) {
        refused.values().removeIf(until -> !now.isBefore(until));
        return worth.stream()
                .filter(e -> !jobs.isFull(e.job()) && !refused.containsKey(uid(e)))
                .limit(atOnce)
                .toList();
    }

    void write(Explanation explanation, Instant now) {
        var change = new Step.Explain(explanation.reason(), explanation.message());
        try {
            jobs.writeStatus(explanation.job(), Statuses.after(explanation.job(), change, now));
        } catch (ApiException e) {
            if (!e.isConflict() && !e.isNotFound()) refused.put(uid(explanation), now.plus(REFUSED));
            throw e;
        }
    }

    private static String uid(Explanation explanation) {
        return explanation.job().getMetadata().getUid();
    }
}
