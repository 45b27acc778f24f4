package io.syncjobs.simulation;

import static io.syncjobs.simulation.SimCaches.name;
import static io.syncjobs.simulation.SimCaches.uid;
import static java.util.stream.Collectors.toMap;
import static java.util.stream.Collectors.toSet;

import io.syncjobs.api.SyncJob;
import io.syncjobs.api.SyncJobStatus;
import io.syncjobs.core.Backoff;
import io.syncjobs.core.EnqueuePass;
import io.syncjobs.core.EnqueuePass.Place;
import io.syncjobs.core.EnqueuePass.Plan;
import io.syncjobs.core.EnqueuePass.Snapshot;
import io.syncjobs.core.EnqueuePass.Waiting;
import io.syncjobs.core.Observation;
import io.syncjobs.core.Observation.Reservation;
import io.syncjobs.core.QueueKey;
import io.syncjobs.core.Statuses;
import io.syncjobs.core.Step;
import io.syncjobs.kube.Reservations;
import java.time.Duration;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.IntConsumer;

/** Enqueuer, a call at a time: what the plan gives a place is written, all at once. */
final class SimEnqueuer {
    private static final Backoff TRIES = Backoff.before(Duration.ofSeconds(1), Duration.ofSeconds(30));

    record Outcome(Plan plan, int written, int failed) {}

    private record Sent(SyncJob job, Step.Change step, SyncJobStatus next) {}

    private record Unanswered(SyncJob job, Backoff pause) {}

    private final SimProcess process;
    private final Reservations reservations;
    private final Consumer<SyncJob> remember;
    private final Function<Place, Step.Change> change;
    private final Map<String, Unanswered> unanswered = new LinkedHashMap<>();
    private final Set<String> trying = new HashSet<>();
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

    /** Plans and writes; {@code then} is told when every write is answered but those to jobs of which an earlier one was not. */
    void pass(Snapshot seen, BooleanSupplier valid, Consumer<Outcome> then) {
        var plan = plan(seen);
        var withheld = withheld(seen, plan, valid);
        var sent = plan.places().stream()
                .filter(place ->
                        !withheld.contains(QueueKey.of(place.job())) && !unanswered.containsKey(uid(place.job())))
                .map(this::sent)
                .toList();
        each(
                sent,
                valid,
                written -> then.accept(new Outcome(plan, written, plan.places().size() - written)));
    }

    private Sent sent(Place place) {
        var step = change.apply(place);
        return new Sent(place.job(), step, Statuses.after(place.job(), step, process.world.now()));
    }

    private void each(List<Sent> sent, BooleanSupplier valid, IntConsumer then) {
        if (sent.isEmpty()) then.accept(0);
        var open = new int[] {sent.size()};
        var written = new int[1];
        for (var one : sent) {
            write(one, valid, done -> {
                if (done) written[0]++;
                if (--open[0] == 0) then.accept(written[0]);
            });
        }
    }

    /** What was sent without an answer is refused once its job has changed; a job that gets no place is told why. */
    private Set<QueueKey> withheld(Snapshot seen, Plan plan, BooleanSupplier valid) {
        if (unanswered.isEmpty()) return Set.of();
        process.world.count("passes after a place without an answer");
        var versions = seen.jobs().stream().collect(toMap(SimCaches::uid, Observation::versionOf));
        unanswered
                .values()
                .removeIf(sent -> versions.getOrDefault(uid(sent.job()), 0L) > Observation.versionOf(sent.job()));
        var uncounted = new LinkedHashMap<>(unanswered);
        for (var place : plan.places()) {
            if (uncounted.remove(uid(place.job())) != null)
                retry(place.job(), end -> write(sent(place), valid, done -> end.run()));
        }
        var queues =
                uncounted.values().stream().map(sent -> QueueKey.of(sent.job())).collect(toSet());
        for (var waiting : plan.waiting()) {
            if (uncounted.remove(uid(waiting.job())) != null) retry(waiting.job(), end -> tell(waiting, end));
        }
        uncounted.values().forEach(sent -> retry(sent.job(), end -> forgetIfGone(sent.job(), end)));
        return queues;
    }

    private void retry(SyncJob job, Consumer<Runnable> attempt) {
        var uid = uid(job);
        var sent = unanswered.get(uid);
        if (sent == null || !sent.pause().isOver(process.world.nanos()) || !trying.add(uid)) return;
        attempt.accept(() -> {
            unanswered.computeIfPresent(
                    uid, (u, now) -> new Unanswered(now.job(), now.pause().failed(process.world.nanos())));
            trying.remove(uid);
        });
    }

    private void tell(Waiting waiting, Runnable end) {
        var job = waiting.job();
        var step = new Step.Explain(waiting.reason(), waiting.message());
        var next = Statuses.after(job, step, process.world.now());
        process.call(
                name(job),
                step,
                () -> process.api.writeStatus(process.identity(), job, next),
                now -> {
                    remember.accept(now);
                    end.run();
                },
                end);
    }

    private void forgetIfGone(SyncJob job, Runnable end) {
        process.call(
                name(job),
                "is it gone?",
                () -> process.api.readJob(uid(job)),
                read -> {
                    if (read.isEmpty()) unanswered.remove(uid(job));
                    end.run();
                },
                end);
    }

    private void write(Sent sent, BooleanSupplier valid, Consumer<Boolean> then) {
        if (!valid.getAsBoolean()) {
            then.accept(false);
            return;
        }
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
                    then.accept(true);
                },
                refusal -> {
                    reservations.forget(job, attempt);
                    if (refusal.mayHaveBeenDone()) unanswered.putIfAbsent(uid(job), new Unanswered(job, TRIES));
                    then.accept(false);
                });
    }
}
