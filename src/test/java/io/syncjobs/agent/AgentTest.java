package io.syncjobs.agent;

import static io.syncjobs.agent.TestWorker.JOBS;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.syncjobs.api.RawJson;
import io.syncjobs.api.SyncJob;
import io.syncjobs.core.worker.HandlerAnswer.NotSent;
import io.syncjobs.core.worker.HandlerRequest;
import io.syncjobs.kube.Api;
import io.syncjobs.kube.ApiException;
import io.syncjobs.kube.Jobs;
import io.syncjobs.kube.MemoryApi;
import io.syncjobs.kube.MemoryApi.Write;
import java.lang.ref.WeakReference;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
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

    @Test
    void aWriteThatIsRefusedAgainAndAgainIsTriedLessAndLessOften() {
        worker.up();
        var tries = new AtomicInteger();
        worker.api.refuse(write -> {
            if (!ofStatus(write)) return Optional.empty();
            tries.incrementAndGet();
            return Optional.of(new ApiException(500, "failed calling webhook \"guard\""));
        });
        worker.assign("a");
        worker.live(Duration.ofMinutes(1));
        assertThat(tries.get()).isBetween(8, 14);

        worker.api.refuse(write -> Optional.empty());
        worker.live(Duration.ofSeconds(11));
        assertThat(worker.state("a")).isEqualTo("Started");
        worker.api.loseRequest(AgentTest::ofStatus);
        worker.answer("a", 200, "");
        worker.pass(Duration.ofMillis(250));
        assertThat(worker.state("a")).as("the failures before are forgotten").isEqualTo("Done");
    }

    @Test
    void anApiServerThatSaysConflictAgainAndAgainIsNotAskedWithoutAPause() {
        worker.up();
        var tries = new AtomicInteger();
        worker.api.refuse(write -> {
            if (ofStatus(write)) tries.incrementAndGet();
            return ofStatus(write) ? Optional.of(new ApiException(409, "try again")) : Optional.empty();
        });
        worker.assign("a");
        worker.live(Duration.ofMinutes(1));

        assertThat(tries.get()).isBetween(10, 18);
    }

    @Test
    void aClockThatIsSetBackHoldsUpNothing() {
        worker.up();
        worker.api.loseRequest(AgentTest::ofStatus);
        worker.assign("a");
        worker.run();
        worker.clockIsOff = Duration.ofHours(-1);
        worker.pass(Duration.ofMillis(250));

        assertThat(worker.state("a")).isEqualTo("Started");
    }

    @Test
    void anAttemptBeginsNotBeforeItWasGivenAndEndsNotBeforeItBeganWhateverTheClockOfItsNodeSays() {
        worker.clockIsOff = Duration.ofHours(-2);
        worker.upWith("a");
        assertThat(time("a", "startedTime")).isEqualTo(TestWorker.START);
        assertThat(worker.calls.getFirst().headers()).containsEntry("SyncJob-Deadline", "2026-03-01T13:00:00Z");

        worker.live(Duration.ofSeconds(10));
        worker.answer("a", 200, "");
        assertThat(time("a", "finishedTime")).isEqualTo(TestWorker.START.plusSeconds(10));
    }

    @Test
    void aNodeWhoseClockIsBehindMakesNoWaitShorter() {
        worker.clockIsOff = Duration.ofHours(-2);
        worker.upWith("a", "b");
        worker.answer("a", 503, "");
        assertThat(time("a", "nextAttemptTime"))
                .isBetween(TestWorker.START.plusSeconds(500), TestWorker.START.plusSeconds(700));

        worker.pulse.drain();
        worker.live(Duration.ofSeconds(26));
        assertThat(time("b", "nextAttemptTime")).isEqualTo(TestWorker.START.plusSeconds(30));
    }

    /** 1. The worker has no free slot for a while. 2. It begins. 3. Its clock passes the time at which it was given the job. */
    @Test
    void anAttemptDoesNotEndBeforeItBeganWhereTheClockIsALittleBehind() {
        worker.clockIsOff = Duration.ofSeconds(-10);
        worker.upWith("a", "b", "c");
        worker.live(Duration.ofSeconds(6));
        worker.answer("a", 200, "");
        worker.live(Duration.ofSeconds(5));
        worker.answer("c", 200, "");

        assertThat(time("c", "startedTime")).isEqualTo(TestWorker.START.plusSeconds(6));
        assertThat(time("c", "finishedTime")).isEqualTo(TestWorker.START.plusSeconds(6));
    }

    private Instant time(String job, String field) {
        return Instant.parse(worker.status(job).path(field).asText());
    }

    @Test
    void nothingIsKeptOfThePayloadOfARunningCall() {
        worker.up();
        var payload = payloadOfARunningCall();

        await().until(() -> {
            System.gc();
            return payload.get() == null;
        });
        worker.handlerReady = false;
        worker.answer("a", new NotSent("localhost:8080 accepts no connection"));
        worker.handlerReady = true;
        worker.live(Duration.ofSeconds(2));
        assertThat(worker.calls)
                .extracting(HandlerRequest::body)
                .containsExactly("{\"order\":1042}", "{\"order\":1042}");
    }

    /** A worker may have a thousand slots, and its agent has a heap of 48 MB. */
    @Test
    void ofManyJobsThatWaitNotAllPayloadsAreKeptAndEachIsSent() {
        worker.handlerReady = false;
        worker.up();
        var jobs = new ArrayList<SyncJob>();
        for (var number = 0; number < 150; number++) {
            var name = "a" + number;
            worker.assign(name);
            worker.put(name, "{\"spec\": {\"payload\": \"" + "x".repeat(32_000) + number + "\"}}");
            worker.work.clear();
            var job = worker.api.job(JOBS + name);
            worker.agent.changed(job);
            jobs.add(job);
        }
        assertThat(jobs.stream()
                        .filter(job -> requireNonNull(job.getSpec().payload()).hasText()))
                .hasSizeBetween(120, 140);

        worker.handlerReady = true;
        worker.live(Duration.ofSeconds(2));
        while (!worker.agent.isIdle())
            worker.answer(worker.open.keySet().iterator().next(), 200, "");

        assertThat(worker.calls)
                .hasSize(150)
                .allSatisfy(call -> assertThat(call.body())
                        .endsWith("x"
                                + String.valueOf(call.headers().get("SyncJob-Name"))
                                        .substring(1) + "\""));
    }

    private WeakReference<RawJson> payloadOfARunningCall() {
        worker.assign("a");
        worker.work.clear();
        worker.api.watch(job -> {});
        var job = worker.api.job(JOBS + "a");
        worker.agent.changed(job);
        worker.run();
        assertThat(worker.open).containsOnlyKeys("a");
        return new WeakReference<>(requireNonNull(job.getSpec().payload()));
    }

    /** 1. An agent is started anew while its worker has many jobs. 2. All of them have to be given back. */
    @Test
    void soManyRequestsAreUnderWayAtOnceAndNoMore() {
        var restarted = new TestWorker(new MemoryApi(), "second", "");
        var arrived = new AtomicInteger();
        var goOn = new CountDownLatch(1);
        var api = (Api) Proxy.newProxyInstance(
                Api.class.getClassLoader(), new Class<?>[] {Api.class}, (self, request, with) -> {
                    if (request.isDefault()) return InvocationHandler.invokeDefault(self, request, with);
                    arrived.incrementAndGet();
                    goOn.await();
                    throw new ApiException(404, "it is gone");
                });
        var agent = new Agent(
                restarted.settings,
                new Jobs(api),
                restarted,
                restarted.pulse,
                () -> restarted.now,
                System::nanoTime,
                Thread::startVirtualThread);
        var jobs = new ArrayList<SyncJob>();
        for (var number = 0; number < 100; number++) {
            restarted.assign("a" + number, "{\"state\": \"Started\"}");
            jobs.add(restarted.api.job(JOBS + "a" + number));
        }
        agent.listed(jobs);
        await().atMost(Duration.ofMinutes(1)).during(Duration.ofMillis(300)).until(() -> arrived.get() == 32);

        goOn.countDown();
        await().atMost(Duration.ofMinutes(1)).until(() -> {
            agent.tick();
            return agent.isIdle();
        });
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
