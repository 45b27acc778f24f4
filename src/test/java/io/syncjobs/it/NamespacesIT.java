package io.syncjobs.it;

import static io.syncjobs.cluster.Manifest.job;
import static io.syncjobs.cluster.Manifest.queue;

import io.syncjobs.cluster.Cluster;
import io.syncjobs.cluster.ClusterTest;
import io.syncjobs.cluster.OwnRelease;
import io.syncjobs.cluster.TestNamespace;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** One operator that serves several namespaces and no others. */
@ClusterTest
@Order(5)
@Timeout(600)
class NamespacesIT {
    /** Each namespace has a watch of its own: what one of them lists must not push out what another has listed. */
    @Test
    void whatWaitsInEachOfThemRunsAfterTheOperatorHasStartedAnew() {
        var cluster = Cluster.named("test2");
        var other = TestNamespace.create(cluster, "several-other");
        var here = TestNamespace.create(cluster, "several-jobs");
        try (var own =
                OwnRelease.install("several", Map.of("watchNamespaces", List.of(here.name(), other.name())), here)) {
            for (var namespace : List.of(here, other)) {
                namespace.apply(
                        queue("work").spec("paused", true).worker("exit=0"),
                        job("waits").spec("queue", "work"));
                namespace.job("waits").awaitReason("QueuePaused");
            }
            own.release().scaleOperator(0);
            for (var namespace : List.of(here, other)) {
                namespace.kubectl("patch", "syncqueue", "work", "--type=merge", "-p", "{\"spec\":{\"paused\":false}}");
            }
            own.release().scaleOperator(1);

            here.job("waits").awaitDone(1);
            other.job("waits").awaitDone(1);
        } finally {
            other.delete();
        }
    }
}
