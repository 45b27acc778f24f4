package io.syncjobs.core.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.client.utils.Serialization;
import io.syncjobs.api.Reason;
import io.syncjobs.api.State;
import io.syncjobs.api.SyncJobStatus;
import io.syncjobs.core.JobFields;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is counted of a write. */
class HappenedTest {
    /** Whoever is woken by losses must not be woken by a drain. */
    @ParameterizedTest
    @CsvSource({"0, 1, true", "2, 3, true", "0, 0, false", "1, 1, false"})
    void aLossIsToldFromOneThatDoesNotCount(int before, int after, boolean counted) {
        var job = Given.job("a");
        job.setStatus(status("Started", before, ""));

        assertThat(Happened.between(job, status("Pending", after, """
                {"attempt": 1, "outcome": "Lost", "finishedTime": "2027-01-31T22:00:00Z"}"""))).containsExactly(new Happened.Lost(counted));
    }

    /** Its outcome is that of the job. */
    @Test
    void theLossThatEndsAJobIsALossToo() {
        var job = Given.with(Given.started("a"), s -> s.workerLosses = 2);
        var end = new Step.End(State.FAILED, Reason.WORKER_LOST, "three", null, null);

        assertThat(Happened.between(job, Statuses.after(job, end, Given.NOW)))
                .contains(new Happened.Lost(true), new Happened.Finished(State.FAILED, "WorkerLost"));
    }

    /** Its outcome is that it was stopped. */
    @Test
    void aRunThatIsStoppedAtItsDeadlineAndRetriedIsARetry() {
        var job = Given.started("a");
        var stop = new Step.Stop(State.PENDING, Reason.RETRY_BACKOFF, "too long", null, Given.NOW);
        var stopping = Given.withStatus(job, Statuses.after(job, stop, Given.NOW));

        assertThat(Happened.between(job, JobFields.statusOf(stopping))).doesNotContain(new Happened.Retried());
        assertThat(Happened.between(stopping, Statuses.after(stopping, new Step.FinishStop(), Given.NOW)))
                .contains(new Happened.Retried());
    }

    /** A worker's own account may write nearly any status of its jobs. */
    @Test
    void whatAWorkerMakesUpMakesNoSeriesAndNoError() {
        var job = Given.job("a");
        job.setStatus(status("Started", 0, ""));
        var odd = Serialization.unmarshal("""
                {"state": "Done", "attempt": 1, "reason": "MadeUp17", "startedTime": "9999-01-01T00:00:00Z",
                 "history": [{"attempt": 1, "worker": "w", "startedTime": "0001-01-01T00:00:00Z"}]}""", SyncJobStatus.class);
        assertThat(Happened.between(job, odd))
                .containsExactly(
                        new Happened.FirstStart(Happened.LONGEST), new Happened.Finished(State.DONE, Happened.OTHER));
    }

    private static SyncJobStatus status(String state, int losses, String history) {
        return Serialization.unmarshal(
                "{\"state\": \"%s\", \"attempt\": 1, \"workerLosses\": %d, \"history\": [%s]}"
                        .formatted(state, losses, history),
                SyncJobStatus.class);
    }
}
