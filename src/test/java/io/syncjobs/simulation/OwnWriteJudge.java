package io.syncjobs.simulation;

import com.fasterxml.jackson.databind.JsonNode;
import io.syncjobs.api.SyncJob;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;

/** Holds each process to knowing what it has written itself, also while its watches have not told it yet. */
final class OwnWriteJudge {
    /** What was decided before an answer came is sent by then. */
    private static final Duration MOMENT = Duration.ofSeconds(1);

    private record Write(SimProcess by, String job) {}

    private record Written(String version, Instant answered) {}

    private final World world;
    private final Map<Write, Written> known = new HashMap<>();

    OwnWriteJudge(World world) {
        this.world = world;
    }

    /** The answer to a write has come, which has left the job at this version. */
    void answered(SimProcess by, String job, String version) {
        known.put(new Write(by, job), new Written(version, world.now()));
    }

    /** A process writes to a job that it has seen at that version. */
    void asks(SimProcess by, SyncJob job, JsonNode seen) {
        var own = known.get(new Write(by, SimCaches.name(job)));
        var version = job.getMetadata().getResourceVersion();
        if (own == null || seen.asText().equals(version) || !world.isCalmFor(CalmJudge.AFTERMATH)) return;
        Judge.hold(
                job,
                !own.version().equals(version) || !own.answered().plus(MOMENT).isBefore(by.sent()),
                "is written to by " + by.identity() + " as it was before what " + by.identity()
                        + " has written itself");
    }

    /** The process is no more. */
    void dies(SimProcess process) {
        known.keySet().removeIf(write -> write.by().equals(process));
    }
}
