package io.syncjobs.operator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.syncjobs.api.Reason;
import io.syncjobs.api.SyncJobSpec;
import io.syncjobs.api.SyncJobStatus;
import io.syncjobs.core.Explanations.Explanation;
import io.syncjobs.kube.ApiException;
import io.syncjobs.kube.Jobs;
import io.syncjobs.kube.StubApi;
import io.syncjobs.kube.StubApi.Answer;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whose reason is written next, when there are more than may be written at once. */
class ReasonWriterTest {
    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
    private static final Explanation FIRST = waits("first");
    private static final Explanation SECOND = waits("second");

    @ParameterizedTest
    @CsvSource({"403, second", "500, second", "409, first", "404, first"})
    void whoseReasonWasNotTakenLeavesTheTurnToTheNext(int code, String next) {
        try (var api = new StubApi(request -> Answer.refusal(code, "SaysTheTest"))) {
            var reasons = new ReasonWriter(new Jobs(api.api()), 1);

            assertThat(reasons.next(List.of(FIRST, SECOND), NOW)).containsExactly(FIRST);
            assertThatThrownBy(() -> reasons.write(FIRST, NOW)).isInstanceOf(ApiException.class);

            assertThat(reasons.next(List.of(FIRST, SECOND), NOW.plusSeconds(1)))
                    .extracting(e -> e.job().getMetadata().getName())
                    .containsExactly(next);
        }
    }

    @Test
    void afterAMinuteItIsTriedAgain() {
        try (var api = new StubApi(request -> Answer.refusal(403, "SaysTheTest"))) {
            var reasons = new ReasonWriter(new Jobs(api.api()), 1);

            assertThatThrownBy(() -> reasons.write(FIRST, NOW)).isInstanceOf(ApiException.class);

            assertThat(reasons.next(List.of(FIRST, SECOND), NOW.plus(Duration.ofMinutes(1))))
                    .containsExactly(FIRST);
        }
    }

    private static Explanation waits(String name) {
        var spec = new SyncJobSpec("default", "export.order", null, null, null, null, null, null);
        return new Explanation(StubApi.job(name, 1, spec, SyncJobStatus.NEW), Reason.QUEUE_PAUSED, "paused");
    }
}
