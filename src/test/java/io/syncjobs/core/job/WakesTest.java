package io.syncjobs.core.job;

import static io.syncjobs.core.job.Given.NOW;
import static io.syncjobs.core.job.Given.annotated;
import static io.syncjobs.core.job.Given.enqueued;
import static io.syncjobs.core.job.Given.failed;
import static io.syncjobs.core.job.Given.job;
import static io.syncjobs.core.job.Given.started;
import static io.syncjobs.core.job.Given.with;
import static org.assertj.core.api.Assertions.assertThat;

import io.syncjobs.api.Names;
import io.syncjobs.api.State;
import io.syncjobs.api.SyncJob;
import io.syncjobs.api.SyncJobStatus.Stop;
import io.syncjobs.api.SyncQueueSpec;
import org.junit.jupiter.api.Test;

/** Which jobs wake the reconciler when they change: there may be 100,000 that need not. */
class WakesTest {
    private static final SyncQueueSpec WARM = new SyncQueueSpec(1, null, null, null, null, "magento");

    @Test
    void aJobThatOnlyWaitsWakesNobody() {
        assertThat(Lifecycle.wakes(job("a"))).isFalse();
        assertThat(Lifecycle.wakes(annotated(job("a"), Names.CANCEL, "no longer wanted")))
                .isTrue();
    }

    @Test
    void aJobThatHasOrHadPodsOfItsOwnWakes() {
        assertThat(Lifecycle.wakes(enqueued("a"))).isTrue();
        assertThat(Lifecycle.wakes(started("a"))).isTrue();
        assertThat(Lifecycle.wakes(failed("a")))
                .as("its pod is still to be deleted")
                .isTrue();
    }

    @Test
    void aJobThatAWorkerHasIsLeftToTheWorker() {
        assertThat(Lifecycle.wakes(warm(started("a")))).isFalse();
        assertThat(Lifecycle.wakes(warm(enqueued("a")))).isFalse();
        assertThat(Lifecycle.wakes(warm(failed("a"))))
                .as("there is no pod of it")
                .isFalse();
    }

    @Test
    void exceptWhereTheWorkerCannotDoIt() {
        var running = warm(started("a"));
        var stopped = with(running, s -> s.stop = new Stop(State.CANCELLED, "CancelledByUser", "no", NOW));
        assertThat(Lifecycle.wakes(stopped)).isTrue();
        assertThat(Lifecycle.wakes(with(running, s -> s.worker = null)))
                .as("nobody has it")
                .isTrue();
        assertThat(Lifecycle.wakes(annotated(running, Names.CANCEL, "no"))).isTrue();
        var deleted = warm(started("a"));
        deleted.getMetadata().setDeletionTimestamp(NOW.toString());
        assertThat(Lifecycle.wakes(deleted)).isTrue();
    }

    private static SyncJob warm(SyncJob job) {
        return with(job, s -> s.effective = Policies.effective(job.getSpec(), WARM));
    }
}
