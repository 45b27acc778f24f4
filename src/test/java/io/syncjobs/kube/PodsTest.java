package io.syncjobs.kube;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.syncjobs.core.run.PodView;
import io.syncjobs.core.trace.LogTail;
import io.syncjobs.kube.StubApi.Answer;
import org.junit.jupiter.api.Test;

/** A pod is deleted only as it was seen: a cache may have shown it alive after its end. */
class PodsTest {
    private static final String LOG = "/api/v1/namespaces/shop/pods/a-1-x/log?container=worker&tailLines=";

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

    /** Half a gigabyte on one line would be sent through three processes to show sixteen kilobytes. */
    @Test
    void aLogOfLongLinesIsAskedForAgainWithFewAndNeverReadThrough() {
        try (var api = new StubApi(request ->
                new Answer(200, request.path().contains("tailLines=60&") ? "short\nend\n" : "x".repeat(1_048_576)))) {
            var log = new Pods(api.api()).logTail("shop", "a-1-x", "worker");

            assertThat(log).isEqualTo(new LogTail("short\nend\n", false));
            assertThat(api.requests(request -> true))
                    .extracting(StubApi.Request::path)
                    .containsExactly(LOG + "5000&limitBytes=1048576", LOG + "60&limitBytes=1048576");
        }
        try (var api = new StubApi(request ->
                new Answer(200, request.path().contains("tailLines=1&") ? "begin" : "x".repeat(1_048_576)))) {
            assertThat(new Pods(api.api()).logTail("shop", "a-1-x", "worker")).isEqualTo(new LogTail("begin", false));
        }
    }

    @Test
    void whereThereIsNoLogNothingIsRead() {
        for (var code : new int[] {400, 404}) {
            try (var api = new StubApi(request -> Answer.refusal(code, "NoLog"))) {
                assertThat(new Pods(api.api()).logTail("shop", "a-1-x", "worker"))
                        .isEqualTo(LogTail.NONE);
            }
        }
    }

    private static PodView pod() {
        return PodViews.of(StubApi.pod("a-1-x").build());
    }
}
