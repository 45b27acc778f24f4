package io.syncjobs.operator;

import static org.assertj.core.api.Assertions.assertThat;

import io.syncjobs.core.index.JobIndex;
import io.syncjobs.enqueuer.IndexFeed;
import io.syncjobs.kube.Jobs;
import io.syncjobs.kube.Reservations;
import io.syncjobs.kube.StubApi;
import io.syncjobs.kube.StubApi.Answer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** An operator of several namespaces is ready as long as it serves one; one of all namespaces as long as it watches them. */
class ControllersTest {
    private static final Map<String, ?> BROKEN = Map.of("pods", "says nothing");

    private final StubApi api = new StubApi(Answer::taken);

    @AfterEach
    void close() {
        api.close();
    }

    private Controllers of(String... namespaces) {
        var jobs = new Jobs(api.api());
        var index = new JobIndex(Duration.ofMinutes(1), Duration.ofMinutes(5));
        var feed = new IndexFeed(index, Runnable::run, jobs, new Reservations());
        return new Controllers(List.of(namespaces), new Caches(jobs, feed));
    }

    @Test
    void oneOfSeveralNamespacesIsEnough() {
        var two = of("shop", "erp");

        assertThat(two.serve(Map.of())).isTrue();
        assertThat(two.serve(Map.of("syncjobs-shop", BROKEN, "syncqueues-erp", Map.of())))
                .isTrue();
        assertThat(two.serve(Map.of("syncjobs-shop", BROKEN, "syncqueues-erp", BROKEN)))
                .isFalse();
    }

    @Test
    void ofAllNamespacesAsOneNothingMayBeBroken() {
        assertThat(of().serve(Map.of("syncjobs", Map.of()))).isTrue();
        assertThat(of().serve(Map.of("syncjobs", BROKEN))).isFalse();
        assertThat(of().serve(Map.of("syncqueues", BROKEN))).isFalse();
    }
}
