package io.syncjobs.agent;

import static io.syncjobs.agent.TestWorker.JOBS;
import static org.assertj.core.api.Assertions.assertThat;

import io.syncjobs.core.worker.HandlerAnswer.Broken;
import io.syncjobs.core.worker.HandlerAnswer.NotSent;
import io.syncjobs.kube.MemoryApi.Write;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** One worker, and what may happen to it and around it. */
class AgentTest {
    private final TestWorker worker = new TestWorker();

    private static boolean ofStatus(Write write) {
        return write.path().endsWith("/status");
    }

    @Test
    void aJobIsTakenCalledAndReportedInTwoWrites() {
        worker.up();
        worker.assign("a");
        worker.run();

        assertThat(worker.state("a")).isEqualTo("Started");
        assertThat(worker.calls).singleElement().satisfies(call -> {
            assertThat(call.path()).isEqualTo("/jobs");
            assertThat(call.body()).isEqualTo("{\"order\":1042}");
            assertThat(call.headers())
                    .containsEntry("Idempotency-Key", "uid-a-0")
                    .containsEntry("SyncJob-Attempt", "1")
                    .containsEntry("ce-id", "uid-a-1");
        });

        worker.answer("a", 200, "{\"sku\": 7}");

        assertThat(worker.state("a")).isEqualTo("Done");
        assertThat(worker.status("a").at("/result/sku").asInt()).isEqualTo(7);
        assertThat(worker.api.writes()).filteredOn(AgentTest::ofStatus).hasSize(2);
        assertThat(worker.agent.isIdle()).isTrue();
    }

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

    @Test
    void noMoreAreTakenThanThereAreSlots() {
        worker.up();
        worker.assign("a");
        worker.assign("b");
        worker.assign("c");
        worker.run();
        assertThat(worker.open).containsOnlyKeys("a", "b");

        worker.answer("a", 200, "");

        assertThat(worker.open).containsOnlyKeys("b", "c");
    }

    @Test
    void aStartWhoseAnswerIsLostIsCalledOnce() {
        worker.up();
        worker.api.loseAnswerOf(AgentTest::ofStatus);
        worker.assign("a");
        worker.live(Duration.ofSeconds(2));

        assertThat(worker.calls).hasSize(1);
        worker.answer("a", 200, "");
        assertThat(worker.state("a")).isEqualTo("Done");
    }

    @Test
    void aResultWhoseAnswerIsLostIsWrittenOnce() {
        worker.up();
        worker.assign("a");
        worker.run();
        worker.api.loseAnswerOf(AgentTest::ofStatus);
        worker.answer("a", 200, "");
        worker.live(Duration.ofSeconds(2));

        assertThat(worker.state("a")).isEqualTo("Done");
        assertThat(worker.status("a").path("history")).hasSize(1);
        assertThat(worker.agent.isIdle()).isTrue();
    }

    @Test
    void aResultIsKeptUntilTheApiServerIsBack() {
        worker.up();
        worker.assign("a");
        worker.run();
        worker.api.setAway(true);
        worker.answer("a", 200, "{\"sku\": 7}");
        worker.live(Duration.ofSeconds(60));
        assertThat(worker.state("a")).isEqualTo("Started");

        worker.api.setAway(false);
        worker.live(Duration.ofSeconds(11));

        assertThat(worker.state("a")).isEqualTo("Done");
        assertThat(worker.status("a").at("/result/sku").asInt()).isEqualTo(7);
    }

    @Test
    void aChangeOfMetadataDoesNotKeepAResultFromBeingWritten() {
        worker.up();
        worker.assign("a");
        worker.run();
        worker.put("a", "{\"metadata\": {\"labels\": {\"shop\": \"eu\"}}}");
        worker.work.clear();
        worker.answer("a", 200, "");

        assertThat(worker.state("a")).isEqualTo("Done");
    }

    @Test
    void aLateResultOfAnAttemptThatMovedOnIsNotWritten() {
        worker.up();
        worker.assign("a");
        worker.run();
        worker.put("a", "{\"status\": {\"state\": \"Started\", \"worker\": \"catalogue-7f-2\", \"attempt\": 2}}");
        worker.work.clear();
        worker.answer("a", 200, "{\"sku\": 7}");

        assertThat(worker.state("a")).isEqualTo("Started");
        assertThat(worker.status("a").has("result")).isFalse();
        assertThat(worker.agent.isIdle()).isTrue();
    }

    @Test
    void aJobThatMovedOnIsGivenUpAndKeepsItsSlotUntilTheHandlerAnswers() {
        worker.up();
        worker.assign("a");
        worker.run();
        worker.put("a", "{\"status\": {\"worker\": \"catalogue-7f-2\", \"attempt\": 2}}");
        worker.run();
        assertThat(worker.cancels).hasSize(1);
        assertThat(worker.agent.isIdle()).isFalse();

        worker.answer("a", 200, "");
        assertThat(worker.agent.isIdle()).isTrue();
    }

    @Test
    void aStoppedRunIsToldAndEndsWhenTheHandlerHasAnswered() {
        worker.up();
        worker.assign("a");
        worker.run();
        worker.stop("a", "Cancelled");
        worker.run();
        assertThat(worker.cancels).singleElement().satisfies(call -> {
            assertThat(call.path()).isEqualTo("/cancel");
            assertThat(call.headers()).containsEntry("SyncJob-Name", "a");
        });
        assertThat(worker.state("a")).isEqualTo("Started");

        worker.answer("a", 200, "{\"sku\": 7}");

        assertThat(worker.state("a")).isEqualTo("Cancelled");
        assertThat(worker.status("a").has("result")).isFalse();
        assertThat(worker.status("a").has("stop")).isFalse();
    }

    @Test
    void aStopThatComesBetweenAnswerAndReportIsObeyed() {
        worker.up();
        worker.assign("a");
        worker.run();
        worker.stop("a", "Failed");
        worker.work.clear();
        worker.answer("a", 200, "");

        assertThat(worker.state("a")).isEqualTo("Failed");
    }

    @Test
    void aHandlerThatNeverAnswersHoldsUpAStopForDeadAfterSeconds() {
        worker.up();
        worker.assign("a");
        worker.run();
        worker.stop("a", "Cancelled");
        worker.live(Duration.ofSeconds(290));
        assertThat(worker.state("a")).isEqualTo("Started");

        worker.live(Duration.ofSeconds(20));

        assertThat(worker.state("a")).isEqualTo("Cancelled");
        assertThat(worker.cancels).hasSize(1);
    }

    @Test
    void anEnqueuedJobThatIsStoppedIsNotStarted() {
        worker.handlerReady = false;
        worker.up();
        worker.assign("a");
        worker.stop("a", "Cancelled");
        worker.run();

        assertThat(worker.state("a")).isEqualTo("Cancelled");
        assertThat(worker.calls).isEmpty();
    }

    @Test
    void aDeletedJobIsGivenUpAndItsSlotIsFreeWhenTheHandlerHasAnswered() {
        worker.up();
        worker.assign("a");
        worker.assign("b");
        worker.run();
        worker.delete("a");
        assertThat(worker.cancels).hasSize(1);
        worker.assign("c");
        worker.run();
        assertThat(worker.open).containsOnlyKeys("a", "b");

        worker.answer("a", 500, "");

        assertThat(worker.open).containsOnlyKeys("b", "c");
    }

    @Test
    void aHandlerThatTakesNoConnectionIsWaitedForAndTheLeaseSaysSo() {
        worker.up();
        worker.assign("a");
        worker.run();
        worker.handlerReady = false;
        worker.answer("a", new NotSent("127.0.0.1:8080 takes no connection"));
        worker.live(Duration.ofSeconds(5));
        assertThat(worker.workerState()).isEqualTo("HandlerNotReady");
        assertThat(worker.state("a")).isEqualTo("Started");

        worker.handlerReady = true;
        worker.live(Duration.ofSeconds(2));

        assertThat(worker.workerState()).isEqualTo("Ready");
        worker.answer("a", 200, "");
        assertThat(worker.state("a")).isEqualTo("Done");
    }

    @Test
    void aJobThatFindsNoHandlerForAMinuteIsGivenBackUncounted() {
        worker.up();
        worker.assign("a");
        worker.run();
        worker.handlerReady = false;
        worker.answer("a", new NotSent("127.0.0.1:8080 takes no connection"));
        worker.assign("b");
        worker.live(Duration.ofSeconds(61));

        for (var name : new String[] {"a", "b"}) {
            assertThat(worker.state(name)).isEqualTo("Pending");
            assertThat(worker.status(name).path("reason").asText()).isEqualTo("HandlerNotReady");
            assertThat(worker.status(name).path("message").asText()).contains("port 8080", "SyncWorkerPool catalogue");
            assertThat(worker.status(name).has("workerLosses")).isFalse();
        }
    }

    @Test
    void aStopAndAShutdownWaitForNoHandlerThatIsNotThere() {
        worker.up();
        worker.assign("a");
        worker.assign("b");
        worker.run();
        worker.handlerReady = false;
        worker.answer("a", new NotSent("127.0.0.1:8080 takes no connection"));
        worker.answer("b", new NotSent("127.0.0.1:8080 takes no connection"));
        worker.stop("a", "Cancelled");
        worker.run();
        assertThat(worker.state("a")).isEqualTo("Cancelled");

        worker.pulse.drain();
        worker.pass(Duration.ofSeconds(1));
        assertThat(worker.state("b")).isEqualTo("Pending");
        assertThat(worker.status("b").has("workerLosses")).isFalse();
        assertThat(worker.agent.isIdle()).isTrue();
    }

    @Test
    void aStopOfWhatAnAgentBeforeHadStartedIsObeyed() {
        worker.assign("a", "{\"state\": \"Started\"}");
        worker.stop("a", "Failed");
        worker.up();

        assertThat(worker.cancels).hasSize(1);
        assertThat(worker.state("a")).isEqualTo("Failed");
    }

    @Test
    void aCallThatBreaksIsALostAttemptAndTheThirdEndsTheJob() {
        worker.up();
        worker.assign("a");
        worker.run();
        worker.answer("a", new Broken("Connection reset"));
        assertThat(worker.state("a")).isEqualTo("Pending");
        assertThat(worker.status("a").path("workerLosses").asInt()).isEqualTo(1);
        assertThat(worker.status("a").path("reason").asText()).isEqualTo("WorkerDied");

        worker.assign("b", "{\"attempt\": 3, \"workerLosses\": 2}");
        worker.run();
        worker.answer("b", new Broken("Connection reset"));
        assertThat(worker.state("b")).isEqualTo("Failed");
        assertThat(worker.status("b").path("reason").asText()).isEqualTo("WorkerLost");
    }

    @Test
    void aNewStartOfTheAgentGivesBackWhatWasStartedBeforeItShowsLife() {
        worker.up();
        worker.assign("a");
        worker.run();
        worker.assign("b", "{\"worker\": null}");
        worker.run();
        var second = new TestWorker(worker.api, "second", "");
        second.now = worker.now.plusSeconds(5);
        second.agent.listed(List.of(worker.api.job(JOBS + "a")));
        second.run();

        assertThat(worker.state("a")).isEqualTo("Pending");
        assertThat(worker.status("a").has("workerLosses")).isFalse();
        assertThat(worker.status("a").path("message").asText()).contains("started anew");
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
        worker.up();
        worker.assign("a");
        worker.assign("b");
        worker.assign("c");
        worker.run();
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
    void aHandlerThatEndsWhileItsWorkerIsShutDownIsNobodysFault() {
        worker.up();
        worker.assign("a");
        worker.run();
        worker.pulse.drain();
        worker.answer("a", new Broken("Connection reset"));

        assertThat(worker.state("a")).isEqualTo("Pending");
        assertThat(worker.status("a").has("workerLosses")).isFalse();
    }

    @Test
    void whoCannotRenewForTwoThirdsOfTheTimeStopsItselfAndListsAnewWhenItCan() {
        worker.up();
        worker.assign("a");
        worker.run();
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

    @Test
    void aLoopThatStandsStillShowsNoLife() {
        worker.up();
        var before = worker.lease("/spec/renewTime");
        worker.now = worker.now.plusSeconds(60);
        worker.run();

        assertThat(worker.lease("/spec/renewTime")).isEqualTo(before);
    }

    @Test
    void jobsThatRunInPodsOfTheirOwnAreNoneOfIts() {
        worker.up();
        worker.assign("a", "{\"effective\": {\"workerPool\": null}}");
        worker.run();

        assertThat(worker.state("a")).isEqualTo("Enqueued");
        assertThat(worker.agent.isIdle()).isTrue();
    }

    @Test
    void aJobThatComesBackAsTheNextAttemptIsTakenAgain() {
        worker.up();
        worker.assign("a");
        worker.run();
        worker.put("a", "{\"status\": {\"state\": \"Enqueued\", \"attempt\": 2}}");
        worker.run();
        assertThat(worker.state("a")).isEqualTo("Enqueued");
        worker.answer("a", 200, "");

        assertThat(worker.state("a")).isEqualTo("Started");
        assertThat(worker.calls).hasSize(2);
        worker.answer("a", 200, "");
        assertThat(worker.state("a")).isEqualTo("Done");
        assertThat(worker.status("a").at("/history/0/attempt").asInt()).isEqualTo(2);
    }
}
