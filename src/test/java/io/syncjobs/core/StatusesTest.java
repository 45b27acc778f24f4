package io.syncjobs.core;

import static io.syncjobs.core.Given.NOW;
import static io.syncjobs.core.Given.QUEUE;
import static io.syncjobs.core.Given.started;
import static io.syncjobs.core.Given.withStatus;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.syncjobs.api.SyncJob;
import io.syncjobs.api.SyncJobStatus.Attempt;
import org.junit.jupiter.api.Test;

/** What a status keeps, however long its job lives. */
class StatusesTest {
    @Test
    void theHistoryKeepsTheLastTenAttempts() {
        var job = started("a");
        for (var attempt = 2; attempt <= 13; attempt++) job = lostAndReserved(job, attempt);

        assertThat(requireNonNull(job.getStatus().history()))
                .extracting(Attempt::attempt)
                .containsExactly(3, 4, 5, 6, 7, 8, 9, 10, 11, 12);
    }

    @Test
    void aLongStoryIsCutInTheHistory() {
        var lost = Statuses.after(started("a"), new Step.Lose(true, "x".repeat(1000), NOW), NOW);

        assertThat(requireNonNull(requireNonNull(lost.history()).getFirst().message()))
                .hasSizeLessThanOrEqualTo(256);
    }

    private static SyncJob lostAndReserved(SyncJob job, int attempt) {
        var lost = withStatus(job, Statuses.after(job, new Step.Lose(true, "drained", NOW), NOW));
        var effective = Policies.effective(job.getSpec(), QUEUE);
        return withStatus(
                lost, Statuses.after(lost, new Step.Reserve(attempt, PodNames.of(job, attempt), effective), NOW));
    }
}
