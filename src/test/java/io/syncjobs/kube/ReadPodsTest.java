package io.syncjobs.kube;

import static org.assertj.core.api.Assertions.assertThat;

import io.syncjobs.core.run.PodView;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** A pod is known at its newest version, whether the watch has shown it or a read. */
class ReadPodsTest {
    private static final String JOB = "uid-a";

    private final ReadPods pods = new ReadPods();

    @Test
    void whatWasReadCountsUntilTheWatchHasShownAsMuch() {
        pods.learn(JOB, pod(8));
        assertThat(pods.newest(JOB, List.of(pod(7)))).containsExactly(pod(8));
        assertThat(pods.newest("uid-b", List.of())).isEmpty();

        assertThat(pods.newest(JOB, List.of(pod(9)))).containsExactly(pod(9));
        assertThat(pods.jobUids()).isEmpty();
    }

    @Test
    void aReadThatIsHandledLateChangesNothing() {
        pods.learn(JOB, pod(8));
        pods.learn(JOB, pod(7));

        assertThat(pods.newest(JOB, List.of())).containsExactly(pod(8));
    }

    @Test
    void aPodThatIsGoneStaysGoneWhateverTheWatchShows() {
        pods.learnGone(JOB, "pod-uid");
        pods.learn(JOB, pod(8));

        assertThat(pods.newest(JOB, List.of(pod(7)))).isEmpty();
    }

    @Test
    void whatTheWatchHasShownToBeGoneIsForgotten() {
        pods.learn(JOB, pod(8));
        pods.seenGone(JOB, "pod-uid");
        assertThat(pods.newest(JOB, List.of())).isEmpty();
        assertThat(pods.jobUids()).isEmpty();
    }

    @Test
    void deletedJobsAreForgotten() {
        pods.learn(JOB, pod(8));
        pods.forget(Set.of(JOB));
        assertThat(pods.jobUids()).isEmpty();
    }

    /** 1. A list has the pod. 2. The watch shows that it is gone. 3. The list is handled. */
    @Test
    void aListThatIsHandledLateBringsNoPodBack() {
        pods.seenGone(JOB, "pod-uid");
        pods.learn(JOB, pod(8));

        assertThat(pods.newest(JOB, List.of())).isEmpty();
    }

    private static PodView pod(int version) {
        return PodViews.of(StubApi.pod("a-1-x")
                .editMetadata()
                .withResourceVersion(Integer.toString(version))
                .endMetadata()
                .build());
    }
}
