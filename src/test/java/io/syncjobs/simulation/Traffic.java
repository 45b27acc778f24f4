package io.syncjobs.simulation;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** How it goes with the requests about each job: a judge that counts on all of them having come in time asks here. */
final class Traffic {
    /** What failed is tried again within this time. */
    private static final Duration AFTERMATH = Duration.ofMinutes(5);

    private static final Duration SLOW = Duration.ofSeconds(1);

    private record Request(SimProcess by, String job) {}

    private final World world;
    private final Map<Request, Integer> open = new HashMap<>();
    private final Map<String, Instant> troubled = new HashMap<>();
    private final Map<Request, Instant> answered = new HashMap<>();
    private final Map<Request, Instant> failed = new HashMap<>();

    private Instant allTroubled = Instant.MIN;

    Traffic(World world) {
        this.world = world;
    }

    void sent(SimProcess by, String job) {
        open.merge(new Request(by, job), 1, Integer::sum);
    }

    void done(SimProcess by, String job) {
        open.computeIfPresent(new Request(by, job), (request, count) -> count == 1 ? null : count - 1);
        answered.put(new Request(by, job), world.now());
    }

    /** A request has failed, or its answer is lost. */
    void failed(SimProcess by, String job) {
        done(by, job);
        failed.put(new Request(by, job), world.now());
        troubled(job);
    }

    /** A request about this job has failed, or is slower than usual. */
    void troubled(String job) {
        troubled.put(job, world.now());
    }

    /** What is about all jobs has failed. */
    void allTroubled() {
        allTroubled = world.now();
    }

    /** A request has come so far. */
    void came(String job, Instant sent) {
        if (world.now().isAfter(sent.plus(SLOW))) troubled(job);
    }

    /** Nobody waits for its answers any more. */
    void dies(SimProcess process) {
        answered.keySet().removeIf(request -> request.by().equals(process));
        failed.keySet().removeIf(request -> request.by().equals(process));
        open.keySet().removeIf(request -> {
            if (!request.by().equals(process)) return false;
            troubled(request.job());
            return true;
        });
    }

    /** When this process last heard of a request about this job. */
    Instant lastAnswer(SimProcess by, String job) {
        return answered.getOrDefault(new Request(by, job), Instant.MIN);
    }

    /** True where one of this process is on its way. */
    boolean isOpen(SimProcess by, String job) {
        return open.containsKey(new Request(by, job));
    }

    /** The jobs about which a request of this process is on its way, or has failed within this time. */
    Set<String> unsettled(SimProcess by, Duration time) {
        var jobs = new HashSet<String>();
        var since = world.now().minus(time);
        for (var request : open.keySet()) if (request.by().equals(by)) jobs.add(request.job());
        failed.forEach((request, when) -> {
            if (request.by().equals(by) && when.isAfter(since)) jobs.add(request.job());
        });
        jobs.remove("-");
        return jobs;
    }

    /** True where none is on its way. */
    boolean isQuiet(String job) {
        return open.keySet().stream().noneMatch(request -> request.job().equals(job));
    }

    /** True where all of a while came in time, and were carried out. */
    boolean isSmooth(String job) {
        var since = world.now().minus(AFTERMATH);
        return allTroubled.isBefore(since)
                && troubled.getOrDefault(job, Instant.MIN).isBefore(since);
    }
}
