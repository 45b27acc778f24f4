package io.syncjobs.simulation;

import com.fasterxml.jackson.databind.JsonNode;
import io.syncjobs.api.State;
import io.syncjobs.api.SyncJob;
import io.syncjobs.core.JobFields;
import io.syncjobs.core.index.QueueKey;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;

/**
 * Looks at how places are given. Who gives one has the right to, has read which places are taken, and counts what he has sent
 * himself. So a place too many is noticed also where chance prevents it.
 */
final class PlaceJudge {
    /** A write that gives a place, or the next attempt of a job that has one. */
    private record Write(SimProcess by, String job) {}

    /** Longer than anything is frozen or late. */
    private static final Duration AFTERMATH = Duration.ofMinutes(4);

    private final World world;

    /** The version that each write was decided on, as long as the write may still be carried out. */
    private final Map<Write, String> open = new HashMap<>();

    private final Map<SimProcess, Instant> read = new HashMap<>();

    /** The reservations that each process knows to be its own, as long as it has not asked for their pods. */
    private final Map<Write, Integer> reserved = new HashMap<>();

    private String mayEnqueue = "";
    private Instant mayEnqueueSince = World.START;

    PlaceJudge(World world) {
        this.world = world;
    }

    /** From now on the API server takes places from this process. */
    void mayEnqueue(String holder) {
        if (holder.equals(mayEnqueue)) return;
        mayEnqueue = holder;
        mayEnqueueSince = world.now();
    }

    /** A Lease goes from one holder to another, some time after the last sign of life. */
    void taken(String from, String to, Duration silence, Duration duration) {
        if (!from.isEmpty() && !to.isEmpty() && !from.equals(to) && silence.compareTo(duration) < 0)
            throw new Judge.Broken("", to + " takes the enqueuer's Lease from " + from + ", which lives");
    }

    /** A process begins another term, for which it reads all places anew. */
    void beginsAgain(String by) {
        world.count("terms that one process begins again");
        if (world.isCalmFor(AFTERMATH))
            throw new Judge.Broken("", by + " begins a new term, though nobody has taken its Lease");
    }

    /** The process is told which places are taken. */
    void reads(SimProcess by) {
        read.put(by, world.now());
    }

    /** The process sends a write that gives a place. */
    void sends(SimProcess by, String job, String version) {
        if (!by.mayGivePlaces())
            throw new Judge.Broken(job, by.identity() + " sends a place though its Lease may be another's");
        open.put(new Write(by, job), version);
    }

    /** The API server looks at that write now, or has told the process that it is refused. */
    void over(SimProcess by, String job) {
        open.remove(new Write(by, job));
    }

    /** A process sends this to a job; where it reserves the next attempt, the one before has had its chance. */
    void reserves(SimProcess by, String job, JsonNode status) {
        var write = new Write(by, job);
        var again = status.has("attempt") && !status.has("state");
        if (again && reserved.containsKey(write))
            throw new Judge.Broken(
                    job,
                    by.identity() + " reserves attempt " + status.path("attempt")
                            + " and has never asked for the pod of attempt " + reserved.get(write)
                            + ", which it has reserved itself");
        if (status.has("state")) reserved.remove(write);
    }

    /** The process has the answer: the attempt is its own. */
    void reserved(SimProcess by, String job, JsonNode status) {
        var worker = status.path("worker").asText();
        if (status.has("attempt") && !worker.startsWith(SimPool.NAME + "-"))
            reserved.put(new Write(by, job), status.path("attempt").asInt());
    }

    void asksForPod(SimProcess by, String job) {
        reserved.remove(new Write(by, job));
    }

    /** The process is no more. */
    void dies(SimProcess process) {
        reserved.keySet().removeIf(write -> write.by().equals(process));
        open.keySet().removeIf(write -> write.by().equals(process));
    }

    /** A job is about to get a place in a queue in which so many are free. */
    void placing(SimProcess by, SyncJob job, Collection<SyncJob> all, int free) {
        var known = read.getOrDefault(by, Instant.MIN);
        Judge.hold(
                job,
                !known.isBefore(mayEnqueueSince),
                "is given a place by " + by.identity() + ", which has not read the places that the last holder gave");
        leavesRoom(by, job, all, free);
    }

    /** The same when it is only sent: that its own write is lost or late does not excuse a process. */
    void sending(SimProcess by, SyncJob job, Collection<SyncJob> all, int free) {
        if (by.identity().equals(mayEnqueue)) leavesRoom(by, job, all, free);
    }

    private void leavesRoom(SimProcess by, SyncJob job, Collection<SyncJob> all, int free) {
        var coming = all.stream()
                .filter(other -> !SimCaches.uid(other).equals(SimCaches.uid(job)))
                .filter(other -> QueueKey.of(other).equals(QueueKey.of(job)) && mayCome(by, other))
                .map(SimCaches::name)
                .toList();
        if (!coming.isEmpty()) world.count("places beside others that may come");
        Judge.hold(
                job,
                coming.size() < free,
                "is given a place by " + by.identity() + ", though one of " + free + " may still be given to "
                        + coming);
    }

    private boolean mayCome(SimProcess by, SyncJob job) {
        return JobFields.statusOf(job).state() == State.PENDING
                && job.getMetadata().getResourceVersion().equals(open.get(new Write(by, SimCaches.name(job))));
    }
}
