package io.syncjobs.enqueuer;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.syncjobs.api.SyncJob;
import io.syncjobs.api.SyncJobStatus;
import io.syncjobs.core.index.JobEntry;
import io.syncjobs.core.index.QueueKey;
import io.syncjobs.core.index.Refusal;
import io.syncjobs.core.job.Statuses;
import io.syncjobs.core.job.Step;
import io.syncjobs.core.queue.Admission;
import io.syncjobs.core.queue.PlaceRefusals;
import io.syncjobs.core.queue.Wait;
import io.syncjobs.core.run.Assignment;
import io.syncjobs.kube.Api;
import io.syncjobs.kube.ApiException;
import io.syncjobs.kube.Jobs;
import io.syncjobs.kube.Pods;
import io.syncjobs.kube.Queues;
import io.syncjobs.kube.Reservations;
import io.syncjobs.kube.Served;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.function.BiFunction;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Enqueueing over the API server. Each request runs on a thread of its own; each answer is handed to the thread of the index. */
public final class ApiIo implements EnqueueIo {
    private static final Logger LOG = LoggerFactory.getLogger(ApiIo.class);
    private static final int REFRESHES_AT_ONCE = 8;

    private final Api api;
    private final Jobs jobs;
    private final Served served;
    private final TakenPlaces places;
    private final BiFunction<String, String, Optional<SyncJob>> cache;
    private final Reservations reservations;
    private final IndexFeed feed;
    private final Consumer<Runnable> thread;
    private final InstantSource clock;
    private volatile PlaceRefusals refusals = PlaceRefusals.NONE;

    private final Executor refreshes =
            Executors.newFixedThreadPool(REFRESHES_AT_ONCE, Thread.ofVirtual().factory());

    /**
     * Sends nothing yet.
     *
     * @param namespaces the namespaces that are served; empty for all
     * @param cache the newest version that this process has of a job, by namespace and name
     * @param thread runs what it is given on the thread that uses the index
     */
    public ApiIo(
            Api api,
            Jobs jobs,
            List<String> namespaces,
            BiFunction<String, String, Optional<SyncJob>> cache,
            Reservations reservations,
            IndexFeed feed,
            Consumer<Runnable> thread,
            InstantSource clock) {
        this.api = api;
        this.jobs = jobs;
        served = new Served(namespaces);
        places = new TakenPlaces(api, served, feed, clock);
        this.cache = cache;
        this.reservations = reservations;
        this.feed = feed;
        this.thread = thread;
        this.clock = clock;
    }

    @Override
    public void ask(Admission admission, Consumer<Boolean> then) {
        Thread.startVirtualThread(() -> {
            var allowed = isAllowed(admission);
            thread.accept(() -> then.accept(allowed));
        });
    }

    private boolean isAllowed(Admission admission) {
        try {
            var job = find(admission.job());
            if (job.isEmpty()) return false;
            jobs.tryStatus(job.get(), after(job.get(), admission.reserving(job.get())));
            refusals = PlaceRefusals.NONE;
            return true;
        } catch (RuntimeException | StackOverflowError e) {
            LOG.debug("not allowed to enqueue yet: {}", e.getMessage());
            if (e instanceof ApiException refusal && refusal.isRefusal()) noteRefusal(refusal);
            return false;
        }
    }

    private void noteRefusal(ApiException refusal) {
        var now = clock.instant();
        var before = refusals;
        refusals = before.and(now);
        if (refusals.stand(now) && !before.stand(now))
            LOG.warn("the API server takes no place for a job from this operator: {}", refusal.getMessage());
    }

    @Override
    public boolean isRefused() {
        return refusals.stand(clock.instant());
    }

    @Override
    public void admit(Admission admission, BooleanSupplier valid, Consumer<Outcome> then) {
        Thread.startVirtualThread(() -> {
            var outcome = guarded(admission.job(), () -> write(admission, valid));
            thread.accept(() -> then.accept(outcome));
        });
    }

    private Outcome write(Admission admission, BooleanSupplier valid) {
        if (places.areUnknown(admission.job().namespace())) return new Outcome.Refused(Refusal.FOR_NOW);
        var found = find(admission.job());
        if (found.isEmpty()) return new Outcome.Refused(Refusal.CHANGED);
        if (!valid.getAsBoolean()) return new Outcome.Withheld();
        var job = found.get();
        var step = admission.reserving(job);
        if (admission.to() instanceof Assignment.Slot)
            return new Outcome.Written(JobEntry.of(jobs.writeStatus(job, after(job, step))));
        var written =
                reservations.reserve(job, step.attempt(), Duration.ZERO, () -> jobs.writeStatus(job, after(job, step)));
        return new Outcome.Written(JobEntry.of(written));
    }

    @Override
    public void explain(JobEntry job, Wait why, Consumer<Outcome> then) {
        Thread.startVirtualThread(() -> {
            var outcome = guarded(job, () -> tell(job, why));
            thread.accept(() -> then.accept(outcome));
        });
    }

    private Outcome tell(JobEntry entry, Wait why) {
        var found = find(entry);
        if (found.isEmpty()) return new Outcome.Refused(Refusal.CHANGED);
        var job = found.get();
        var step = new Step.Explain(why.reason(), why.messageFor(job));
        return new Outcome.Written(JobEntry.of(jobs.writeStatus(job, after(job, step))));
    }

    /** What became of a write to the job; whatever is thrown is told as an outcome. */
    static Outcome guarded(JobEntry job, Supplier<Outcome> write) {
        try {
            return write.get();
        } catch (RuntimeException | StackOverflowError e) {
            if (!(e instanceof ApiException answer)) {
                LOG.atWarn()
                        .addKeyValue("job", name(job))
                        .log("nobody knows whether it was written to: {}", e.toString());
                return new Outcome.Unknown();
            }
            if (answer.isConflict() || answer.isNotFound()) return new Outcome.Refused(Refusal.CHANGED);
            LOG.atWarn().addKeyValue("job", name(job)).log("not written to: {}", e.toString());
            if (answer.isTooLarge()) return new Outcome.Refused(Refusal.FOR_GOOD);
            return answer.mayHaveBeenDone() ? new Outcome.Unknown() : new Outcome.Refused(Refusal.FOR_NOW);
        }
    }

    /** The job at the version that was decided on. If the API server has another version, the index is told. */
    private Optional<SyncJob> find(JobEntry entry) {
        return cache.apply(entry.namespace(), entry.name())
                .filter(entry::isOf)
                .or(() -> readJob(entry.namespace(), entry.name(), entry.uid()).filter(entry::isOf));
    }

    /** The job of this name as it is now. The index is told of it, and where the job with that uid is gone. */
    private Optional<SyncJob> readJob(String namespace, String name, String uid) {
        var read = jobs.read(namespace, name);
        read.ifPresent(feed::jobRead);
        if (read.filter(job -> isOf(job, uid)).isEmpty()) feed.jobGone(uid);
        return read;
    }

    private static boolean isOf(HasMetadata object, String uid) {
        return object.getMetadata().getUid().equals(uid);
    }

    private SyncJobStatus after(SyncJob job, Step.Change change) {
        return Statuses.after(job, change, clock.instant());
    }

    @Override
    public void readPlaces(Consumer<Places> then, Runnable failed) {
        Thread.startVirtualThread(() -> {
            try {
                var taken = places.read();
                thread.accept(() -> then.accept(taken));
            } catch (RuntimeException | StackOverflowError e) {
                LOG.warn("the places that are taken cannot be read yet: {}", e.toString());
                thread.accept(failed);
            }
        });
    }

    @Override
    public void list(Consumer<List<Listed>> some, Consumer<Boolean> done) {
        Thread.ofVirtual().name("sweep").start(() -> {
            var complete = true;
            try {
                new ClusterList(api, served).read(page -> thread.accept(() -> some.accept(page)));
            } catch (RuntimeException | StackOverflowError e) {
                LOG.warn("a sweep failed and is repeated: {}", e.toString());
                complete = false;
            }
            var whole = complete;
            thread.accept(() -> done.accept(whole));
        });
    }

    @Override
    public void refresh(Listed object) {
        // Objects of a namespace that cannot be read are not listed. What is known about them stays until the namespace
        // can be read again.
        if (served.isClosed(object.namespace())) return;
        refreshes.execute(() -> {
            try {
                read(object);
            } catch (RuntimeException | StackOverflowError e) {
                LOG.warn(
                        "{} {}/{} is read by the next sweep: {}",
                        object.kind(),
                        object.namespace(),
                        object.name(),
                        e.toString());
            }
        });
    }

    private void read(Listed object) {
        switch (object.kind()) {
            case JOB -> {
                var _ = readJob(object.namespace(), object.name(), object.uid());
            }
            case POD -> {
                var pod = new Pods(api).read(object.namespace(), object.name());
                pod.ifPresent(feed::podRead);
                if (pod.filter(each -> isOf(each, object.uid())).isEmpty()) feed.podGone(object.uid());
            }
            case QUEUE -> {
                var queue = new Queues(api).read(object.namespace(), object.name());
                // Known to whoever handles its jobs before the index gives them places.
                if (queue.isPresent()) {
                    jobs.queues().learn(queue.get());
                    feed.queue(queue.get());
                } else {
                    var key = new QueueKey(object.namespace(), object.name());
                    jobs.queues().learnGone(key);
                    feed.queueGone(key);
                }
            }
        }
    }

    private static String name(JobEntry job) {
        return job.namespace() + "/" + job.name();
    }
}
