package io.syncjobs.faults;

import static java.util.stream.Collectors.toMap;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.syncjobs.api.State;
import io.syncjobs.cluster.JobStatus;
import io.syncjobs.faults.Shop.Visit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;

/** What became of the jobs of a load under a fault, by their own status and by what the shop has noted. */
final class WarmVerdict {
    private final WarmLoad load;
    private final Set<String> names;
    private final Map<String, List<Visit>> visits;
    private final Map<String, JobStatus> jobs;

    private WarmVerdict(WarmLoad load, Set<String> names) {
        this.load = load;
        this.names = names;
        visits = new HashMap<>(load.shop().visits());
        visits.keySet().retainAll(names);
        jobs = load.namespace()
                .all()
                .filter(job -> names.contains(name(job)))
                .collect(toMap(WarmVerdict::name, job -> new JobStatus(job.path("status"))));
    }

    /** Waits for the jobs of a load. */
    static WarmVerdict of(WarmLoad load) {
        return new WarmVerdict(load, load.rest());
    }

    private static String name(JsonNode job) {
        return job.at("/metadata/name").asText();
    }

    /**
     * Fails where a job was lost or done wrongly, or a result was taken that was not the current attempt's; prints the rest.
     *
     * @param zombies the workers whose handlers may have gone on while somebody else had their jobs
     */
    WarmVerdict holds(String fault, Set<String> zombies) {
        var lost = names.stream()
                .filter(name -> !jobs.containsKey(name) || !isRight(name))
                .map(this::tell)
                .toList();
        assertThat(lost).as(fault + ": lost, or not as it should be").isEmpty();
        var stale = jobs.keySet().stream().filter(this::isStale).map(this::tell).toList();
        assertThat(stale).as(fault + ": results of others taken").isEmpty();
        var twice = visits.values().stream()
                .filter(all -> all.stream().map(Visit::attempt).distinct().count() < all.size())
                .toList();
        assertThat(twice).as(fault + ": an attempt that was begun twice").isEmpty();
        assertThat(overlaps(Set.of()).stream()
                        .filter(pair -> !zombies.contains(pair.getFirst().pod())))
                .as(fault + ": attempts of one job alive at once")
                .isEmpty();
        System.out.println("warm fault, " + fault + ": jobs " + names.size() + ", lost 0, stale accepted 0"
                + ", live attempts of a job at once outside the zombie window at most 1, runs within it "
                + overlaps(zombies).size() + ", repeated external effects " + repeated() + ", attempts lost "
                + lostAttempts() + " of which counted " + counted() + ", seconds " + load.seconds());
        return this;
    }

    /** Prints how often the API server refused its workers since it has them: what they offer for a job that has gone on is stale. */
    void tellRefused(String fault) {
        var here = load.namespace();
        var account = "system:serviceaccount:" + here.name() + ":syncjobs-pool-" + load.name();
        var refused = here.cluster().auditLog().writes(here, account).stream()
                .filter(write -> write.what().equals("patch syncjobs/status") && !write.succeeded())
                .count();
        System.out.println("warm fault, " + fault + ": results offered and refused " + refused);
    }

    /** Nothing has happened to any of them: none was lost, not even without being counted. */
    WarmVerdict undisturbed() {
        assertThat(jobs.keySet().stream()
                        .filter(name -> status(name).attempt() > 1)
                        .map(this::tell))
                .as("jobs that were disturbed")
                .isEmpty();
        assertThat(repeated()).as("repeated external effects").isZero();
        return this;
    }

    /** No loss was counted against any of them. */
    WarmVerdict uncounted() {
        assertThat(jobs.keySet().stream()
                        .filter(name -> status(name).number("workerLosses") > 0)
                        .map(this::tell))
                .as("losses counted")
                .isEmpty();
        return this;
    }

    /** No job has had its effect twice. */
    WarmVerdict unrepeated() {
        assertThat(repeated()).as("repeated external effects").isZero();
        return this;
    }

    JobStatus status(String name) {
        var status = jobs.get(name);
        if (status == null) throw new AssertionError("job " + name + " is gone");
        return status;
    }

    /** How often the handler was called for that job. */
    int calls(String job) {
        return visits.getOrDefault(job, List.of()).size();
    }

    /** A job that never answers fails when its time is over; all others are Done, by an attempt that has really had its effect. */
    private boolean isRight(String name) {
        var status = status(name);
        if (load.hangs(name))
            return status.state() == State.FAILED && status.reason().equals("DeadlineExceeded");
        return status.state() == State.DONE
                && visits.getOrDefault(name, List.of()).stream()
                        .anyMatch(visit -> visit.attempt() == status.attempt()
                                && visit.pod().equals(status.worker())
                                && visit.effects() == 1);
    }

    private boolean isStale(String name) {
        var status = status(name);
        return status.state() == State.DONE
                && (status.result().path("attempt").asInt() != status.attempt()
                        || !status.result().path("pod").asText().equals(status.worker()));
    }

    /** Pairs of attempts of a job, of which the second began before the first had ended; of any worker, or of some alone. */
    private List<List<Visit>> overlaps(Set<String> workers) {
        var found = new ArrayList<List<Visit>>();
        for (var all : visits.values())
            for (var one : all)
                for (var other : all)
                    if (one.overlaps(other) && (workers.isEmpty() || workers.contains(one.pod())))
                        found.add(List.of(one, other));
        return found;
    }

    private int repeated() {
        return visits.values().stream()
                .mapToInt(all -> all.stream().mapToInt(Visit::effects).sum() - 1)
                .filter(more -> more > 0)
                .sum();
    }

    private long lostAttempts() {
        return jobs.values().stream()
                .flatMap(status -> status.outcomes().stream())
                .filter("Lost"::equals)
                .count();
    }

    private int counted() {
        return jobs.values().stream()
                .flatMapToInt(status -> IntStream.of(status.number("workerLosses")))
                .sum();
    }

    private String tell(String name) {
        return name + ": " + jobs.get(name) + " " + visits.get(name);
    }
}
