package io.syncjobs.enqueuer;

import static io.syncjobs.enqueuer.GivenJobs.running;
import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Pod;
import io.syncjobs.api.Names;
import io.syncjobs.core.index.QueueKey;
import io.syncjobs.kube.StubApi;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ClusterSnapshotTest {
    private static final QueueKey SHOP = new QueueKey("shop", "default");

    @Test
    void aPodTakesAPlaceWhenItsJobIsGone() {
        var pods = List.of(pod("uid-a", "Running"), pod("uid-b", "Running"));

        var seen = ClusterSnapshot.of(List.of(running("a")), List.of(), pods);

        // a is counted as a job, b as a pod.
        assertThat(seen.strayPods()).isEqualTo(Map.of(SHOP, 1));
    }

    @Test
    void aPodThatHasEndedTakesNone() {
        var seen = ClusterSnapshot.of(List.of(), List.of(), List.of(pod("uid-b", "Failed")));

        assertThat(seen.strayPods()).isEmpty();
    }

    private static Pod pod(String jobUid, String phase) {
        return StubApi.pod("x")
                .editMetadata()
                .withNamespace("shop")
                .addToLabels(Names.JOB_UID, jobUid)
                .addToLabels(Names.QUEUE, "default")
                .endMetadata()
                .withNewStatus()
                .withPhase(phase)
                .endStatus()
                .build();
    }
}
