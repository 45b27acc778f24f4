package io.syncjobs.simulation;

import static io.syncjobs.simulation.SimCaches.attempt;
import static io.syncjobs.simulation.SimCaches.name;
import static io.syncjobs.simulation.SimCaches.uid;

import io.syncjobs.core.EnqueuePass;
import io.syncjobs.core.EnqueuePass.Place;
import io.syncjobs.core.EnqueuePass.Plan;
import io.syncjobs.core.PodNames;
import io.syncjobs.core.Step;
import java.time.Duration;
import java.util.HashSet;

/** EagerLoop and Enqueuer, a call at a time: one pass after the other. */
final class SimEagerLoop {
    /** The real one sweeps every second; between events nothing is missed by less. */
    private static final Duration SWEEP = Duration.ofSeconds(5);

    private final SimProcess process;
    private final SimCaches caches;
    private final LeaseHolder lease;
    private boolean passing;
    private boolean again;
    private int settled;
    private int sweep;

    SimEagerLoop(SimProcess process, SimCaches caches, LeaseHolder lease) {
        this.process = process;
        this.caches = caches;
        this.lease = lease;
    }

    void wake() {
        if (!lease.isHeld()) return;
        if (passing) {
            again = true;
            return;
        }
        passing = true;
        again = false;
        var term = lease.term();
        var plan = plan();
        if (term == settled || plan.places().isEmpty()) {
            place(plan);
            return;
        }
        Runnable failed = () -> passed(plan);
        process.call(
                "-",
                "may I enqueue?",
                () -> process.api.tryPlace(process.identity()),
                yes -> settle(term, failed),
                failed);
    }

    private void settle(int term, Runnable failed) {
        process.read(
                (pods, jobs) -> {
                    var read = caches.snapshot(jobs, pods);
                    var known = caches.snapshot().knowsPlacesOf(read);
                    if (known) settled = term;
                    place(known ? plan() : EnqueuePass.plan(read, process.world.now()));
                },
                failed);
    }

    private Plan plan() {
        return EnqueuePass.plan(caches.snapshot(), process.world.now());
    }

    private void place(Plan plan) {
        var open = new HashSet<>(plan.places());
        for (var place : plan.places()) {
            place(place, () -> {
                open.remove(place);
                if (open.isEmpty()) passed(plan);
            });
        }
        if (open.isEmpty()) passed(plan);
    }

    private void passed(Plan plan) {
        passing = false;
        var latest = process.world.now().plus(SWEEP);
        var next = again
                ? process.world.now().plusMillis(1)
                : plan.lookAgain().filter(latest::isAfter).orElse(latest);
        var mine = ++sweep;
        process.at(next, () -> {
            if (mine == sweep) wake();
        });
    }

    private void place(Place place, Runnable answered) {
        var job = place.job();
        var attempt = attempt(job) + 1;
        var step = new Step.Reserve(attempt, PodNames.of(job, attempt), place.effective());
        caches.reserve(job, step, now -> answered.run(), refusal -> {
            if (refusal.isConflict() || refusal.isRefusal()) {
                answered.run();
                return;
            }
            process.call(
                    name(job),
                    "reads the job again",
                    () -> process.api.readJob(uid(job)),
                    found -> {
                        found.ifPresent(caches::remember);
                        answered.run();
                    },
                    () -> {
                        settled = 0;
                        answered.run();
                    });
        });
    }
}
