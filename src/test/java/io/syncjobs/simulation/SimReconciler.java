package io.syncjobs.simulation;

import static io.syncjobs.simulation.SimCaches.attempt;
import static io.syncjobs.simulation.SimCaches.name;
import static io.syncjobs.simulation.SimCaches.uid;

import io.syncjobs.api.SyncJob;
import io.syncjobs.api.SyncJobStatus;
import io.syncjobs.core.Command;
import io.syncjobs.core.Inspected;
import io.syncjobs.core.Lifecycle;
import io.syncjobs.core.Observation;
import io.syncjobs.core.Observation.Reservation;
import io.syncjobs.core.QueueKey;
import io.syncjobs.core.Refusals;
import io.syncjobs.core.Run;
import io.syncjobs.core.Settings;
import io.syncjobs.core.Statuses;
import io.syncjobs.core.Step;
import io.syncjobs.core.Step.Inspect.Subject;
import io.syncjobs.core.WorkerEnd;
import io.syncjobs.core.WorkerView;
import io.syncjobs.core.index.JobIndex;
import io.syncjobs.kube.Reservations;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * JobLoop and its parts, a call at a time: one job after the other's answers, several jobs at once. Logs, pods' events,
 * objects that are too large and wrong templates are left out, and what failed is tried again within ten seconds instead of thirty.
 */
final class SimReconciler {
    private static final int STEPS = 6;
    private static final Duration PAUSE = Duration.ofSeconds(1);
    private static final Duration GRACE = Duration.ofSeconds(30);

    /** A look at each job with work, where nothing else has asked for one. */
    private static final Duration LATEST = Duration.ofMinutes(1);

    private final SimProcess process;
    private final World world;
    private final SimCaches caches;
    private final Reality reality;
    private final Reservations reservations;
    private final Settings settings;
    private final JobIndex index;
    private final Set<String> busy = new HashSet<>();
    private final Set<String> again = new HashSet<>();
    private final Map<String, Integer> looks = new HashMap<>();
    private final Map<String, Instant> missed = new HashMap<>();
    private int commands;
    private boolean stopped;

    @Nullable
    private Instant watchingSince;

    SimReconciler(SimProcess process, SimCaches caches, Reality reality, Settings settings, JobIndex index) {
        this.index = index;
        this.process = process;
        this.world = process.world;
        this.caches = caches;
        this.reality = reality;
        this.reservations = caches.reservations();
        this.settings = settings;
    }

    /** Begins nothing more. */
    void stop() {
        stopped = true;
    }

    void reconcile(String uid) {
        if (stopped) return;
        if (watchingSince == null) watchingSince = world.now();
        var cached = caches.cached(uid);
        if (cached.isEmpty()) return;
        if (!busy.add(uid)) {
            again.add(uid);
            return;
        }
        next(caches.newest(cached.get()), STEPS);
    }

    private void done(String uid, Optional<Instant> lookAgain) {
        busy.remove(uid);
        if (again.remove(uid)) process.in(Duration.ofMillis(1), () -> reconcile(uid));
        else {
            var mine = looks.merge(uid, 1, Integer::sum);
            lookAgain
                    .map(t -> t.plusMillis(1))
                    .or(() -> latest(uid))
                    .ifPresent(time -> process.at(time, () -> {
                        if (mine.equals(looks.get(uid))) reconcile(uid);
                    }));
        }
    }

    private Optional<Instant> latest(String uid) {
        return caches.cached(uid)
                .map(caches::newest)
                .filter(Lifecycle::hasWork)
                .map(job -> world.now().plus(LATEST));
    }

    private void next(SyncJob job, int left) {
        var uid = uid(job);
        if (left == 0) {
            done(uid, soon());
            return;
        }
        decide(
                new Observation(
                        job,
                        caches.queueOf(job),
                        caches.podsOf(uid),
                        run(job),
                        Inspected.NOTHING,
                        settings,
                        watchingSince == null ? world.now() : watchingSince,
                        world.now()),
                left);
    }

    /** What the watch has told of the current pod is replaced by what the API server says of it now. */
    private void readPod(Observation seen, int left) {
        var worker = Observation.statusOf(seen.job()).worker();
        read(
                seen,
                "reads the pod",
                () -> Optional.ofNullable(process.api.pods().get(worker)),
                found -> goOn(
                        seen.withPod(found.map(SimPod::view).or(() -> caches.lastWordsOf(seen.job()))),
                        Subject.POD,
                        left));
    }

    private <T> void read(Observation seen, String what, Supplier<T> request, Consumer<T> answer) {
        process.call(name(seen.job()), what, request, answer, refusal -> failed(seen.job(), refusal));
    }

    private void goOn(Observation seen, Subject subject, int left) {
        decide(seen.with(seen.inspected().and(subject)), left);
    }

    private Optional<Instant> soon() {
        return Optional.of(world.now().plus(PAUSE));
    }

    private void decide(Observation seen, int left) {
        var job = seen.job();
        var step = Lifecycle.next(seen);
        Consumer<SyncJob> goOn = written -> next(caches.remember(written), left - 1);
        switch (step) {
            case Step.Wait stay -> done(uid(job), stay.lookAgain());
            case Step.Inspect inspect -> inspect(seen, inspect.subject(), left);
            case Step.CreatePod create -> createPod(seen, create, left);
            case Step.DeletePod delete -> deletePod(job, delete);
            case Step.ClaimCommand accept -> annotate(job, step, accepted(job, accept.command()), goOn);
            case Step.Refuse refuse -> annotate(job, step, Command.dropping(job, refuse.annotation()), goOn);
            case Step.ClearCommand f -> annotate(job, step, Command.handled(), goOn);
            case Step.Reserve reserve -> reserve(seen, reserve, goOn);
            case Step.ApplyCommand obey -> write(job, step, Statuses.after(job, obey, seen.now()), goOn);
            case Step.Change change -> write(job, step, Statuses.after(job, change, seen.now()), goOn);
        }
    }

    private Run run(SyncJob job) {
        if (!Observation.isWarm(job)) return new Run.PodRun(reservations.of(job));
        var worker = Objects.requireNonNullElse(Observation.statusOf(job).worker(), "");
        return new Run.WorkerRun(index.workers().view(ApiServer.NAMESPACE, worker, world.now()), "", "");
    }

    private void inspect(Observation seen, Subject subject, int left) {
        switch (subject) {
            case POD -> readPod(seen, left);
            case LAST_STATE -> {
                if (isNewlyMissed(seen)) done(uid(seen.job()), soon());
                else goOn(seen, subject, left);
            }
            case LOG, EVENTS -> goOn(seen, subject, left);
            case WORKER -> readWorker(seen, left);
            case LEASE -> readLease(seen, left);
        }
    }

    private void readWorker(Observation seen, int left) {
        var worker = Objects.requireNonNullElse(Observation.statusOf(seen.job()).worker(), "");
        read(seen, "reads the worker's pod", () -> process.api.pool().hasPod(worker), found -> {
            var view = found ? WorkerView.UNKNOWN : new WorkerView.Gone(WorkerEnd.UNSEEN, true);
            goOn(seen.with(new Run.WorkerRun(view, "", "")), Subject.WORKER, left);
        });
    }

    private void readLease(Observation seen, int left) {
        var worker = Objects.requireNonNullElse(Observation.statusOf(seen.job()).worker(), "");
        read(seen, "reads the worker's Lease", () -> process.api.pool().lease(worker), found -> {
            found.ifPresent(index.workers()::see);
            var warm = run(seen.job()) instanceof Run.WorkerRun run ? run : Run.WorkerRun.UNKNOWN;
            goOn(seen.with(warm), Subject.LEASE, left);
        });
    }

    private boolean isNewlyMissed(Observation seen) {
        var worker = Objects.requireNonNullElse(Observation.statusOf(seen.job()).worker(), "");
        return world.now()
                .isBefore(missed.computeIfAbsent(worker, w -> world.now()).plusSeconds(2));
    }

    private Map<String, Optional<String>> accepted(SyncJob job, Command command) {
        var handling =
                new Command.Handling(process.identity() + "-" + world.now().toEpochMilli() + "-" + commands++, command);
        return handling.taking(job);
    }

    private void annotate(SyncJob job, Step step, Map<String, Optional<String>> changes, Consumer<SyncJob> goOn) {
        process.call(
                name(job), step, () -> process.api.annotate(job, changes, step), goOn, refusal -> failed(job, refusal));
    }

    private void reserve(Observation seen, Step.Reserve reserve, Consumer<SyncJob> goOn) {
        var job = seen.job();
        reservations.note(job, reserve.attempt(), new Reservation.Sending());
        var next = Statuses.after(job, reserve, seen.now());
        process.call(
                name(job),
                reserve,
                () -> process.api.writeStatus(process.identity(), job, next),
                written -> {
                    var mine = new Reservation.Mine(Refusals.pauseOf(seen.reservation()));
                    reservations.note(written, reserve.attempt(), mine);
                    goOn.accept(written);
                },
                refusal -> {
                    reservations.forget(job, reserve.attempt());
                    failed(job, refusal);
                });
    }

    private void write(SyncJob job, Step step, SyncJobStatus next, Consumer<SyncJob> goOn) {
        process.call(
                name(job),
                step,
                () -> process.api.writeStatus(process.identity(), job, next),
                written -> {
                    if (!next.state().occupying() && attempt(job) > 0) reservations.forget(job, attempt(job));
                    goOn.accept(written);
                },
                refusal -> failed(job, refusal));
    }

    private void createPod(Observation seen, Step.CreatePod create, int left) {
        var job = seen.job();
        var pod = SimPod.created(
                create.name(),
                create.name() + "@" + world.now(),
                create.attempt(),
                uid(job),
                QueueKey.of(job),
                world.now());
        reality.creating(pod);
        process.call(
                name(job),
                create,
                () -> {
                    process.api.createPod(process.identity(), pod, process.isWaiting());
                    return job;
                },
                same -> {
                    var pause = Refusals.pauseOf(seen.reservation());
                    reservations.note(job, create.attempt(), new Reservation.Created(pause, seen.now()));
                    done(uid(job), soon());
                },
                refusal -> {
                    reality.notCreated(pod, refusal);
                    reservations.note(job, create.attempt(), notTaken(seen, create, refusal));
                    next(job, left - 1);
                });
    }

    private static Reservation notTaken(Observation seen, Step.CreatePod create, Refused refusal) {
        var words = refusal.isAlreadyExists()
                ? "a pod that is not this job's is named " + create.name()
                : String.valueOf(refusal.getMessage());
        var code = refusal.isAlreadyExists() ? "AlreadyExists" : Integer.toString(refusal.code());
        var why = Refusals.of(List.of(code), words);
        var wait = Refusals.nextWait(seen.reservation());
        var until = seen.now().plus(wait);
        return refusal.mayHaveBeenDone()
                ? new Reservation.Unsure(why, words, wait, until)
                : new Reservation.Refused(why, words, wait, until);
    }

    /** One that is gone, or has changed since, is fine: the watch tells how it goes on. */
    private void deletePod(SyncJob job, Step.DeletePod delete) {
        process.call(
                name(job),
                "deletes pod of attempt " + delete.pod().attempt(),
                () -> {
                    process.api.deletePodAsSeen(process.identity(), delete.pod(), GRACE);
                    return job;
                },
                same -> done(uid(job), soon()),
                refusal -> {
                    if (refusal.isConflict() || refusal.isNotFound()) done(uid(job), soon());
                    else failed(job, refusal);
                });
    }

    private void failed(SyncJob job, Refused refusal) {
        var soon = refusal.isConflict() || refusal.isNotFound();
        done(uid(job), soon ? soon() : Optional.of(world.now().plus(world.seconds(0, 10))));
    }
}
