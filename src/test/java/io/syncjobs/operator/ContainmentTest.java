package io.syncjobs.operator;

import static org.assertj.core.api.Assertions.assertThat;

import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import io.syncjobs.api.Names;
import io.syncjobs.api.Reason;
import io.syncjobs.api.SyncJob;
import io.syncjobs.api.SyncJobSpec;
import io.syncjobs.api.SyncJobStatus;
import io.syncjobs.core.Statuses;
import io.syncjobs.core.Step;
import io.syncjobs.kube.Jobs;
import io.syncjobs.kube.StubApi;
import io.syncjobs.kube.StubApi.Answer;
import io.syncjobs.kube.StubApi.Request;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Whatever is thrown while one job is handled touches that job alone. */
class ContainmentTest {
    private final StubApi api = new StubApi(Answer::taken);
    private final Metrics metrics = new Metrics(InstantSource.system());
    private final Containment containment = new Containment(new Jobs(api.api()), metrics, InstantSource.system());

    @AfterEach
    void close() {
        api.close();
    }

    @Test
    void anExceptionIsToldOnceAndTriedAgainAfterGrowingPauses() {
        var job = job();
        var pauses = new ArrayList<Long>();
        for (var i = 0; i < 8; i++) {
            pauses.add(containment
                    .handle(job, failing(new IllegalStateException("\u001b[31mred")))
                    .getScheduleDelay()
                    .orElseThrow());
            job.setStatus(toldStatus());
        }

        assertThat(pauses).containsExactly(1_000L, 2_000L, 4_000L, 8_000L, 16_000L, 32_000L, 60_000L, 60_000L);
        assertThat(api.requests(Request::isWrite)).singleElement().satisfies(write -> {
            assertThat(write.field("/status/reason")).isEqualTo("InternalError");
            assertThat(write.field("/status/message"))
                    .contains("IllegalStateException: red")
                    .contains("since ");
        });
        assertThat(metrics.page()).contains("syncjobs_internal_errors_total 8.0");
    }

    @Test
    void aStackThatOverflowsIsContained() {
        assertThat(containment.handle(job(), () -> endless(0)).getScheduleDelay())
                .isPresent();
        assertThat(api.requests(Request::isWrite)).hasSize(1);
    }

    @Test
    void anAssertionIsContained() {
        assertThat(containment.handle(job(), failing(new AssertionError("no"))).getScheduleDelay())
                .isPresent();
    }

    @Test
    void aJobThatCannotBeReadSaysWhat() {
        var job = job();
        job.getMetadata().setAnnotations(new HashMap<>());
        job.getMetadata().getAnnotations().put(Names.UNREADABLE, "spec cannot be read: x");

        containment.handle(job, UpdateControl::noUpdate);

        assertThat(api.requests(Request::isWrite))
                .singleElement()
                .satisfies(write -> assertThat(write.field("/status/message")).contains("spec cannot be read: x"));
    }

    @Test
    void aPartThatFailsIsReplacedByWhatThereIsToSay() {
        assertThat(containment.orElse(job(), "its log", () -> endless(0).toString(), why -> "no log: " + why))
                .startsWith("no log: StackOverflowError");
    }

    private static Supplier<UpdateControl<SyncJob>> failing(RuntimeException error) {
        return () -> {
            throw error;
        };
    }

    private static Supplier<UpdateControl<SyncJob>> failing(Error error) {
        return () -> {
            throw error;
        };
    }

    private static UpdateControl<SyncJob> endless(int depth) {
        return depth < 0 ? UpdateControl.noUpdate() : endless(depth + 1);
    }

    private static SyncJob job() {
        var spec = new SyncJobSpec("default", "export.order", null, null, null, null, null, null);
        return StubApi.job("a", 1, spec, SyncJobStatus.NEW);
    }

    private static SyncJobStatus toldStatus() {
        return Statuses.after(job(), new Step.Explain(Reason.INTERNAL_ERROR, "x"), Instant.EPOCH);
    }
}
