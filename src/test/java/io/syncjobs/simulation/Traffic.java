package io.syncjobs.simulation;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;

/** How it goes with the requests about each job: a judge that counts on all of them having come in time asks here. */
final class Traffic {
    /** What failed is tried again within this time. */
    private static final Duration AFTERMATH = Duration.ofMinutes(5);

    private static final Duration SLOW = Duration.ofSeconds(1);

    private record Request(SimProcess by, String job) {}

    private final World world;
    private final Map<Request, Integer> open = new HashMap<>();
    private final Map<String, Instant> troubled = new HashMap<>();

    private Instant allTroubled = Instant.MIN;

    Traffic(World world) {
        this.world = world;
    }

    void sent(SimProcess by, String job) {
        open.merge(new Request(by, job), 1, Integer::sum);
    }

    void done(SimProcess by, String job) {
        open.computeIfPresent(new Request(by, job), (request, count) -> count == 1 ? null : count - 1);
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
        open.keySet().removeIf(request -> {
            if (!request.by().equals(process)) return false;
            troubled(request.job());
            return true;
        });
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
