package io.syncjobs.it;

import static io.syncjobs.cluster.Manifest.job;
import static io.syncjobs.cluster.Manifest.queue;

import io.syncjobs.api.State;
import io.syncjobs.cluster.Cluster;
import io.syncjobs.cluster.ClusterTest;
import io.syncjobs.cluster.OwnRelease;
import io.syncjobs.cluster.TestNamespace;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** An operator of several namespaces loses one of them: the others do not notice, and it is served again when it is back. */
@ClusterTest
@Timeout(900)
class WatchedNamespacesIT {
    private static final Duration LIMIT = Duration.ofMinutes(4);

    @Test
    void oneThatIsForbiddenOrDeletedStopsNeitherTheOthersNorARestart() {
        var cluster = Cluster.named("test2");
        var kept = TestNamespace.create(cluster, "watched-kept");
        var lost = TestNamespace.create(cluster, "watched-lost");
        var values = Map.<String, Object>of("watchNamespaces", List.of(lost.name(), kept.name()));
        try (var own = OwnRelease.install("watched", values, kept)) {
            for (var here : List.of(kept, lost)) {
                here.apply(
                        queue("work").spec("capacity", 2).worker("exit=0"),
                        job("before").spec("queue", "work"));
                here.job("before").await(State.DONE, LIMIT);
            }
            // Each list that begins a watch is of one namespace, and says nothing of the others.
            restart(own);
            works(kept, "both");
            works(lost, "both");
            var bindings = lost.kubectl("get", "rolebindings", "--output=json");
            lost.kubectl("delete", "rolebindings", "--all");
            works(kept, "forbidden");
            lost.apply(job("late").spec("queue", "work"));

            restart(own);
            works(kept, "restarted");

            cluster.apply(lost.name(), withoutVersions(bindings));
            lost.job("late").await(State.DONE, LIMIT);

            lost.kubectl("delete", "namespace", lost.name());
            works(kept, "deleted");
            restart(own);
            works(kept, "restarted-again");
        } finally {
            lost.delete();
        }
    }

    private static void works(TestNamespace here, String name) {
        here.create(job(name).spec("queue", "work")).await(State.DONE, LIMIT);
    }

    /** It must become ready, or this fails. */
    private static void restart(OwnRelease own) {
        own.release().kubectl("rollout", "restart", own.release().operator());
        own.release().kubectl("rollout", "status", own.release().operator(), "--timeout=180s");
    }

    private static String withoutVersions(String bindings) {
        return bindings.replaceAll("\"(uid|resourceVersion|creationTimestamp)\": \"[^\"]*\",?", "")
                .replaceAll(",(\\s*})", "$1");
    }
}
