package io.syncjobs.agent;

import static io.syncjobs.agent.TestWorker.JOBS;
import static org.assertj.core.api.Assertions.assertThat;

import io.syncjobs.core.worker.HandlerAnswer.Broken;
import io.syncjobs.kube.ApiException;
import io.syncjobs.kube.MemoryApi;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** A worker that begins, is cut off, stands still, is shut down, and begins anew. */
class AgentLifeTest {
    private final TestWorker worker = new TestWorker();

    @Test
    void nothingIsTakenBeforeTheLeaseIsHeld() {
        worker.api.setAway(true);
        worker.list();
        worker.api.setAway(false);
        worker.assign("a");
        worker.work.clear();
        worker.agent.changed(worker.api.job(JOBS + "a"));
        worker.run();
        assertThat(worker.state("a")).isEqualTo("Enqueued");

        worker.live(Duration.ofSeconds(2));
        assertThat(worker.state("a")).isEqualTo("Started");
    }

    /** An operator that begins to lead has not seen it renew yet. */
    @Test
    void itRenewsAtOnceWhenItsSilenceIsNotedButNoMoreThanFiveTimesASecond() {
        worker.up().live(Duration.ofSeconds(2));
        var before = worker.lease("/spec/renewTime");
        worker.pulse.unheard();
        worker.pass(Duration.ZERO);
        var after = worker.lease("/spec/renewTime");
        assertThat(after).isGreaterThan(before);

        worker.pulse.unheard();
        worker.pass(Duration.ofMillis(199));
        assertThat(worker.lease("/spec/renewTime")).isEqualTo(after);
        worker.pass(Duration.ofMillis(1));
        assertThat(worker.lease("/spec/renewTime")).isGreaterThan(after);
    }

    /**
     * 1. The API server carries out a renewal. 2. An operator begins and reads the Lease. 3. The watch shows its note. 4. The answer
     * to the renewal arrives.
     */
    @Test
    void aNoteAboutARenewalThatHasNoAnswerYetIsAnsweredByTheNextOne() {
        worker.up().live(Duration.ofSeconds(2));
        worker.now = worker.now.plusSeconds(10);
        worker.agent.tick();
        worker.pulse.unheard();
        worker.run();
        var noted = worker.lease("/spec/renewTime");

        worker.pass(Duration.ofMillis(199));
        assertThat(worker.lease("/spec/renewTime")).isEqualTo(noted);
        worker.pass(Duration.ofMillis(1));
        var answer = worker.lease("/spec/renewTime");
        assertThat(answer).isGreaterThan(noted);
        worker.pass(Duration.ofSeconds(9));
        assertThat(worker.lease("/spec/renewTime")).as("one is enough").isEqualTo(answer);
    }

    /** An API server that is away is not asked more often for that. */
    @Test
    void aRenewalThatFailsIsNotTriedAgainSoonerForANote() {
        worker.up();
        worker.api.setAway(true);
        worker.live(Duration.ofSeconds(12));
        worker.api.setAway(false);
        worker.pulse.unheard();
        var before = worker.lease("/spec/renewTime");
        worker.pass(Duration.ofMillis(500));
        assertThat(worker.lease("/spec/renewTime")).isEqualTo(before);
    }

    /** A rolling update ends an old worker as soon as a new one is ready: jobs must be given to that one by then. */
    @Test
    void itIsReadyOnceItsLeaseSaysSo() {
        worker.handlerReady = false;
        worker.up();
        assertThat(worker.workerState()).isEqualTo("HandlerNotReady");

        worker.handlerReady = true;
        for (var i = 0; i < 30; i++) {
            worker.pass(Duration.ofMillis(50));
            assertThat(worker.pulse.isReady()).isEqualTo(worker.workerState().equals("Ready"));
        }
        assertThat(worker.pulse.isReady()).isTrue();
    }

    @Test
    void aNewStartOfTheAgentGivesBackWhatWasStartedBeforeItShowsLife() {
        worker.upWith("a");
        worker.assign("b", "{\"worker\": null}");
        worker.run();
        var second = new TestWorker(worker.api, "second", "");
        second.now = worker.now.plusSeconds(5);
        second.agent.listed(List.of(worker.api.job(JOBS + "a")));
        second.run();

        assertThat(worker.state("a")).isEqualTo("Pending");
        assertThat(worker.status("a").has("workerLosses")).isFalse();
        assertThat(worker.status("a").path("message").asText()).contains("agent of its worker was restarted");
        assertThat(worker.lease("/spec/holderIdentity")).isEqualTo("first");

        second.pass(Duration.ofSeconds(1));
        assertThat(worker.lease("/spec/holderIdentity")).isEqualTo("second");
        assertThat(worker.lease("/spec/leaseTransitions")).isEqualTo("1");
        // The first one, were it still there, would find out and end.
        worker.api.watch(job -> {});
        worker.pass(Duration.ofSeconds(20));
        assertThat(worker.replaced).isTrue();
    }

    @Test
    void whileItIsShutDownItFinishesWhatItHasAndGivesBackTheRest() {
        worker.upWith("a", "b", "c");
        worker.pulse.drain();
        worker.pass(Duration.ofSeconds(1));
        assertThat(worker.workerState()).isEqualTo("Draining");
        assertThat(worker.state("c")).isEqualTo("Pending");
        assertThat(worker.status("c").has("workerLosses")).isFalse();
        worker.assign("d");
        worker.run();
        assertThat(worker.state("d")).isEqualTo("Pending");

        worker.answer("a", 200, "");
        assertThat(worker.state("a")).isEqualTo("Done");
        worker.live(Duration.ofSeconds(26));

        assertThat(worker.state("b")).isEqualTo("Pending");
        assertThat(worker.status("b").has("workerLosses")).isFalse();
        // The handler may go on until its grace period is over: no other worker begins before.
        assertThat(worker.status("b").path("nextAttemptTime").asText()).isEqualTo("2026-03-01T12:00:30.600Z");
        assertThat(worker.cancels).hasSize(1);
        assertThat(worker.agent.isIdle()).isTrue();
    }

    @Test
    void aClockThatIsSetMeanwhileMakesAShutdownNeitherShorterNorLonger() {
        worker.upWith("a");
        worker.pulse.drain();
        worker.clockIsOff = Duration.ofHours(1);
        worker.live(Duration.ofSeconds(20));
        assertThat(worker.workerState()).isEqualTo("Draining");
        assertThat(worker.state("a")).isEqualTo("Started");

        worker.clockIsOff = Duration.ofHours(-1);
        worker.live(Duration.ofSeconds(6));
        assertThat(worker.state("a")).isEqualTo("Pending");
    }

    /** The kubelet runs the preStop hook also when it restarts one container alone, for example after a failed probe. */
    @Test
    void aWorkerWhoseHandlerAloneWasRestartedTakesJobsAgain() {
        worker.upWith("a");
        worker.pulse.drain();
        worker.answer("a", new Broken("Connection reset"));
        worker.pulse.drainOver();
        worker.handlerReady = false;
        worker.pass(Duration.ofSeconds(1));
        assertThat(worker.workerState()).isEqualTo("Draining");
        worker.handlerReady = true;
        worker.live(Duration.ofSeconds(2));
        assertThat(worker.workerState()).isEqualTo("Ready");

        // Nobody may have seen that it was away.
        worker.pulse.drain();
        worker.pulse.drainOver();
        worker.live(Duration.ofSeconds(40));
        assertThat(worker.workerState()).isEqualTo("Draining");
        worker.live(Duration.ofSeconds(8));
        assertThat(worker.workerState()).isEqualTo("Ready");
    }

    /** A livenessProbe that fails because the job hangs the handler would otherwise have the job run for ever. */
    @Test
    void aJobDuringWhichTheHandlerIsRestartedTwiceCountsAsLostWithIt() {
        worker.upWith("a");
        restartHandler();
        assertThat(worker.state("a")).isEqualTo("Pending");
        assertThat(worker.status("a").has("workerLosses")).isFalse();

        worker.assign("a");
        worker.run();
        restartHandler();
        assertThat(worker.status("a").path("workerLosses").asInt()).isEqualTo(1);
        assertThat(worker.status("a").path("message").asText())
                .contains("its handler alone is being shut down during this job, as once before")
                .contains("livenessProbe");

        worker.assign("a");
        worker.assign("b");
        worker.run();
        restartHandler();
        assertThat(worker.status("a").path("workerLosses").asInt()).isEqualTo(2);
        assertThat(worker.status("b").has("workerLosses")).isFalse();

        worker.assign("a");
        worker.run();
        restartHandler();
        assertThat(worker.state("a")).isEqualTo("Failed");
        assertThat(worker.status("a").path("reason").asText()).isEqualTo("WorkerLost");
    }

    private void restartHandler() {
        worker.pulse.drain();
        worker.run();
        List.copyOf(worker.open.keySet()).forEach(job -> worker.answer(job, new Broken("Connection reset")));
        worker.pulse.drainOver();
        worker.handlerReady = false;
        worker.pass(Duration.ofSeconds(1));
        worker.handlerReady = true;
        worker.live(Duration.ofSeconds(2));
    }

    @Test
    void aWorkerThatIsItselfToldToEndTakesNothingAnyMore() {
        worker.up();
        worker.pulse.drain();
        worker.pulse.drainForGood();
        worker.pulse.drainOver();
        worker.handlerReady = false;
        worker.pass(Duration.ofSeconds(1));
        worker.handlerReady = true;
        worker.live(Duration.ofMinutes(2));

        assertThat(worker.workerState()).isEqualTo("Draining");
    }

    @Test
    void aHandlerThatEndsWhileItsWorkerIsShutDownIsNobodysFault() {
        worker.upWith("a");
        worker.pulse.drain();
        worker.answer("a", new Broken("Connection reset"));

        assertThat(worker.state("a")).isEqualTo("Pending");
        assertThat(worker.status("a").has("workerLosses")).isFalse();
    }

    @Test
    void whoCannotRenewForTwoThirdsOfTheTimeStopsItselfAndListsAnewWhenItCan() {
        worker.upWith("a");
        worker.api.setAway(true);
        worker.live(Duration.ofSeconds(195));
        assertThat(worker.cancels).isEmpty();
        worker.live(Duration.ofSeconds(10));
        assertThat(worker.cancels).hasSize(1);
        assertThat(worker.pulse.isReady()).isFalse();

        // A list of that time is from before the Lease could be renewed: it does not count.
        worker.list();
        worker.api.setAway(false);
        worker.assign("b");
        worker.live(Duration.ofSeconds(3));
        assertThat(worker.state("b")).isEqualTo("Enqueued");
        assertThat(worker.listedAgain).isTrue();
        worker.list();
        worker.pass(Duration.ofSeconds(1));
        assertThat(worker.state("b")).isEqualTo("Started");

        // An error after being told to give up may come from just that; success is success.
        worker.answer("a", 500, "");
        assertThat(worker.state("a")).isEqualTo("Pending");
        assertThat(worker.status("a").path("message").asText()).contains("cut off");
    }

    @Test
    void aListThatTakesLongerThanTheTimeBetweenTwoRenewalsIsNotBegunAnewAtEachOfThem() {
        worker.up();
        worker.api.setAway(true);
        worker.live(Duration.ofSeconds(205));
        worker.api.setAway(false);
        worker.live(Duration.ofSeconds(3));
        assertThat(worker.listedAgain).isTrue();

        worker.listedAgain = false;
        worker.live(Duration.ofSeconds(25));
        assertThat(worker.listedAgain).isFalse();
        worker.api.setAway(true);
        worker.live(Duration.ofSeconds(205));
        worker.api.setAway(false);
        worker.live(Duration.ofSeconds(3));
        assertThat(worker.listedAgain)
                .as("the list may be from before it was cut off again")
                .isTrue();
    }

    /** It does not know that its worker would have given up the call. */
    @Test
    void theErrorOfAHandlerWithoutACancelPathCountsAfterItsWorkerWasCutOff() {
        var silent = new TestWorker(new MemoryApi(), "first", "");
        silent.upWith("a");
        silent.api.setAway(true);
        silent.live(Duration.ofSeconds(205));
        silent.api.setAway(false);
        silent.live(Duration.ofSeconds(3));
        silent.list();
        silent.answer("a", 422, "{}");

        assertThat(silent.state("a")).isEqualTo("Failed");
    }

    @Test
    void aStopAfterTheWorkerWasCutOffIsToldAnewAndWaitsForTheHandler() {
        worker.upWith("a");
        worker.api.setAway(true);
        worker.live(Duration.ofSeconds(205));
        worker.api.setAway(false);
        worker.live(Duration.ofSeconds(3));
        worker.list();
        worker.live(Duration.ofMinutes(5));
        assertThat(worker.cancels).hasSize(1);

        worker.stop("a", "Cancelled");
        worker.live(Duration.ofSeconds(250));

        assertThat(worker.cancels).hasSize(2);
        assertThat(worker.state("a")).isEqualTo("Started");
    }

    @Test
    void aHandlerThatAnswersTheCallBeforeItAnswersWhoToldItToGiveUpIsNotBlamed() {
        worker.up();
        worker.assign("a");
        worker.run();
        worker.whileTold = () -> worker.answer("a", 409, "told to end");
        worker.pulse.drain();
        worker.live(Duration.ofSeconds(26));

        assertThat(worker.cancels).hasSize(1);
        assertThat(worker.state("a")).isEqualTo("Pending");
        assertThat(worker.status("a").has("workerLosses")).isFalse();
    }

    /** The requests that give back its job need a part of the grace period. */
    @Test
    void aHandlerThatDoesNotAnswerWhoTellsItToGiveUpDoesNotKeepItsJobUntilItsPodIsGone() {
        worker.upWith("a");
        worker.hangsWhenTold = true;
        worker.pulse.drain();
        worker.live(Duration.ofSeconds(27));
        assertThat(worker.cancels).hasSize(1);
        assertThat(worker.state("a")).isEqualTo("Started");

        worker.live(Duration.ofSeconds(2));

        assertThat(worker.state("a")).isEqualTo("Pending");
        assertThat(worker.status("a").has("workerLosses")).isFalse();
        assertThat(worker.status("a").path("nextAttemptTime").asText()).isEqualTo("2026-03-01T12:00:30.600Z");
        assertThat(worker.cancels).hasSize(1);
        assertThat(worker.agent.isIdle()).isTrue();
    }

    @Test
    void whoStoodStillPastTheTimeoutCallsNothingBeforeItHasListed() {
        worker.up();
        worker.assign("a");
        // 1. The start is written. 2. The process stands still. 3. It wakes up with the answer.
        worker.work.removeFirst().run();
        worker.work.removeFirst().run();
        worker.now = worker.now.plusSeconds(400);
        worker.run();
        worker.agent.tick();

        assertThat(worker.calls).isEmpty();
    }

    @Test
    void theOperatorsNoteOnTheLeaseDoesNotKeepItFromBeingRenewed() {
        worker.up();
        var before = worker.lease("/spec/renewTime");
        worker.api.put(TestWorker.LEASE, "{\"metadata\": {\"annotations\": {\"syncjobs.io/seen\": \"x\"}}}");
        worker.live(Duration.ofSeconds(11));

        assertThat(worker.lease("/spec/renewTime")).isGreaterThan(before);
        assertThat(worker.lease("/metadata/annotations/syncjobs.io~1seen")).isEqualTo("x");
    }

    /** For example the certificate of the cluster cannot be read for a moment. */
    @Test
    void aRenewalThatFailsForAnUnknownReasonIsNotTheLastOne() {
        worker.up();
        var before = worker.lease("/spec/renewTime");
        worker.api.refuse(write -> Optional.of(new IllegalStateException("the certificate cannot be used")));
        worker.live(Duration.ofSeconds(20));
        worker.api.refuse(write -> Optional.empty());
        worker.live(Duration.ofSeconds(2));

        assertThat(worker.lease("/spec/renewTime")).isGreaterThan(before);
    }

    @Test
    void newsDoNotMakeAWorkerAskMoreOftenWhileTheApiServerIsAway() {
        worker.up();
        var tries = new AtomicInteger();
        worker.api.refuse(write -> {
            tries.incrementAndGet();
            return Optional.of(new ApiException(503, "it is starting"));
        });
        worker.pulse.drain();
        for (var tick = 0; tick < 40; tick++) worker.pass(Duration.ofMillis(250));

        assertThat(tries.get()).isBetween(8, 11);
    }

    @Test
    void aLookAtTheHandlerThatFailsForAnUnknownReasonIsNotTheLastOne() {
        worker.whileAsked = () -> {
            throw new IllegalStateException("no socket");
        };
        worker.up();
        assertThat(worker.workerState()).isEqualTo("HandlerNotReady");
        worker.whileAsked = () -> {};
        worker.live(Duration.ofSeconds(2));

        assertThat(worker.workerState()).isEqualTo("Ready");
    }

    /** It renews its Lease, so without this it would get jobs, and none of them would begin. */
    @Test
    void aWorkerThatCannotWatchItsJobsSaysSo() {
        worker.up();
        worker.pulse.jobsUnseen("syncjobs is forbidden");
        worker.live(Duration.ofSeconds(5));
        worker.pulse.jobsUnseen("syncjobs is forbidden");
        assertThat(worker.workerState()).isEqualTo("Ready");
        worker.live(Duration.ofSeconds(6));
        assertThat(worker.workerState()).isEqualTo("HandlerNotReady");
        assertThat(worker.lease("/metadata/annotations/syncjobs.io~1worker-message"))
                .isEqualTo("its agent cannot watch its jobs: syncjobs is forbidden");

        worker.list();
        worker.live(Duration.ofSeconds(1));
        assertThat(worker.workerState()).isEqualTo("Ready");
    }

    @Test
    void aLoopThatStandsStillShowsNoLife() {
        worker.up();
        var before = worker.lease("/spec/renewTime");
        worker.now = worker.now.plusSeconds(60);
        worker.run();

        assertThat(worker.lease("/spec/renewTime")).isEqualTo(before);
    }
}
