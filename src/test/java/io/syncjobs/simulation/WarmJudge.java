package io.syncjobs.simulation;

import static io.syncjobs.simulation.Judge.hold;
import static io.syncjobs.simulation.Judge.number;

import io.syncjobs.api.Reason;
import io.syncjobs.api.State;
import io.syncjobs.api.SyncJob;
import io.syncjobs.api.SyncJobStatus;
import io.syncjobs.core.JobFields;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Looks at every write to a job of warm workers with what those really do in mind. */
final class WarmJudge {
    static final String QUEUE = "warm";

    /** Longer than anything is frozen or late. */
    private static final Duration AFTERMATH = Duration.ofMinutes(6);

    private static final int WRITES = 3;

    record Attempt(String uid, int number) {}

    private final World world;
    private final OrderJudge order;

    /** Which worker really runs an attempt, and which attempts its handler has really done. */
    private final Map<Attempt, String> running = new HashMap<>();

    private final Set<Attempt> done = new HashSet<>();
    private final Set<Attempt> accepted = new HashSet<>();

    /** Runs that somebody has given up because they did not end in time. */
    private final Set<Attempt> givenUp = new HashSet<>();

    /** Attempts whose handler was told to end, and those that ended for that. */
    private final Map<Attempt, Instant> told = new HashMap<>();

    private final Set<Attempt> obeyed = new HashSet<>();
    private final Set<Attempt> begun = new HashSet<>();

    private final Set<String> harmed = new HashSet<>();

    /** Of the harmed ones those that could reach nobody, and were well otherwise: they have to notice it. */
    private final Set<String> onlyCutOff = new HashSet<>();

    private final Set<String> drained = new HashSet<>();
    private final Map<String, Set<String>> jobsOf = new HashMap<>();
    private Instant noLossUntil = World.START;

    /** The status writes of each job whose first attempt is still under way, all of it in calm. */
    private final Map<String, Integer> writes = new HashMap<>();

    WarmJudge(World world, OrderJudge order) {
        this.world = world;
        this.order = order;
    }

    static boolean judges(SyncJob job) {
        return JobFields.queueOf(job).equals(QUEUE) && job.getSpec().template() == null;
    }

    /** Most workers fall silent together. */
    void countsNoLossUntil(Instant time) {
        noLossUntil = time;
    }

    /** All has been well for so long that nothing of before is an excuse. */
    void allIsWell() {
        harmed.clear();
        onlyCutOff.clear();
    }

    /** From now on a worker may be taken for dead. */
    void harmed(String worker) {
        harmed.add(worker);
        onlyCutOff.remove(worker);
    }

    /** The same of one that cannot reach anybody for a while, and is well otherwise. */
    void cutOff(String worker) {
        if (harmed.add(worker)) onlyCutOff.add(worker);
    }

    /** It is told to end in order. */
    void drained(String worker) {
        drained.add(worker);
    }

    /** The handler is told to end this one. */
    void told(Attempt attempt) {
        told.putIfAbsent(attempt, world.now());
    }

    /** It has ended because it was told to. */
    void obeyed(Attempt attempt) {
        obeyed.add(attempt);
    }

    /** The agent of a worker has ended by itself: its handler may go on for a while. */
    void agentEnds(String worker) {
        harmed(worker);
    }

    void begins(String worker, Attempt attempt, String job) {
        if (!begun.add(attempt))
            throw new Judge.Broken(job, "its handler is called twice for attempt " + attempt.number());
        running.forEach((other, by) -> {
            if (!other.uid().equals(attempt.uid()) || mayGoOn(other, by)) return;
            throw new Judge.Broken(
                    job,
                    "attempt " + attempt.number() + " begins on " + worker + " while attempt " + other.number()
                            + " goes on on " + by + ", which "
                            + (harmed.contains(by) ? "has not noticed that it is cut off" : "is unharmed"));
        });
        running.put(attempt, worker);
        world.count("warm runs");
    }

    private boolean mayGoOn(Attempt attempt, String worker) {
        if (givenUp.contains(attempt)) return true;
        return onlyCutOff.contains(worker) ? told.containsKey(attempt) : harmed.contains(worker);
    }

    void ends(Attempt attempt, boolean complete) {
        running.remove(attempt);
        if (complete) done.add(attempt);
    }

    /** A worker's process is no more. */
    void dies(String worker) {
        running.values().removeIf(worker::equals);
    }

    void deleted(String uid) {
        running.keySet().stream().filter(each -> each.uid().equals(uid)).forEach(givenUp::add);
        jobsOf.values().forEach(jobs -> jobs.remove(uid));
    }

    void written(SimProcess process, SyncJob was, SyncJob is) {
        var by = process.identity();
        var before = JobFields.statusOf(was);
        var after = JobFields.statusOf(is);
        slots(is, before, after);
        if (!before.state().occupying() && after.state().occupying()) ending(process, is, after);
        var attempt = new Attempt(SimCaches.uid(is), number(before.attempt()));
        if (before.stop() != null && after.stop() == null && (!by.equals(before.worker()) || isDeaf(attempt)))
            givenUp.add(attempt);
        if (before.state() == State.ENQUEUED && after.state() == State.STARTED)
            hold(is, by.equals(before.worker()), "is started by " + by + ", which does not have it");
        completion(by, is, before, after, attempt);
        losses(process, is, before, after);
        blame(by, is, before, after, attempt);
        thrift(is, before, after);
    }

    /** True where its handler was told to end, and has not listened for as long as its agent waits. */
    private boolean isDeaf(Attempt attempt) {
        var since = told.getOrDefault(attempt, Instant.MAX);
        return since.isBefore(world.now().minus(SimPool.DEAD_AFTER).plusSeconds(1));
    }

    /** Of a job that runs at once and well, its place, its start and its end are written, and nothing else. */
    private void thrift(SyncJob job, SyncJobStatus before, SyncJobStatus after) {
        var uid = SimCaches.uid(job);
        if (before.state() == State.PENDING && number(before.attempt()) == 0) writes.put(uid, 0);
        if (!world.isCalmFor(AFTERMATH) || isExcused(after) || after.stop() != null || Judge.isObeyed(before, after))
            writes.remove(uid);
        var count = writes.computeIfPresent(uid, (each, number) -> number + 1);
        if (count == null || !after.state().finished()) return;
        writes.remove(uid);
        if (after.state() != State.DONE) return;
        world.count("warm jobs that ran at once");
        hold(job, count == WRITES, "took " + count + " writes");
    }

    private boolean isExcused(SyncJobStatus status) {
        var worker = Objects.requireNonNullElse(status.worker(), "");
        return number(status.attempt()) > 1 || harmed.contains(worker) || drained.contains(worker);
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

    private void ending(SimProcess by, SyncJob job, SyncJobStatus after) {
        var worker = Objects.requireNonNull(after.worker());
        hold(
                job,
                !order.mayJudge(by, job) || !OrderJudge.knewOfEnd(by, worker),
                "is given by " + by.identity() + " to " + worker + ", which ends");
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

    private void losses(SimProcess by, SyncJob job, SyncJobStatus before, SyncJobStatus after) {
        if (number(after.workerLosses()) <= number(before.workerLosses())) return;
        var worker = Objects.requireNonNull(before.worker());
        hold(
                job,
                harmed.contains(worker) || drained.contains(worker),
                "a loss is counted though " + worker + " is unharmed: " + after.message());
        // Who does not know that it was told to end cannot know that this was planned.
        var unaware = !by.identity().equals(worker) && !OrderJudge.knewOfEnd(by, worker);
        hold(job, harmed.contains(worker) || unaware, "the end in order of " + worker + " is counted as a loss");
        hold(
                job,
                !world.now().isBefore(noLossUntil),
                "is lost with " + before.worker() + ", though all workers have fallen silent at once");
        world.count("warm losses");
    }

    private void blame(String by, SyncJob job, SyncJobStatus before, SyncJobStatus after, Attempt attempt) {
        if (!obeyed.contains(attempt) || before.stop() != null || after.state().occupying()) return;
        if (!by.equals(before.worker())) return;
        world.count("handlers that obeyed");
        var blamed = after.state() == State.FAILED || number(after.retries()) > number(before.retries());
        hold(job, !blamed, "is blamed for its end, which it was told to: " + after.message());
    }

    private static boolean is(@Nullable String text, Reason reason) {
        return reason.toString().equals(text);
    }
}
