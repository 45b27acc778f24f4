package io.syncjobs.kube;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.syncjobs.core.PodView;
import io.syncjobs.kube.StubApi.Answer;
import org.junit.jupiter.api.Test;

/** A pod is deleted only as it was seen: a cache may have shown it alive after its end. */
class PodsTest {
    @Test
    void aDeletionIsForExactlyThePodThatWasSeen() {
        try (var api = new StubApi(Answer::taken)) {
            new Pods(api.api()).delete("shop", pod());

            var deletion = api.requests(request -> request.method().equals("DELETE"));
            assertThat(deletion).singleElement().satisfies(request -> {
                assertThat(request.path()).endsWith("/namespaces/shop/pods/a-1-x");
                assertThat(request.field("/preconditions/uid")).isEqualTo("pod-uid");
                assertThat(request.field("/preconditions/resourceVersion")).isEqualTo("7");
            });
        }
    }

    @Test
    void aPodThatHasChangedOrGoneIsLeftAlone() {
        for (var code : new int[] {404, 409}) {
            try (var api = new StubApi(request -> Answer.refusal(code, "NotAsYouSawIt"))) {
                new Pods(api.api()).delete("shop", pod());

                assertThat(api.requests(request -> true)).hasSize(1);
            }
        }
        try (var api = new StubApi(request -> Answer.refusal(403, "Forbidden"))) {
            var pods = new Pods(api.api());
            assertThatThrownBy(() -> pods.delete("shop", pod())).isInstanceOf(ApiException.class);
        }
    }

    private static PodView pod() {
        return PodViews.of(StubApi.pod("a-1-x").build());
    }
}
