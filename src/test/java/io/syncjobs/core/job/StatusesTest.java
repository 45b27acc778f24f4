package io.syncjobs.core.job;

import static io.syncjobs.core.job.Given.NOW;
import static io.syncjobs.core.job.Given.QUEUE;
import static io.syncjobs.core.job.Given.enqueued;
import static io.syncjobs.core.job.Given.started;
import static io.syncjobs.core.job.Given.withStatus;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Condition;
import io.syncjobs.api.Reason;
import io.syncjobs.api.State;
import io.syncjobs.api.SyncJob;
import io.syncjobs.api.SyncJobStatus.Attempt;
import io.syncjobs.core.run.PodNames;
import java.util.List;
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
        var lost =
                Statuses.after(started("a"), new Step.RecordLoss(true, Reason.WORKER_DIED, "x".repeat(1000), NOW), NOW);

        assertThat(requireNonNull(requireNonNull(lost.history()).getFirst().message()))
                .hasSizeLessThanOrEqualTo(256);
    }

    @Test
    void whateverItsEndAJobIsFinishedForKubectlWaitUntilItIsRequeued() {
        for (var state : List.of(State.DONE, State.FAILED, State.CANCELLED)) {
            var end = new Step.End(state, Reason.JOB_FAILED, "over", null, null);
            var ended = withStatus(started("a"), Statuses.after(started("a"), end, NOW));

            assertThat(requireNonNull(ended.getStatus().conditions()))
                    .filteredOn(condition -> condition.getStatus().equals("True"))
                    .allSatisfy(condition ->
                            assertThat(condition.getObservedGeneration()).isEqualTo(1))
                    .extracting(Condition::getType)
                    .contains("Finished")
                    .containsExactlyElementsOf(
                            switch (state) {
                                case DONE -> List.of("Complete", "Finished");
                                case FAILED -> List.of("Failed", "Finished");
                                default -> List.of("Finished");
                            });
            assertThat(Statuses.after(ended, new Step.Requeue(), NOW).conditions())
                    .isNull();
        }
    }

    @Test
    void aRunningJobSaysHowToReadItsLog() {
        var status = Statuses.after(enqueued("a"), new Step.Start(NOW, "worker"), NOW);

        assertThat(status.reason()).isNull();
        assertThat(status.message()).endsWith("kubectl logs -n shop " + status.worker() + " -c worker");
    }

    @Test
    void aReservationEndsTheWaitForAnOperatorAndKeepsEveryOtherReason() {
        var effective = Policies.effective(enqueued("a").getSpec(), QUEUE);
        var reserve = new Step.Reserve(1, "a-1-x", effective);
        for (var reason : List.of(Reason.OPERATOR_NOT_RUNNING, Reason.POD_REFUSED)) {
            var told = Statuses.after(enqueued("a"), new Step.Explain(reason, "said before"), NOW);

            var status = Statuses.after(withStatus(enqueued("a"), told), reserve, NOW);

            assertThat(status.reason()).isEqualTo(reason == Reason.POD_REFUSED ? reason.toString() : null);
        }
    }

    private static SyncJob lostAndReserved(SyncJob job, int attempt) {
        var lost = withStatus(
                job, Statuses.after(job, new Step.RecordLoss(true, Reason.WORKER_DIED, "drained", NOW), NOW));
        var effective = Policies.effective(job.getSpec(), QUEUE);
        return withStatus(
                lost, Statuses.after(lost, new Step.Reserve(attempt, PodNames.of(job, attempt), effective), NOW));
    }
}
