package io.syncjobs.simulation;

import static io.syncjobs.simulation.SimCaches.attempt;
import static io.syncjobs.simulation.SimCaches.name;
import static io.syncjobs.simulation.SimCaches.uid;

import io.syncjobs.api.Names;
import io.syncjobs.api.Reason;
import io.syncjobs.api.SyncJob;
import io.syncjobs.api.SyncJobStatus;
import io.syncjobs.core.Command;
import io.syncjobs.core.Lifecycle;
import io.syncjobs.core.Observation;
import io.syncjobs.core.Observation.Reservation;
import io.syncjobs.core.PodView;
import io.syncjobs.core.QueueKey;
import io.syncjobs.core.Refusals;
import io.syncjobs.core.Settings;
import io.syncjobs.core.Statuses;
import io.syncjobs.core.Step;
import io.syncjobs.kube.Reservations;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/** SyncJobReconciler and StepApplier, a call at a time: one job after the other's answers, several jobs at once. */
final class SimReconciler {
    private static final int STEPS = 6;
    private static final Duration PAUSE = Duration.ofSeconds(1);
    private static final Duration GRACE = Duration.ofSeconds(30);

    private final SimProcess process;
    private final World world;
    private final SimCaches caches;
    private final Reservations reservations;
    private final Settings settings;
    private final Runnable changed;
    private final Set<String> busy = new HashSet<>();
    private final Set<String> again = new HashSet<>();
    private int commands;
    private Instant watchingSince = World.START;

    /** {@code changed} runs whenever something has happened to a job. */
    SimReconciler(SimProcess process, SimCaches caches, Settings settings, Runnable changed) {
        this.process = process;
        this.world = process.world;
        this.caches = caches;
        this.reservations = caches.reservations();
        this.settings = settings;
        this.changed = changed;
    }

    void reconcile(String uid) {
        if (watchingSince.equals(World.START)) watchingSince = world.now();
        changed.run();
        if (!busy.add(uid)) {
            again.add(uid);
            return;
        }
        caches.job(uid).ifPresentOrElse(job -> next(job, STEPS), () -> done(uid, Optional.empty()));
    }

    private void done(String uid, Optional<Instant> lookAgain) {
        busy.remove(uid);
        if (again.remove(uid)) process.in(Duration.ofMillis(1), () -> reconcile(uid));
        else lookAgain.ifPresent(time -> process.at(time.plusMillis(1), () -> reconcile(uid)));
    }

    private void next(SyncJob job, int left) {
        var uid = uid(job);
        if (left == 0) {
            done(uid, Optional.of(world.now().plus(PAUSE)));
            return;
        }
        var views = caches.podsOf(uid);
        var worker = Observation.statusOf(job).worker();
        var known = worker == null
                || !Observation.statusOf(job).state().occupying()
                || views.stream().anyMatch(pod -> pod.name().equals(worker))
                || reservations.of(job) instanceof Reservation.Mine;
        if (known) {
            decide(job, views, left);
        } else {
            process.call(
                    name(job),
                    "reads pod " + worker,
                    () -> Optional.ofNullable(process.api.pods().get(worker)),
                    found -> {
                        found.ifPresent(pod -> views.add(pod.view()));
                        decide(job, views, left);
                    },
                    refusal -> failed(job, refusal));
        }
    }

    private void decide(SyncJob job, List<PodView> views, int left) {
        var seen = new Observation(
                job,
                caches.queueOf(job),
                List.copyOf(views),
                reservations.of(job),
                Optional.empty(),
                settings,
                watchingSince,
                world.now());
        var step = Lifecycle.next(seen);
        Consumer<SyncJob> goOn = now -> next(caches.remember(now), left - 1);
        switch (step) {
            case Step.Stay stay -> done(uid(job), stay.lookAgain());
            case Step.CreatePod create -> createPod(job, create);
            case Step.DeletePod delete -> deletePod(job, delete);
            case Step.Accept accept -> annotate(job, step, accepted(accept.command()), goOn);
            case Step.Refuse refuse -> annotate(job, step, Map.of(refuse.annotation(), Optional.empty()), goOn);
            case Step.Forget f -> annotate(job, step, Map.of(Names.HANDLING, Optional.empty()), goOn);
            case Step.Reserve reserve -> caches.reserve(job, reserve, goOn, refusal -> failed(job, refusal));
            case Step.Obey obey -> write(job, step, Statuses.after(job, obey, world.now()), goOn);
            case Step.Change change -> write(job, step, Statuses.after(job, change, world.now()), goOn);
        }
    }

    private Map<String, Optional<String>> accepted(Command command) {
        var handling =
                new Command.Handling(process.identity() + "-" + world.now().toEpochMilli() + "-" + commands++, command);
        return Map.of(
                Names.HANDLING, Optional.of(handling.text()), command.kind().annotation(), Optional.empty());
    }

    private void annotate(SyncJob job, Step step, Map<String, Optional<String>> changes, Consumer<SyncJob> goOn) {
        process.call(name(job), step, () -> process.api.annotate(job, changes), goOn, refusal -> failed(job, refusal));
    }

    private void write(SyncJob job, Step step, SyncJobStatus next, Consumer<SyncJob> goOn) {
        process.call(
                name(job),
                step,
                () -> process.api.writeStatus(process.identity(), job, next),
                now -> {
                    if (!next.state().occupying()) reservations.forget(job, attempt(job));
                    goOn.accept(now);
                },
                refusal -> failed(job, refusal));
    }

    private void createPod(SyncJob job, Step.CreatePod create) {
        var now = world.now();
        process.call(
                name(job),
                create,
                () -> {
                    process.api.createPod(SimPod.created(
                            create.name(),
                            create.name() + "@" + process.api.pods().size() + now,
                            create.attempt(),
                            uid(job),
                            QueueKey.of(job),
                            world.now()));
                    return job;
                },
                same -> {
                    reservations.note(job, create.attempt(), new Reservation.Created());
                    done(uid(job), Optional.of(world.now().plus(PAUSE)));
                },
                refusal -> {
                    var wait = Refusals.nextWait(reservations.of(job));
                    var tryAgain = world.now().plus(wait);
                    var words = Refusals.message(Reason.POD_NOT_CREATED, "" + refusal.getMessage());
                    reservations.note(
                            job,
                            create.attempt(),
                            refusal.mayHaveBeenDone()
                                    ? new Reservation.Unsure(Reason.POD_NOT_CREATED, words, wait, tryAgain)
                                    : new Reservation.Refused(Reason.POD_NOT_CREATED, words, wait, tryAgain));
                    failed(job, refusal);
                });
    }

    private void deletePod(SyncJob job, Step.DeletePod delete) {
        process.call(
                name(job),
                "deletes pod " + delete.pod().name(),
                () -> {
                    process.api.deletePodAsSeen(delete.pod(), GRACE);
                    return job;
                },
                same -> done(uid(job), Optional.of(world.now().plus(PAUSE))),
                refusal -> failed(job, refusal));
    }

    private void failed(SyncJob job, Refused refusal) {
        var soon = refusal.isConflict() || refusal.code() == 404;
        var wait = soon ? PAUSE : world.seconds(0, 10);
        done(uid(job), Optional.of(world.now().plus(wait)));
    }
}
