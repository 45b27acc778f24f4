package io.syncjobs.simulation;

import static io.syncjobs.simulation.SimCaches.name;

import io.syncjobs.api.SyncJob;
import io.syncjobs.api.SyncJobStatus;
import io.syncjobs.core.Assignment;
import io.syncjobs.core.Observation;
import io.syncjobs.core.Observation.Reservation;
import io.syncjobs.core.Statuses;
import io.syncjobs.core.Step;
import io.syncjobs.core.index.JobEntry;
import io.syncjobs.core.index.Refusal;
import io.syncjobs.core.queue.Admission;
import io.syncjobs.core.queue.Wait;
import io.syncjobs.enqueuer.EnqueueIo;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/** ApiIo against the simulated API server; {@code answered} runs after each answer. */
final class SimIo implements EnqueueIo {
    private final SimProcess process;
    private final SimCaches caches;
    private final SimIndex index;
    private final Runnable answered;

    SimIo(SimProcess process, SimCaches caches, SimIndex index, Runnable answered) {
        this.process = process;
        this.caches = caches;
        this.index = index;
        this.answered = answered;
    }

    @Override
    public void ask(Admission admission, Consumer<Boolean> then) {
        find(
                admission.job(),
                job -> process.call(
                        "-",
                        "may I enqueue?",
                        () -> process.api.tryPlace(process.identity(), job),
                        allowed -> tell(then, true),
                        refusal -> tell(then, false)),
                outcome -> tell(then, false));
    }

    @Override
    public void admit(Admission admission, BooleanSupplier valid, Consumer<Outcome> then) {
        find(admission.job(), job -> write(admission, job, valid, then), outcome -> tell(then, outcome));
    }

    private void write(Admission admission, SyncJob job, BooleanSupplier valid, Consumer<Outcome> then) {
        if (!valid.getAsBoolean()) {
            tell(then, new Outcome.Withheld());
            return;
        }
        var step = admission.reserving(job);
        var next = Statuses.after(job, step, process.world.now());
        if (admission.to() instanceof Assignment.Slot) {
            writeStatus(job, step, next, then);
            return;
        }
        var reservations = caches.reservations();
        reservations.note(job, step.attempt(), new Reservation.Sending());
        process.call(
                name(job),
                step,
                () -> process.api.writeStatus(process.identity(), job, next),
                now -> {
                    caches.remember(now);
                    reservations.note(job, step.attempt(), new Reservation.Mine(Duration.ZERO));
                    tell(then, new Outcome.Written(JobEntry.of(now)));
                },
                refusal -> {
                    reservations.forget(job, step.attempt());
                    if (refusal.mayHaveBeenDone()) process.world.count("passes after a place without an answer");
                    tell(then, outcome(refusal));
                });
    }

    @Override
    public void explain(JobEntry entry, Wait why, Consumer<Outcome> then) {
        find(entry, job -> explain(job, why, then), outcome -> tell(then, outcome));
    }

    private void explain(SyncJob job, Wait why, Consumer<Outcome> then) {
        var standing = Objects.requireNonNullElse(Observation.statusOf(job).message(), "");
        var step = new Step.Explain(why.reason(), why.stands() ? standing : why.text());
        writeStatus(job, step, Statuses.after(job, step, process.world.now()), then);
    }

    private void writeStatus(SyncJob job, Step step, SyncJobStatus next, Consumer<Outcome> then) {
        process.call(
                name(job),
                step,
                () -> process.api.writeStatus(process.identity(), job, next),
                now -> {
                    caches.remember(now);
                    tell(then, new Outcome.Written(JobEntry.of(now)));
                },
                refusal -> tell(then, outcome(refusal)));
    }

    private void find(JobEntry entry, Consumer<SyncJob> then, Consumer<Outcome> otherwise) {
        var cached = caches.cached(entry.uid()).map(caches::newest).filter(job -> isVersion(job, entry));
        if (cached.isPresent()) {
            then.accept(cached.get());
            return;
        }
        process.call(
                entry.name(),
                "reads a job",
                () -> process.api.readJob(entry.uid()),
                read -> {
                    read.ifPresentOrElse(index::see, () -> index.gone(entry.uid()));
                    read.filter(job -> isVersion(job, entry))
                            .ifPresentOrElse(then, () -> otherwise.accept(new Outcome.Refused(Refusal.CHANGED)));
                },
                refusal -> otherwise.accept(outcome(refusal)));
    }

    private static boolean isVersion(SyncJob job, JobEntry entry) {
        return Observation.versionOf(job) == entry.version();
    }

    private static Outcome outcome(Refused refusal) {
        if (refusal.isConflict() || refusal.isNotFound()) return new Outcome.Refused(Refusal.CHANGED);
        return refusal.mayHaveBeenDone() ? new Outcome.Unknown() : new Outcome.Refused(Refusal.FOR_NOW);
    }

    @Override
    public void readPlaces(Consumer<Places> then, Runnable failed) {
        Runnable no = () -> {
            failed.run();
            answered.run();
        };
        process.call(
                "-",
                "lists pods",
                () -> List.copyOf(process.api.pods().values()),
                pods -> process.call(
                        "-",
                        "lists places",
                        () -> process.api.jobs().values().stream()
                                .filter(job -> Observation.statusOf(job).state().occupying())
                                .map(JobEntry::of)
                                .toList(),
                        places -> tell(
                                then,
                                new Places(
                                        places,
                                        pods.stream().map(SimIndex::entry).toList())),
                        no),
                no);
    }

    @Override
    public void list(Consumer<List<Listed>> some, Consumer<Boolean> done) {
        process.world.count("sweeps of the whole cluster");
        Runnable no = () -> tell(done, false);
        process.call(
                "-",
                "lists pods",
                () -> process.api.pods().values().stream().map(SimIo::listed).toList(),
                pods -> {
                    some.accept(pods);
                    process.call(
                            "-",
                            "lists queues and jobs",
                            () -> process.api.jobs().values().stream()
                                    .map(SimIo::listed)
                                    .toList(),
                            jobs -> {
                                some.accept(process.api.queues().keySet().stream()
                                        .map(name -> new Listed(Kind.QUEUE, ApiServer.NAMESPACE, name, "", 0))
                                        .toList());
                                some.accept(jobs);
                                tell(done, true);
                            },
                            no);
                },
                no);
    }

    private static Listed listed(SimPod pod) {
        var entry = SimIndex.entry(pod);
        return new Listed(Kind.POD, ApiServer.NAMESPACE, entry.name(), entry.uid(), entry.version());
    }

    private static Listed listed(SyncJob job) {
        return new Listed(Kind.JOB, ApiServer.NAMESPACE, name(job), SimCaches.uid(job), Observation.versionOf(job));
    }

    @Override
    public void refresh(Listed object) {
        switch (object.kind()) {
            case JOB ->
                process.call(
                        "-",
                        "reads a job anew",
                        () -> process.api.readJob(object.uid()),
                        read -> {
                            read.ifPresentOrElse(index::see, () -> index.gone(object.uid()));
                            answered.run();
                        },
                        () -> {});
            case POD ->
                process.call(
                        "-",
                        "reads a pod anew",
                        () -> Optional.ofNullable(process.api.pods().get(object.name())),
                        read -> {
                            read.ifPresent(index::see);
                            if (read.filter(pod -> pod.view().uid().equals(object.uid()))
                                    .isEmpty()) index.podGone(object.uid());
                            answered.run();
                        },
                        () -> {});
            case QUEUE -> {}
        }
    }

    private <T> void tell(Consumer<T> then, T answer) {
        then.accept(answer);
        answered.run();
    }
}
