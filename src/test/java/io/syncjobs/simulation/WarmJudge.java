package io.syncjobs.simulation;

import static io.syncjobs.simulation.Judge.hold;
import static io.syncjobs.simulation.Judge.number;

import io.syncjobs.api.Reason;
import io.syncjobs.api.State;
import io.syncjobs.api.SyncJob;
import io.syncjobs.api.SyncJobStatus;
import io.syncjobs.core.Observation;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Looks at every write to a job of warm workers with what those really do in mind. */
final class WarmJudge {
    static final String QUEUE = "warm";

    record Attempt(String uid, int number) {}

    private final World world;

    /** Which worker really runs an attempt, and which attempts its handler has really done. */
    private final Map<Attempt, String> running = new HashMap<>();

    private final Set<Attempt> done = new HashSet<>();
    private final Set<Attempt> accepted = new HashSet<>();

    /** Runs that somebody has given up because they did not end in time. */
    private final Set<Attempt> givenUp = new HashSet<>();

    private final Set<String> harmed = new HashSet<>();
    private final Map<String, Set<String>> jobsOf = new HashMap<>();

    WarmJudge(World world) {
        this.world = world;
    }

    static boolean judges(SyncJob job) {
        return Observation.queueOf(job).equals(QUEUE);
    }

    /** From now on a worker may be taken for dead. */
    void harmed(String worker) {
        harmed.add(worker);
    }

    void begins(String worker, Attempt attempt, String job) {
        running.forEach((other, by) -> {
            if (!other.uid().equals(attempt.uid()) || harmed.contains(by) || givenUp.contains(other)) return;
            throw new Judge.Broken(
                    job,
                    "attempt " + attempt.number() + " begins on " + worker + " while attempt " + other.number()
                            + " goes on on " + by + ", which is unharmed");
        });
        running.put(attempt, worker);
        world.count("warm runs");
    }

    void ends(Attempt attempt, boolean complete) {
        running.remove(attempt);
        if (complete) done.add(attempt);
    }

    /** A worker's process is no more. */
    void dies(String worker) {
        harmed.add(worker);
        running.values().removeIf(worker::equals);
    }

    void deleted(String uid) {
        running.keySet().stream().filter(each -> each.uid().equals(uid)).forEach(givenUp::add);
        jobsOf.values().forEach(jobs -> jobs.remove(uid));
    }

    void written(String by, SyncJob was, SyncJob is) {
        var before = Observation.statusOf(was);
        var after = Observation.statusOf(is);
        slots(is, before, after);
        var attempt = new Attempt(SimCaches.uid(is), number(before.attempt()));
        if (before.stop() != null && after.stop() == null && !by.equals(before.worker())) givenUp.add(attempt);
        if (before.state() == State.ENQUEUED && after.state() == State.STARTED)
            hold(is, by.equals(before.worker()), "is started by " + by + ", which does not have it");
        completion(by, is, before, after, attempt);
        losses(is, before, after);
    }

    private void slots(SyncJob job, SyncJobStatus before, SyncJobStatus after) {
        var uid = SimCaches.uid(job);
        if (before.worker() != null)
            jobsOf.getOrDefault(before.worker(), new HashSet<>()).remove(uid);
        if (!after.state().occupying()) return;
        hold(job, after.worker() != null, "has a place and no worker");
        var mine = jobsOf.computeIfAbsent(Objects.requireNonNull(after.worker()), worker -> new HashSet<>());
        mine.add(uid);
        hold(job, mine.size() <= SimPool.SLOTS, "is number " + mine.size() + " on " + after.worker());
        if (mine.size() == SimPool.SLOTS) world.count("moments with all slots of a worker taken");
    }

    private void completion(String by, SyncJob job, SyncJobStatus before, SyncJobStatus after, Attempt attempt) {
        var completed = after.state() == State.DONE && is(after.reason(), Reason.COMPLETED);
        if (!completed || before.state() == State.DONE) return;
        hold(job, by.equals(before.worker()), "is completed by " + by + ", which does not have it");
        hold(job, before.stop() == null, "is completed while a stop stands");
        hold(job, done.contains(attempt), "is completed though its handler has not done it");
        hold(job, accepted.add(attempt), "is completed twice");
        world.count("warm completions");
    }

    private void losses(SyncJob job, SyncJobStatus before, SyncJobStatus after) {
        if (number(after.workerLosses()) <= number(before.workerLosses())) return;
        hold(
                job,
                harmed.contains(Objects.requireNonNull(before.worker())),
                "a loss is counted though " + before.worker() + " is unharmed: " + after.message());
        world.count("warm losses");
    }

    private static boolean is(@Nullable String text, Reason reason) {
        return reason.toString().equals(text);
    }
}
