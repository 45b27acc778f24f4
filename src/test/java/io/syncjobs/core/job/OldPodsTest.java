package io.syncjobs.core.job;

import static io.syncjobs.core.job.Given.NOW;
import static io.syncjobs.core.job.Given.SETTINGS;
import static io.syncjobs.core.job.Given.enqueued;
import static io.syncjobs.core.job.Given.exit;
import static io.syncjobs.core.job.Given.exitAt;
import static io.syncjobs.core.job.Given.failed;
import static io.syncjobs.core.job.Given.job;
import static io.syncjobs.core.job.Given.pod;
import static io.syncjobs.core.job.Given.running;
import static io.syncjobs.core.job.Given.seen;
import static io.syncjobs.core.job.Given.slowlyTold;
import static io.syncjobs.core.job.Given.started;
import static io.syncjobs.core.job.Given.waiting;
import static io.syncjobs.core.job.Given.with;
import static io.syncjobs.core.job.Given.withStatus;
import static org.assertj.core.api.Assertions.assertThat;

import io.syncjobs.api.State;
import io.syncjobs.api.SyncJobStatus;
import io.syncjobs.core.JobFields;
import io.syncjobs.core.Limits;
import io.syncjobs.core.run.PodNames;
import io.syncjobs.core.run.Reservation;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Pods that are not at work, or no longer: of other attempts, ended, or never begun. */
class OldPodsTest {
    private static final String SHORT = "The node had condition: [MemoryPressure]. ";

    /** A node that is short of something refuses each pod at once, for as long as it is. */
    @Test
    void aJobThatIsEvictedBeforeItRunsComesBackLaterEachTime() {
        var job = enqueued("a");
        var waits = new ArrayList<Duration>();
        for (var i = 0; i < 7; i++) {
            var refused = Given.ended(pod(job, waiting("")), "Evicted", SHORT);
            var lose = next(Step.RecordLoss.class, seen(job, refused));
            waits.add(Duration.between(NOW, lose.notBefore()));
            job = with(withStatus(job, Statuses.after(job, lose, NOW)), s -> {
                s.state = State.ENQUEUED;
                s.worker = PodNames.of(job("a"), 1);
            });
        }

        assertThat(waits.stream().map(Duration::toSeconds)).containsExactly(5L, 10L, 20L, 40L, 60L, 60L, 60L);
        assertThat(JobFields.statusOf(job).workerLosses()).isNull();
    }

    /** What went wrong before the last run that went well, or failed by itself, is over. */
    @Test
    void onlyLossesInARowMakeAJobComeBackLater() {
        var job = with(enqueued("a"), s -> s.history = List.of(attempt(1, "Lost"), attempt(2, "Failed")));

        var lose = next(Step.RecordLoss.class, seen(job, Given.ended(pod(job, waiting("")), "Evicted", SHORT)));

        assertThat(lose.notBefore()).isEqualTo(NOW.plus(Limits.POD_REFUSED_FIRST));
    }

    private static SyncJobStatus.Attempt attempt(int number, String outcome) {
        return new SyncJobStatus.Attempt(
                number, "a-" + number, NOW, NOW, outcome, "WorkerDied", "it went away", null, null);
    }

    /** Its log would be empty; the last one tells why there is no result. */
    @Test
    void anEndedPodThatNeverBeganGoesAtOnceAndTheLastOneStays() {
        var job = with(failed("a"), s -> s.attempt = 2);
        var first = Given.ended(pod("a-1-old", 1, waiting("")), "UnexpectedAdmissionError", "no room");
        var last = Given.ended(pod("a-2-new", 2, waiting("")), "UnexpectedAdmissionError", "no room");

        assertThat(Lifecycle.next(seen(job, last, first))).isEqualTo(new Step.DeletePod(first));
        assertThat(Lifecycle.next(seen(job, last))).isInstanceOf(Step.Wait.class);
    }

    @Test
    void aLivingPodOfAnEarlierAttemptIsDeleted() {
        var job = with(started("a"), s -> {
            s.attempt = 2;
            s.worker = "a-2-new";
        });
        var old = pod("a-1-old", 1, running());

        assertThat(Lifecycle.next(seen(job, pod("a-2-new", 2, running()), old))).isEqualTo(new Step.DeletePod(old));
    }

    @Test
    void aPodOfALaterAttemptShowsThatWhatIsKnownOfTheJobIsOldAndStays() {
        var job = started("a");
        var next = pod("a-2-next", 2, running());

        assertThat(Lifecycle.next(seen(job, pod(job, running()), next))).isInstanceOf(Step.Wait.class);
        assertThat(Lifecycle.next(seen(failed("a"), next))).isInstanceOf(Step.Wait.class);
    }

    @Test
    void anOldPodThatCannotBeDeletedDoesNotHoldUpTheNextAttempt() {
        var job = with(enqueued("a"), s -> {
            s.attempt = 2;
            s.worker = "a-2-new";
        });
        var old = pod("a-1-old", 1, exitAt(NOW.minus(SETTINGS.failedPod())));

        assertThat(Lifecycle.next(seen(job, new Reservation.Mine(Duration.ZERO), old)))
                .isInstanceOf(Step.CreatePod.class);
    }

    @Test
    void whatRunsOnBesideAWorkerThatHasEndedIsEnded() {
        var job = with(failed("a"), s -> s.state = State.DONE);
        var pod = slowlyTold(pod(job, exit(0)), true);

        assertThat(next(Step.Wait.class, seen(job, pod)).lookAgain())
                .contains(NOW.minusSeconds(1).plus(Limits.OTHERS_END));
    }

    /** Its log is wanted: a node under load tells the end of the pod long after that of its only container. */
    @Test
    void aPodOfWhichNothingRunsOnIsKeptForItsTimeWhateverItsPhase() {
        var job = with(failed("a"), s -> s.state = State.DONE);
        var pod = slowlyTold(pod(job, exit(0)), false);

        assertThat(next(Step.Wait.class, seen(job, pod)).lookAgain())
                .contains(NOW.minusSeconds(1).plus(SETTINGS.donePod()));
    }

    @Test
    void anEndedPodIsKeptForItsTime() {
        var job = with(failed("a"), s -> s.state = State.DONE);
        var pod = pod(job, exit(0));

        assertThat(next(Step.Wait.class, seen(job, pod)).lookAgain())
                .contains(NOW.minusSeconds(1).plus(SETTINGS.donePod()));
        assertThat(next(Step.Wait.class, seen(failed("a"), pod)).lookAgain())
                .contains(NOW.minusSeconds(1).plus(SETTINGS.failedPod()));
    }

    private static <T extends Step> T next(Class<T> kind, Observation seen) {
        var step = Lifecycle.next(seen);
        assertThat(step).isInstanceOf(kind);
        return kind.cast(step);
    }
}
