package io.syncjobs.core.queue;

import static java.util.Comparator.comparing;
import static java.util.Comparator.naturalOrder;
import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.toList;

import io.syncjobs.api.Reason;
import io.syncjobs.api.SyncJob;
import io.syncjobs.api.SyncJobStatus.Effective;
import io.syncjobs.api.SyncQueueSpec;
import io.syncjobs.core.JobFields;
import io.syncjobs.core.index.JobEntry;
import io.syncjobs.core.index.QueueKey;
import io.syncjobs.core.job.Command;
import io.syncjobs.core.job.DueTimes;
import io.syncjobs.core.job.Policies;
import io.syncjobs.core.run.Payloads;
import io.syncjobs.core.run.PodTemplates;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * Says which waiting jobs get a place now, and why the others do not, by a look at all queues and jobs. Index and planner must say
 * the same.
 */
public final class EnqueuePass {
    private EnqueuePass() {}

    /**
     * All jobs and queues at one moment.
     *
     * @param strayPods per queue, the pods whose job does not exist any more; they take up capacity too
     * @param jobTemplates false where jobs with a template of their own are not run
     */
    public record Snapshot(
            Collection<SyncJob> jobs,
            Map<QueueKey, SyncQueueSpec> queues,
            Map<QueueKey, Integer> strayPods,
            boolean jobTemplates) {
        public Snapshot(
                Collection<SyncJob> jobs, Map<QueueKey, SyncQueueSpec> queues, Map<QueueKey, Integer> strayPods) {
            this(jobs, queues, strayPods, true);
        }

        /** The same snapshot with another value of {@code jobTemplates}. */
        public Snapshot withJobTemplates(boolean allowed) {
            return new Snapshot(jobs, queues, strayPods, allowed);
        }

        /** The spec of a queue. The queue named default exists without being created. */
        public Optional<SyncQueueSpec> queue(QueueKey key) {
            return Optional.ofNullable(queues.get(key)).or(key::builtIn);
        }
    }

    /** The reason why one job waits. */
    public record Why(SyncJob job, Reason reason, String message) {}

    /** A job that gets a place, and the policy that applies to it from now on. */
    public record Place(SyncJob job, Effective effective) {}

    /** The reasons of jobs that the passing of time alone makes due. */
    private static final Set<Reason> EARLY = Set.of(Reason.ETA_IN_FUTURE, Reason.RETRY_BACKOFF);

    /** A job that gets no place. */
    public record Waiting(SyncJob job, Reason reason, String message) {
        static Waiting of(SyncJob job, Wait why) {
            return new Waiting(job, why.reason(), why.messageFor(job));
        }

        /** Set if the passing of time alone makes the job due. */
        Optional<Instant> until() {
            return EARLY.contains(reason) ? DueTimes.of(job) : Optional.empty();
        }
    }

    /**
     * The decision.
     *
     * @param places in the order in which they are given
     * @param waiting in the order of their turn
     * @param lookAgain when the next job becomes due
     */
    public record Plan(List<Place> places, List<Waiting> waiting, Optional<Instant> lookAgain) {}

    /** The reasons of all waiting jobs, in the order of their turn. A job that {@code starter} enqueues right now has none. */
    static List<Why> reasons(Plan plan, Starter starter) {
        var all = new ArrayList<Why>();
        for (var place : plan.places()) {
            starter.forPlace(false).ifPresent(why -> all.add(new Why(place.job(), why.reason(), why.text())));
        }
        plan.waiting().forEach(w -> all.add(new Why(w.job(), w.reason(), w.message())));
        return all;
    }

    /** {@code warm} is true for a job that has its turn here and gets its place from the index. */
    private record Candidate(SyncJob job, Effective effective, boolean warm, Optional<Wait> obstacle) {
        /** True if the passing of time alone makes the job due. */
        boolean isEarly() {
            return obstacle.filter(why -> EARLY.contains(why.reason())).isPresent();
        }
    }

    /** The order of jobs: due ones first, then by priority, creation and name. */
    private static final Comparator<Candidate> ORDER = comparing(Candidate::isEarly)
            .thenComparingInt(c -> c.effective().priority())
            .thenComparing(c -> c.job().getMetadata().getCreationTimestamp())
            .thenComparing(c -> c.job().getMetadata().getName());

    public static Plan plan(Snapshot seen, Instant now) {
        var places = new ArrayList<Place>();
        var waiting = new ArrayList<Waiting>();
        var byQueue = seen.jobs().stream()
                .filter(job -> !JobFields.statusOf(job).state().finished())
                .collect(groupingBy(QueueKey::of, TreeMap::new, toList()));
        byQueue.forEach((key, jobs) -> planQueue(seen, key, jobs, now, places, waiting));
        var lookAgain = waiting.stream().flatMap(w -> w.until().stream()).min(naturalOrder());
        return new Plan(places, waiting, lookAgain);
    }

    private static void planQueue(
            Snapshot seen, QueueKey key, List<SyncJob> jobs, Instant now, List<Place> places, List<Waiting> waiting) {
        var queue = seen.queue(key);
        var candidates = new ArrayList<Candidate>();
        var occupied = seen.strayPods().getOrDefault(key, 0);
        for (var job : jobs) {
            if (JobFields.statusOf(job).state().occupying()) {
                occupied++;
            } else if (!job.isMarkedForDeletion()
                    && !Command.anyOn(job)
                    && Payloads.problem(job.getSpec().payload()).isEmpty()) {
                var effective = Policies.effective(job.getSpec(), queue.orElse(SyncQueueSpec.BUILT_IN));
                var obstacle = obstacle(job, queue, seen.jobTemplates(), now);
                candidates.add(new Candidate(job, effective, runsWarm(job, queue), obstacle));
            }
        }
        candidates.sort(ORDER);
        var capacity = queue.map(Policies::capacity).orElse(0);
        var free = Math.max(0, capacity - occupied);
        var ahead = 0;
        var held = held(jobs);
        for (var candidate : candidates) {
            var job = candidate.job();
            if (candidate.obstacle().isPresent()) {
                if (!candidate.warm())
                    waiting.add(Waiting.of(job, candidate.obstacle().get()));
            } else if (free == 0) {
                var why = Wait.capacity(key.name(), occupied, capacity, ahead, held);
                if (!candidate.warm()) waiting.add(Waiting.of(job, why));
                ahead++;
            } else {
                // A job of a warm worker has its turn too: it takes a place before the jobs that come after it.
                if (!candidate.warm()) places.add(new Place(job, candidate.effective()));
                free--;
            }
        }
    }

    private static HeldPlaces held(List<SyncJob> jobs) {
        var holders = jobs.stream()
                .filter(job -> JobFields.statusOf(job).state().occupying())
                .map(JobEntry::of)
                .toList();
        var stuck = holders.stream().filter(JobEntry::isStuck).toList();
        return new HeldPlaces(holders.size(), stuck.size(), stuck.stream().min(comparing(JobEntry::name)));
    }

    /**
     * The index decides about jobs that warm workers run, because only the index knows the workers. Here they take up places
     * and have their turn.
     */
    private static boolean runsWarm(SyncJob job, Optional<SyncQueueSpec> queue) {
        return job.getSpec().template() == null
                && queue.map(SyncQueueSpec::workerPool).isPresent();
    }

    /** Why a job cannot run, regardless of all other jobs. */
    private static Optional<Wait> obstacle(
            SyncJob job, Optional<SyncQueueSpec> queue, boolean jobTemplates, Instant now) {
        var name = JobFields.queueOf(job);
        if (queue.isEmpty()) return Optional.of(Wait.queueNotFound(name));
        if (PodTemplates.isForbidden(job, jobTemplates)) return Optional.of(Wait.templateForbidden());
        if (!runsWarm(job, queue) && PodTemplates.of(job, queue.get()).isEmpty())
            return Optional.of(Wait.templateMissing(name));
        var due = DueTimes.of(job);
        if (due.isPresent() && due.get().isAfter(now)) return Optional.of(notDue(job, due.get()));
        return Boolean.TRUE.equals(queue.get().paused())
                ? Optional.of(Wait.paused(job.getMetadata().getNamespace(), name))
                : Optional.empty();
    }

    private static Wait notDue(SyncJob job, Instant due) {
        var status = JobFields.statusOf(job);
        return status.nextAttemptTime() == null ? Wait.eta(due) : Wait.retry(due, status.reason());
    }
}
