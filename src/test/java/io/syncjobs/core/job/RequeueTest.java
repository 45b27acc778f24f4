package io.syncjobs.core.job;

import static io.syncjobs.core.job.Given.NOW;
import static io.syncjobs.core.job.Given.started;
import static io.syncjobs.core.job.Given.with;
import static org.assertj.core.api.Assertions.assertThat;

import io.syncjobs.api.Reason;
import io.syncjobs.api.State;
import io.syncjobs.api.SyncJob;
import io.syncjobs.core.JobFields;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** When a job runs again. */
class RequeueTest {
    @Test
    void aJobThatWasLostIsDueAtOnceWhateverItsEtaSays() {
        var job = later(started("a"));

        var lost = Given.withStatus(
                job, Statuses.after(job, new Step.RecordLoss(true, Reason.WORKER_DIED, "drained", NOW), NOW));

        assertThat(DueTimes.of(lost)).contains(NOW);
    }

    @Test
    void aRunThatAPersonEndsToRequeueItIsDueAtOnceWhateverItsEtaSays() {
        var job = later(started("a"));
        var force = new Step.Stop(State.PENDING, null, "requeued by a person", null, null);

        assertThat(DueTimes.of(after(job, force, new Step.FinishStop()))).contains(NOW);
    }

    @Test
    void aForcedRequeueDoesNotWaitForTheRetryOfADeadline() {
        var deadline = new Step.Stop(State.PENDING, Reason.RETRY_BACKOFF, "too long", null, NOW.plusSeconds(600));
        var force = new Step.Stop(State.PENDING, null, "requeued by a person", null, null);

        var requeued = after(started("a"), deadline, force, new Step.FinishStop());

        assertThat(DueTimes.of(requeued)).contains(NOW);
        assertThat(JobFields.statusOf(requeued).retries()).isNull();
    }

    @Test
    void aWorkerThatWasQuickerThanTheWatchHasItsStartInTheHistory() {
        var began = NOW.minusSeconds(1);
        var job = with(started("a"), s -> {
            s.state = State.ENQUEUED;
            s.startedTime = null;
        });
        var end = new Step.End(State.DONE, Reason.COMPLETED, "done", null, null, began);

        var history = JobFields.statusOf(after(job, end)).history();

        assertThat(history)
                .singleElement()
                .satisfies(attempt -> assertThat(attempt.startedTime()).isEqualTo(began));
    }

    private static SyncJob after(SyncJob job, Step.Change... steps) {
        var now = job;
        for (var step : steps) now = Given.withStatus(now, Statuses.after(now, step, NOW));
        return now;
    }

    private static SyncJob later(SyncJob job) {
        var spec = Given.spec(null, Instant.parse("2099-01-01T00:00:00Z").toString(), null);
        job.setSpec(spec);
        return job;
    }
}
