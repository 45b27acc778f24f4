package io.syncjobs.faults;

import com.fasterxml.jackson.databind.JsonNode;
import io.syncjobs.cluster.TestNamespace;
import java.util.List;
import java.util.TreeMap;

/** What the workers themselves have noted, whatever the API server says: when each began and ended, see src/test/images/testworker. */
record WorkerLog(List<JsonNode> spans) {
    static WorkerLog of(TestNamespace namespace) {
        return new WorkerLog(namespace
                .all()
                .map(job -> job.at("/status/result"))
                .filter(result -> result.has("from"))
                .toList());
    }

    /** How many runs there were. */
    int runs() {
        return spans.size();
    }

    /** How many of them ran at the same time, at most. */
    int mostAtOnce() {
        var steps = new TreeMap<Long, Integer>();
        for (var span : spans) {
            steps.merge(span.path("from").asLong(), 1, Integer::sum);
            steps.merge(span.path("to").asLong(), -1, Integer::sum);
        }
        int now = 0;
        int most = 0;
        for (var step : steps.values()) {
            now += step;
            most = Math.max(most, now);
        }
        return most;
    }
}
