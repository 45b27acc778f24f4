package io.syncjobs.agent;

import static io.syncjobs.agent.TestWorker.JOBS;
import static org.assertj.core.api.Assertions.assertThat;

import io.syncjobs.kube.MemoryApi.Write;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** One worker and its jobs, and what may happen to requests and answers on the way. */
class AgentTest {
    private final TestWorker worker = new TestWorker();

    private static boolean ofStatus(Write write) {
        return write.path().endsWith("/status");
    }

    @Test
    void aJobIsTakenCalledAndReportedInTwoWrites() {
        worker.upWith("a");

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
    void nothingIsKeptOfWhatIsDoneWhicheverIsFasterTheWatchOrTheAnswer() {
        worker.upWith("a");
        worker.answer("a", 200, "");
        worker.agent.left(worker.api.job(JOBS + "a"));
        worker.assign("b");
        worker.run();
        worker.watchIsFaster("b");
        worker.answer("b", 200, "");

        assertThat(worker.state("b")).isEqualTo("Done");
        assertThat(worker.jobs.uids()).isEmpty();
    }

    @Test
    void noMoreAreTakenThanThereAreSlots() {
        worker.upWith("a", "b", "c");
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
        worker.upWith("a");
        worker.api.loseAnswerOf(AgentTest::ofStatus);
        worker.answer("a", 200, "");
        worker.live(Duration.ofSeconds(2));

        assertThat(worker.state("a")).isEqualTo("Done");
        assertThat(worker.status("a").path("history")).hasSize(1);
        assertThat(worker.agent.isIdle()).isTrue();
    }

    @Test
    void aResultIsKeptUntilTheApiServerIsBack() {
        worker.upWith("a");
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
        worker.upWith("a");
        worker.put("a", "{\"metadata\": {\"labels\": {\"shop\": \"eu\"}}}");
        worker.work.clear();
        worker.answer("a", 200, "");

        assertThat(worker.state("a")).isEqualTo("Done");
    }

    @Test
    void aLateResultOfAnAttemptThatMovedOnIsNotWritten() {
        worker.upWith("a");
        worker.put("a", "{\"status\": {\"state\": \"Started\", \"worker\": \"catalogue-7f-2\", \"attempt\": 2}}");
        worker.work.clear();
        worker.answer("a", 200, "{\"sku\": 7}");

        assertThat(worker.state("a")).isEqualTo("Started");
        assertThat(worker.status("a").has("result")).isFalse();
        assertThat(worker.agent.isIdle()).isTrue();
    }

    @Test
    void aJobThatMovedOnIsGivenUpAndKeepsItsSlotUntilTheHandlerAnswers() {
        worker.upWith("a");
        worker.put("a", "{\"status\": {\"worker\": \"catalogue-7f-2\", \"attempt\": 2}}");
        worker.run();
        assertThat(worker.cancels).hasSize(1);
        assertThat(worker.agent.isIdle()).isFalse();

        worker.answer("a", 200, "");
        assertThat(worker.agent.isIdle()).isTrue();
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
        worker.upWith("a");
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

    /**
     * 1. The agent writes that the job is tried again. 2. The operator gives the job to the same worker. 3. The watch tells of
     * both. 4. The answer to the write of step 1 arrives.
     */
    @Test
    void aJobThatComesBackBeforeItsLastWriteIsAnsweredIsTakenAgain() {
        worker.upWith("a");
        worker.api.watch(retried -> {
            worker.agent.left(retried);
            worker.api.watch(again -> worker.agent.changed(again));
            worker.put(
                    "a",
                    "{\"status\": {\"state\": \"Enqueued\", \"attempt\": 2, \"worker\": \"" + TestWorker.POD + "\"}}");
        });
        worker.answer("a", 503, "");

        assertThat(worker.status("a").path("attempt").asInt()).isEqualTo(2);
        assertThat(worker.state("a")).isEqualTo("Started");
        worker.answer("a", 200, "");
        assertThat(worker.state("a")).isEqualTo("Done");
        assertThat(worker.agent.isIdle()).isTrue();
    }

    /** The watch shows that the job is Started after the answer has said that it is Done. */
    @Test
    void aJobThatIsDoneIsNotTakenForOneOfAnEarlierAgentWhenTheWatchIsLate() {
        worker.upWith("a");
        var started = worker.api.job(JOBS + "a");
        worker.api.watch(job -> {});
        worker.answer("a", 200, "");

        worker.agent.changed(started);
        worker.run();

        assertThat(worker.agent.isIdle()).isTrue();
        assertThat(worker.cancels).isEmpty();
        assertThat(worker.calls).hasSize(1);
    }
}
