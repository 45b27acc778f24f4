package io.syncjobs.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.syncjobs.core.worker.HandlerAnswer.Broken;
import io.syncjobs.core.worker.HandlerAnswer.NotSent;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** A run that must end, and a handler that is not there. */
class AgentStopTest {
    private final TestWorker worker = new TestWorker();

    @Test
    void aStoppedRunIsToldAndEndsWhenTheHandlerHasAnswered() {
        worker.upWith("a");
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
        worker.upWith("a");
        worker.stop("a", "Failed");
        worker.work.clear();
        worker.answer("a", 200, "");

        assertThat(worker.state("a")).isEqualTo("Failed");
    }

    @Test
    void aHandlerThatNeverAnswersHoldsUpAStopForDeadAfterSeconds() {
        worker.upWith("a");
        worker.stop("a", "Cancelled");
        worker.live(Duration.ofSeconds(290));
        assertThat(worker.state("a")).isEqualTo("Started");

        worker.live(Duration.ofSeconds(20));

        assertThat(worker.state("a")).isEqualTo("Cancelled");
        assertThat(worker.cancels).hasSize(1);
        assertThat(worker.abandoned).containsExactly("a");
    }

    @Test
    void aClockThatIsSetMeanwhileMakesTheWaitForAHandlerNeitherShorterNorLonger() {
        worker.upWith("a");
        worker.stop("a", "Cancelled");
        worker.run();
        worker.clockIsOff = Duration.ofHours(1);
        worker.live(Duration.ofSeconds(290));
        assertThat(worker.state("a")).isEqualTo("Started");

        worker.clockIsOff = Duration.ofHours(-1);
        worker.live(Duration.ofSeconds(20));
        assertThat(worker.state("a")).isEqualTo("Cancelled");
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
        worker.upWith("a", "b");
        worker.delete("a");
        assertThat(worker.cancels).hasSize(1);
        worker.assign("c");
        worker.pass(Duration.ofSeconds(1));
        assertThat(worker.open).containsOnlyKeys("a", "b");
        // Nobody else knows of it, so the Lease says that there is one slot less.
        assertThat(worker.slots()).isEqualTo("1");

        worker.answer("a", 500, "");

        assertThat(worker.open).containsOnlyKeys("b", "c");
        worker.pass(Duration.ofSeconds(1));
        assertThat(worker.slots()).isEqualTo("2");
    }

    /** A server that serves one call at a time accepts nothing meanwhile, and is no worse for it. */
    @Test
    void aHandlerIsNotAskedWhetherItIsThereWhileItWorks() {
        worker.upWith("a");
        var asked = worker.asked;
        worker.handlerReady = false;
        worker.live(Duration.ofSeconds(60));
        assertThat(worker.asked).isEqualTo(asked);
        assertThat(worker.workerState()).isEqualTo("Ready");

        worker.answer("a", 200, "");
        worker.live(Duration.ofSeconds(12));
        assertThat(worker.workerState()).isEqualTo("HandlerNotReady");
    }

    @Test
    void aHandlerThatTakesNoConnectionIsWaitedForAndTheLeaseSaysSo() {
        worker.upWith("a");
        worker.handlerReady = false;
        worker.answer("a", new NotSent("127.0.0.1:8080 accepts no connection"));
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
        worker.upWith("a");
        worker.handlerReady = false;
        worker.answer("a", new NotSent("127.0.0.1:8080 accepts no connection"));
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
        worker.upWith("a", "b");
        worker.handlerReady = false;
        worker.answer("a", new NotSent("127.0.0.1:8080 accepts no connection"));
        worker.answer("b", new NotSent("127.0.0.1:8080 accepts no connection"));
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
        worker.upWith("a");
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
}
