package io.syncjobs.core.job;

import static io.syncjobs.core.job.Given.NOW;
import static io.syncjobs.core.job.Given.SETTINGS;
import static io.syncjobs.core.job.Given.deleting;
import static io.syncjobs.core.job.Given.enqueued;
import static io.syncjobs.core.job.Given.marked;
import static io.syncjobs.core.job.Given.pod;
import static io.syncjobs.core.job.Given.running;
import static io.syncjobs.core.job.Given.seen;
import static io.syncjobs.core.job.Given.started;
import static io.syncjobs.core.job.Given.waiting;
import static io.syncjobs.core.job.Given.with;
import static org.assertj.core.api.Assertions.assertThat;

import io.syncjobs.api.Reason;
import io.syncjobs.api.State;
import io.syncjobs.api.SyncJob;
import io.syncjobs.api.SyncJobStatus.Stop;
import io.syncjobs.core.Limits;
import io.syncjobs.core.Text;
import io.syncjobs.core.blame.Verdict;
import io.syncjobs.core.job.Step.Inspect.Subject;
import io.syncjobs.core.run.Refusals;
import io.syncjobs.core.run.Reservation;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Nobody is blamed for a time in which nobody watched. */
class PatienceTest {
    private static final Duration DAY = Duration.ofDays(1);
    private static final Verdict WEBHOOK = Refusals.of(List.of("500"), "failed calling webhook \"mesh.example\": EOF");
    private static final String TOLD = Text.withAdvice(
            "the API server did not create the pod: webhook",
            WEBHOOK.whileItGoesOn(seen(enqueued("a")).scene("")));

    @Test
    void aPodThatWaitedThroughAnOutageGetsItsTimeToStartAnew() {
        var job = with(enqueued("a"), s -> s.enqueuedTime = NOW.minus(DAY));
        var seen = seen(job, pod(job, waiting("ContainerCreating")));

        assertThat(Lifecycle.next(seen)).isInstanceOf(Step.Stop.class);
        assertThat(Lifecycle.next(since(NOW.minusSeconds(5), seen))).isInstanceOf(Step.Wait.class);
        var over = NOW.minus(SETTINGS.podStart());
        assertThat(Lifecycle.next(since(over, seen))).isInstanceOf(Step.Stop.class);
    }

    @Test
    void aRunThatMayHaveEndedInTimeIsNotStoppedBeforeItsNodeCouldTell() {
        var job = with(started("a"), s -> s.startedTime = NOW.minus(DAY));
        var seen = seen(job, pod(job, running()));

        assertThat(Lifecycle.next(since(NOW.minusSeconds(1), seen))).isInstanceOf(Step.Wait.class);
        assertThat(Lifecycle.next(since(NOW.minus(Limits.NEWS), seen))).isInstanceOf(Step.Stop.class);
        assertThat(Lifecycle.next(seen.with(Inspected.NOTHING)))
                .as("a fresh look before it is stopped")
                .isEqualTo(seen.lookAt(Subject.POD));
    }

    @Test
    void aRunIsToldToEndBeforeItIsGivenUp() {
        var job = with(started("a"), s -> s.stop = new Stop(State.CANCELLED, "CancelledByUser", "no", NOW.minus(DAY)));
        var pod = pod(job, running());

        assertThat(Lifecycle.next(since(NOW.minusSeconds(1), seen(job, pod)))).isEqualTo(new Step.DeletePod(pod));
        var told = deleting(pod, NOW.minusSeconds(1), Duration.ofSeconds(30));
        assertThat(Lifecycle.next(seen(job, told))).isInstanceOf(Step.Wait.class);
        assertThat(Lifecycle.next(since(NOW.minus(SETTINGS.deadAfter()), seen(job, pod))))
                .as("one that cannot be deleted")
                .isEqualTo(new Step.FinishStop());
    }

    @Test
    void aNodeIsNotCalledSilentForAnOutageOfOurOwn() {
        var job = started("a");
        var told = deleting(pod(job, running()), NOW.minus(DAY), Duration.ofSeconds(30));

        assertThat(Lifecycle.next(since(NOW.minusSeconds(1), seen(job, told)))).isInstanceOf(Step.Wait.class);
        assertThat(Lifecycle.next(since(NOW.minus(Limits.NODE_SILENT), seen(job, told))))
                .isInstanceOf(Step.RecordLoss.class);
    }

    @Test
    void aDrainIsPlannedAlsoWhereItsNodeFallsSilentAndASilentNodeIsNot() {
        var job = started("a");
        var told = deleting(pod(job, running()), NOW.minus(DAY), Duration.ofSeconds(30));

        assertThat(Lifecycle.next(seen(job, marked(told, "EvictionByEvictionAPI"))))
                .isInstanceOfSatisfying(
                        Step.RecordLoss.class,
                        lose -> assertThat(lose.planned()).isTrue());
        assertThat(Lifecycle.next(seen(job, marked(told, "DeletionByTaintManager"))))
                .isInstanceOfSatisfying(
                        Step.RecordLoss.class,
                        lose -> assertThat(lose.planned()).isFalse());
    }

    @Test
    void aPodOfWhichNobodyKnowsWhetherItWasCreatedIsNotCreatedAgainButTheNextIs() {
        var pause = Duration.ofSeconds(5);
        var unsure = new Reservation.Unsure(WEBHOOK, "webhook", pause, NOW.plus(pause));

        assertThat(Lifecycle.next(seen(enqueued("a"), unsure)))
                .isEqualTo(new Step.Explain(Reason.POD_NOT_CREATED, TOLD));
        var told = told(TOLD);
        assertThat(Lifecycle.next(seen(told, unsure))).isInstanceOf(Step.Wait.class);
        var due = new Reservation.Unsure(WEBHOOK, "webhook", pause, NOW);
        assertThat(Lifecycle.next(seen(told, due)))
                .isInstanceOfSatisfying(
                        Step.Reserve.class,
                        reserve -> assertThat(reserve.attempt()).isEqualTo(2));
        assertThat(Refusals.nextWait(new Reservation.Mine(pause))).isEqualTo(pause.multipliedBy(2));
        var late = with(told, s -> s.enqueuedTime = NOW.minus(SETTINGS.podStart()));
        assertThat(Lifecycle.next(seen(late, due)))
                .isInstanceOfSatisfying(
                        Step.End.class, end -> assertThat(end.reason()).isEqualTo(Reason.POD_NEVER_STARTED));
    }

    private static SyncJob told(String words) {
        return with(enqueued("a"), s -> {
            s.reason = "PodNotCreated";
            s.message = words;
            s.reasonTime = NOW;
        });
    }

    private static Observation since(Instant watching, Observation seen) {
        return new Observation(
                seen.job(),
                seen.queue(),
                seen.pods(),
                seen.run(),
                seen.inspected(),
                seen.settings(),
                watching,
                seen.now());
    }
}
