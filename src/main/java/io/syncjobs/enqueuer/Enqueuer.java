package io.syncjobs.enqueuer;

import static java.util.stream.Collectors.toMap;
import static java.util.stream.Collectors.toSet;

import io.syncjobs.api.SyncJob;
import io.syncjobs.core.Backoff;
import io.syncjobs.core.JobFields;
import io.syncjobs.core.index.QueueKey;
import io.syncjobs.core.job.Statuses;
import io.syncjobs.core.job.Step;
import io.syncjobs.core.queue.EnqueuePass;
import io.syncjobs.core.queue.EnqueuePass.Place;
import io.syncjobs.core.queue.EnqueuePass.Plan;
import io.syncjobs.core.queue.EnqueuePass.Snapshot;
import io.syncjobs.core.queue.EnqueuePass.Waiting;
import io.syncjobs.kube.ApiException;
import io.syncjobs.kube.Jobs;
import io.syncjobs.kube.Ticker;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes the places of a plan, many at a time. */
final class Enqueuer {
    private static final Logger LOG = LoggerFactory.getLogger(Enqueuer.class);
    private static final int WRITES_AT_ONCE = 32;

    /** The back-off before another write to a job whose last write got no answer. */
    private static final Backoff TRIES = Backoff.before(Duration.ofSeconds(1), Duration.ofSeconds(30));

    /**
     * The result of a pass: the number of places that were written, and of those that were refused, withheld or got no answer.
     */
    record Outcome(Plan plan, int written, int failed) {}

    /** A job as it was when it was given a place and no answer came. That write may still be carried out. */
    private record Unanswered(SyncJob job, Backoff pause) {}

    private final Jobs jobs;
    private final Function<Place, Step.Change> change;
    private final Ticker ticker;
    private final AtomicInteger tries = new AtomicInteger();

    /**
     * By uid. Only a later look at the cluster removes an entry: the answer to a later try may arrive after this pass has looked.
     */
    private final Map<String, Unanswered> unanswered = new ConcurrentHashMap<>();

    /** The uids of the jobs to which a write is in progress. */
    private final Set<String> trying = ConcurrentHashMap.newKeySet();

    private Enqueuer(Jobs jobs, Function<Place, Step.Change> change, Ticker ticker) {
        this.jobs = jobs;
        this.change = change;
        this.ticker = ticker;
    }

    /** For the minute run: it gives places, and the operator reserves the pods. */
    static Enqueuer placing(Jobs jobs, Ticker ticker) {
        return new Enqueuer(jobs, place -> new Step.Enqueue(place.effective()), ticker);
    }

    /**
     * Asks with a dry run whether the API server accepts admissions from this process. If it does, it accepts them from nobody
     * else. Each call asks for another job, because one job may be refused for a reason of its own.
     */
    boolean isAllowed(Plan plan, Instant now) {
        var places = plan.places();
        var place = places.get(Math.floorMod(tries.getAndIncrement(), places.size()));
        try {
            jobs.tryStatus(place.job(), Statuses.after(place.job(), change.apply(place), now));
            return true;
        } catch (ApiException e) {
            LOG.debug("not allowed to enqueue yet: {}", e.getMessage());
            return false;
        }
    }

    /** The plan of a pass. Jobs that cannot be written to are left out; otherwise they would hold places for ever. */
    Plan plan(Snapshot seen, Instant now) {
        return EnqueuePass.plan(seen.without(jobs::isFull), now);
    }

    /**
     * Plans and writes. It does not wait for writes to jobs whose earlier write got no answer. The queues of these jobs get no
     * place that the earlier write could take too.
     *
     * @param valid whether the plan may still be carried out; asked before each place
     */
    Outcome pass(Snapshot seen, Instant now, BooleanSupplier valid) {
        var plan = plan(seen, now);
        var withheld = withheld(seen, plan, now, valid);
        var written = new AtomicInteger();
        var atOnce = new Semaphore(WRITES_AT_ONCE);
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (var place : plan.places()) {
                if (withheld.contains(QueueKey.of(place.job())) || unanswered.containsKey(uid(place.job()))) continue;
                threads.execute(() -> {
                    atOnce.acquireUninterruptibly();
                    try {
                        if (write(place, now, valid)) written.incrementAndGet();
                    } finally {
                        atOnce.release();
                    }
                });
            }
        }
        return new Outcome(plan, written.get(), plan.places().size() - written.get());
    }

    /**
     * The queues where an earlier write without an answer may have taken a place that the plan does not count.
     * Each write is locked by the version that was seen. So the API server refuses the earlier write once the job has changed,
     * and writing the job's reason changes it.
     */
    private Set<QueueKey> withheld(Snapshot seen, Plan plan, Instant now, BooleanSupplier valid) {
        if (unanswered.isEmpty()) return Set.of();
        var versions = seen.jobs().stream().collect(toMap(Enqueuer::uid, JobFields::versionOf));
        unanswered
                .values()
                .removeIf(sent -> jobs.isFull(sent.job())
                        || versions.getOrDefault(uid(sent.job()), 0L) > JobFields.versionOf(sent.job()));
        var uncounted = new HashMap<>(unanswered);
        for (var place : plan.places()) {
            if (uncounted.remove(uid(place.job())) != null) retry(place.job(), () -> write(place, now, valid));
        }
        var queues =
                uncounted.values().stream().map(sent -> QueueKey.of(sent.job())).collect(toSet());
        for (var waiting : plan.waiting()) {
            if (uncounted.remove(uid(waiting.job())) != null) retry(waiting.job(), () -> tell(waiting, now));
        }
        uncounted.values().forEach(sent -> retry(sent.job(), () -> forgetIfGone(sent.job())));
        return queues;
    }

    /** Nobody waits for this: an API server that does not answer about one job must not hold up the others. */
    private void retry(SyncJob job, Runnable attempt) {
        var uid = uid(job);
        var sent = unanswered.get(uid);
        if (sent == null || !sent.pause().isOver(ticker.nanos()) || !trying.add(uid)) return;
        Thread.startVirtualThread(() -> {
            try {
                attempt.run();
            } catch (RuntimeException e) {
                LOG.atWarn().addKeyValue("job", name(job)).log("its place is not withdrawn yet: {}", e.toString());
            } finally {
                unanswered.computeIfPresent(
                        uid, (u, now) -> new Unanswered(now.job(), now.pause().failed(ticker.nanos())));
                trying.remove(uid);
            }
        });
    }

    private void tell(Waiting waiting, Instant now) {
        var step = new Step.Explain(waiting.reason(), waiting.message());
        jobs.writeStatus(waiting.job(), Statuses.after(waiting.job(), step, now));
    }

    /** A cache may not know a job yet, which looks as if the job were deleted. So the API server is asked. */
    private void forgetIfGone(SyncJob job) {
        if (jobs.isGone(job)) unanswered.remove(uid(job));
    }

    private boolean write(Place place, Instant now, BooleanSupplier valid) {
        if (!valid.getAsBoolean()) return false;
        var job = place.job();
        var step = change.apply(place);
        try {
            jobs.writeStatus(job, Statuses.after(job, step, now));
            return true;
        } catch (RuntimeException e) {
            if (e instanceof ApiException answer && answer.isConflict()) return false;
            LOG.atWarn().addKeyValue("job", name(job)).log("not enqueued: {}", e.toString());
            if (e instanceof ApiException answer && !answer.mayHaveBeenDone()) return false;
            unanswered.putIfAbsent(uid(job), new Unanswered(job, TRIES));
            return false;
        }
    }

    private static String uid(SyncJob job) {
        return job.getMetadata().getUid();
    }

    private static String name(SyncJob job) {
        return job.getMetadata().getNamespace() + "/" + job.getMetadata().getName();
    }
}
