package io.syncjobs.enqueuer;

import static org.assertj.core.api.Assertions.assertThat;

import io.syncjobs.core.settings.Settings;
import io.syncjobs.kube.StubApi;
import io.syncjobs.kube.StubApi.Answer;
import io.syncjobs.kube.StubApi.Request;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Explain with the rights of whoever asks. */
class ExplainerTest {
    @Test
    void whoMayOnlyViewTheNamespaceIsAnsweredAndToldWhatWasNotLookedAt() throws InterruptedException {
        try (var api = new StubApi(ExplainerTest::answer)) {
            var told = new Explainer(api.api(), Settings.from(Map.of())).explain("shop", "job-1");

            assertThat(told)
                    .startsWith("Pending, QueueNotFound: there is no SyncQueue narrow")
                    .endsWith(
                            "You may not read the Lease syncjobs-operator and the CronJob syncjobs-enqueue in namespace"
                                    + " syncjobs-system: this assumes that operator and minute run work.");
            assertThat(api.requests(Request::isWrite)).isEmpty();
        }
    }

    /** A view of the namespace shows no Leases. */
    @Test
    void whoDoesNotSeeTheWorkersIsAnsweredByTheQueue() throws InterruptedException {
        var spec = Map.of("paused", true, "workerPool", "magento");
        var queue = Map.of(
                "metadata",
                Map.of("name", "narrow", "namespace", "shop", "uid", "q", "resourceVersion", "3"),
                "spec",
                spec);
        try (var api = new StubApi(request -> {
            if (request.path().contains("/leases?")) return Answer.refusal(403, "Forbidden");
            return request.path().contains("/syncqueues?")
                    ? Answer.object(Map.of("metadata", Map.of(), "items", List.of(queue)))
                    : answer(request);
        })) {
            var told = new Explainer(api.api(), Settings.from(Map.of())).explain("shop", "job-1");

            assertThat(told)
                    .startsWith("Pending, QueuePaused: queue narrow is paused")
                    .endsWith("You may not read the pools, their pods and their Leases in namespace shop: this assumes"
                            + " that a worker is free.");
        }
    }

    private static Answer answer(Request request) {
        if (request.path().contains("/leases/") || request.path().contains("/cronjobs/")) {
            return Answer.refusal(403, "Forbidden");
        }
        var job = GivenJobs.waiting("job-1", 10);
        if (request.path().contains("/syncjobs/")) return Answer.object(job);
        var items = request.path().contains("/syncjobs?") ? List.of(job) : List.of();
        return Answer.object(Map.of("metadata", Map.of(), "items", items));
    }
}
