package io.syncjobs.simulation;

import static io.syncjobs.simulation.SimCaches.name;
import static io.syncjobs.simulation.SimCaches.uid;
import static java.util.stream.Collectors.toMap;
import static java.util.stream.Collectors.toSet;

import io.syncjobs.api.SyncJob;
import io.syncjobs.api.SyncJobStatus;
import io.syncjobs.core.EnqueuePass;
import io.syncjobs.core.EnqueuePass.Place;
import io.syncjobs.core.EnqueuePass.Plan;
import io.syncjobs.core.EnqueuePass.Snapshot;
import io.syncjobs.core.EnqueuePass.Waiting;
import io.syncjobs.core.Observation;
import io.syncjobs.core.Observation.Reservation;
import io.syncjobs.core.PodNames;
import io.syncjobs.core.Statuses;
import io.syncjobs.core.Step;
import io.syncjobs.kube.Reservations;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Function;

/** Enqueuer, a call at a time: what the plan gives a place is written, all at once. */
final class SimEnqueuer {
    record Outcome(Plan plan, int written, int failed, boolean certain) {}

    private record Sent(SyncJob job, Step.Change step, SyncJobStatus next) {}

    private enum Answer {
        WRITTEN,
        FAILED,
        UNKNOWN
    }

    private final SimProcess process;
    private final Reservations reservations;
    private final Consumer<SyncJob> remember;
    private final Function<Place, Step.Change> change;
    private final Map<String, SyncJob> unanswered = new LinkedHashMap<>();
    private int tries;

    private SimEnqueuer(
            SimProcess process,
            Reservations reservations,
            Consumer<SyncJob> remember,
            Function<Place, Step.Change> change) {
        this.process = process;
        this.reservations = reservations;
        this.remember = remember;
        this.change = change;
    }

    static SimEnqueuer reserving(SimProcess process, SimCaches caches) {
        return new SimEnqueuer(process, caches.reservations(), caches::remember, place -> {
            var attempt = SimCaches.attempt(place.job()) + 1;
            return new Step.Reserve(attempt, PodNames.of(place.job(), attempt), place.effective());
        });
    }

    static SimEnqueuer placing(SimProcess process) {
        return new SimEnqueuer(process, new Reservations(), job -> {}, place -> new Step.Enqueue(place.effective()));
    }

    /** A dry run for one of the places; {@code no} runs also where there is no answer. */
    void ask(Plan plan, Runnable yes, Runnable no) {
        var place = plan.places().get(Math.floorMod(tries++, plan.places().size()));
        process.call(
                "-",
                "may I enqueue?",
                () -> process.api.tryPlace(process.identity(), place.job()),
                allowed -> yes.run(),
                no);
    }

    Plan plan(Snapshot seen) {
        return EnqueuePass.plan(seen, process.world.now());
    }

    /** Plans and writes; {@code then} is told when every write is answered. */
    void pass(Snapshot seen, Consumer<Outcome> then) {
        var plan = plan(seen);
        withdraw(seen, plan, withdrawn -> {
            if (withdrawn) place(plan, then);
            else then.accept(new Outcome(plan, 0, plan.places().size(), false));
        });
    }

    private void place(Plan plan, Consumer<Outcome> then) {
        var sent = new ArrayList<Sent>();
        for (var place : plan.places()) {
            var step = change.apply(place);
            sent.add(new Sent(place.job(), step, Statuses.after(place.job(), step, process.world.now())));
        }
        each(sent, this::write, answers -> {
            var written = answers.getOrDefault(Answer.WRITTEN, 0);
            then.accept(
                    new Outcome(plan, written, plan.places().size() - written, !answers.containsKey(Answer.UNKNOWN)));
        });
    }

    /** What was sent without an answer is refused once its job has changed; a job that gets no place is told why. */
    private void withdraw(Snapshot seen, Plan plan, Consumer<Boolean> then) {
        if (unanswered.isEmpty()) {
            then.accept(true);
            return;
        }
        process.world.count("passes after a place without an answer");
        var versions = seen.jobs().stream().collect(toMap(SimCaches::uid, Observation::versionOf));
        unanswered.entrySet().removeIf(sent -> {
            var version = versions.get(sent.getKey());
            return version == null || version > Observation.versionOf(sent.getValue());
        });
        var waiting = plan.waiting().stream()
                .filter(each -> unanswered.containsKey(uid(each.job())))
                .iterator();
        tell(waiting, told -> {
            var placed = plan.places().stream().map(place -> uid(place.job())).collect(toSet());
            then.accept(told && placed.containsAll(unanswered.keySet()));
        });
    }

    private void tell(Iterator<Waiting> left, Consumer<Boolean> then) {
        if (!left.hasNext()) {
            then.accept(true);
            return;
        }
        var waiting = left.next();
        var job = waiting.job();
        var step = new Step.Explain(waiting.reason(), waiting.message());
        var next = Statuses.after(job, step, process.world.now());
        process.call(
                name(job),
                step,
                () -> process.api.writeStatus(process.identity(), job, next),
                now -> {
                    remember.accept(now);
                    unanswered.remove(uid(job));
                    tell(left, then);
                },
                () -> then.accept(false));
    }

    private static void each(
            Collection<Sent> sent, BiConsumer<Sent, Consumer<Answer>> action, Consumer<Map<Answer, Integer>> then) {
        var answers = new LinkedHashMap<Answer, Integer>();
        if (sent.isEmpty()) then.accept(answers);
        var open = new int[] {sent.size()};
        for (var one : sent) {
            action.accept(one, answer -> {
                answers.merge(answer, 1, Integer::sum);
                if (--open[0] == 0) then.accept(answers);
            });
        }
    }

    private void write(Sent sent, Consumer<Answer> then) {
        var job = sent.job();
        var attempt = sent.step() instanceof Step.Reserve reserve ? reserve.attempt() : 0;
        reservations.note(job, attempt, new Reservation.Sending());
        process.call(
                name(job),
                sent.step(),
                () -> process.api.writeStatus(process.identity(), job, sent.next()),
                now -> {
                    remember.accept(now);
                    reservations.note(job, attempt, new Reservation.Mine(Duration.ZERO));
                    unanswered.remove(uid(job));
                    then.accept(Answer.WRITTEN);
                },
                refusal -> {
                    reservations.forget(job, attempt);
                    if (!refusal.mayHaveBeenDone()) {
                        then.accept(Answer.FAILED);
                        return;
                    }
                    unanswered.put(uid(job), job);
                    then.accept(Answer.UNKNOWN);
                });
    }
}
