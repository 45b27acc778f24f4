package io.syncjobs.it;

import static io.syncjobs.cluster.Manifest.job;
import static org.assertj.core.api.Assertions.assertThat;

import io.syncjobs.api.State;
import io.syncjobs.cluster.AuditLog.Write;
import io.syncjobs.cluster.ClusterTest;
import io.syncjobs.cluster.Json;
import io.syncjobs.cluster.Manifest;
import io.syncjobs.cluster.Release;
import io.syncjobs.cluster.TestNamespace;
import io.syncjobs.cluster.Waiting;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The plain case: a worker does what it should, once. */
@ClusterTest
class SuccessIT {
    @Test
    void aJobWhoseWorkerExitsWithZeroIsDone(TestNamespace here) {
        var job = here.create(job("ok").worker("print=hello", "exit=0"));

        here.kubectl("wait", "--for=condition=Complete", "--timeout=180s", "syncjob/ok");

        var done = job.await(State.DONE);
        assertThat(done.reason()).isEqualTo("Completed");
        assertThat(done.attempt()).isEqualTo(1);
        assertThat(done.worker()).startsWith("ok-1-");
        assertThat(done.at("error").isMissingNode()).isTrue();
        // The kubelet tells a container's start in whole seconds.
        assertThat(done.time("startedTime")).isAfter(done.time("enqueuedTime").minusSeconds(1));
        assertThat(done.time("finishedTime")).isAfterOrEqualTo(done.time("startedTime"));
        assertThat(done.outcomes()).containsExactly("Done");
        assertThat(here.kubectl("get", "syncjobs", "--no-headers").split(" +"))
                .startsWith("ok", "default", "test.ok", "Done", "Completed", done.worker(), "1");
    }

    @Test
    void whatTheWorkerReturnsIsTheResult(TestNamespace here) {
        var job = here.create(job("result").worker("message={\"result\":{\"id\":4711,\"tags\":[\"ü\",null]}}"));

        assertThat(job.await(State.DONE).result()).isEqualTo(Json.read("{\"id\":4711,\"tags\":[\"ü\",null]}"));
    }

    @Test
    void aResultThatIsTooLongIsLeftOutAndTheJobIsDone(TestNamespace here) {
        var job = here.create(job("long").worker("message={\"result\":\"" + "x".repeat(5000) + "\"}"));

        var done = job.await(State.DONE);
        assertThat(done.result().isMissingNode()).isTrue();
        assertThat(done.message()).contains("4096 bytes");
    }

    @Test
    void theWorkerIsToldWhatToDo(TestNamespace here) {
        var payload = Json.read(
                "{\"order\":9007199254740993,\"price\":12.5,\"note\":\"$(HOME) $$(X) $5 $(SYNCJOB_NAME) ü€ \\\"q\\\"\\n\",\"none\":null}");
        var before = Instant.now();
        var job = here.create(job("told")
                .spec("action", "export.order")
                .spec("payload", payload)
                .spec("timeoutSeconds", 90)
                .worker("environment"));

        var told = job.await(State.DONE).result();
        assertThat(told.path("SYNCJOB_NAME").asText()).isEqualTo("told");
        assertThat(told.path("SYNCJOB_NAMESPACE").asText()).isEqualTo(here.name());
        assertThat(told.path("SYNCJOB_UID").asText()).isEqualTo(job.uid());
        assertThat(told.path("SYNCJOB_ATTEMPT").asText()).isEqualTo("1");
        assertThat(told.path("SYNCJOB_ACTION").asText()).isEqualTo("export.order");
        assertThat(told.path("SYNCJOB_IDEMPOTENCY_KEY").asText()).isEqualTo(job.uid() + "-0");
        assertThat(Instant.parse(told.path("SYNCJOB_DEADLINE").asText()))
                .isBetween(before.plusSeconds(89), Instant.now().plusSeconds(91));
        assertThat(Json.read(told.path("SYNCJOB_PAYLOAD").asText())).isEqualTo(payload);
    }

    @Test
    void aPayloadMayBeAnyJsonValueOrMissing(TestNamespace here) {
        here.apply(
                job("text").spec("payload", "order 1042").worker("environment"),
                job("number").spec("payload", 42).worker("environment"),
                job("list").spec("payload", List.of(1, "two", Map.of())).worker("environment"),
                job("missing").worker("environment"));

        assertThat(payloadOf(here, "text")).isEqualTo("\"order 1042\"");
        assertThat(payloadOf(here, "number")).isEqualTo("42");
        assertThat(payloadOf(here, "list")).isEqualTo("[1,\"two\",{}]");
        assertThat(payloadOf(here, "missing")).isEqualTo("null");
    }

    private static String payloadOf(TestNamespace here, String name) {
        var told = here.job(name).await(State.DONE).result();
        return told.path("SYNCJOB_PAYLOAD").asText();
    }

    @Test
    void theIdempotencyKeyStaysThroughRetriesAndChangesWithARequeue(TestNamespace here) {
        var job = here.create(job("key")
                .spec("retry.delaySeconds", 0)
                .worker("tell=SYNCJOB_IDEMPOTENCY_KEY", "fail=2:75", "environment"));
        var first = job.await(State.DONE);
        assertThat(first.outcomes()).containsExactly("Retried", "Retried", "Done");
        assertThat(first.history("message").subList(0, 2)).allMatch(told -> told.contains(job.uid() + "-0"));
        assertThat(first.result().path("SYNCJOB_IDEMPOTENCY_KEY").asText()).isEqualTo(job.uid() + "-0");

        job.annotate("syncjobs.io/requeue", "again");

        var second = job.awaitDone(4);
        assertThat(second.result().path("SYNCJOB_IDEMPOTENCY_KEY").asText()).isEqualTo(job.uid() + "-1");
    }

    @Test
    void aJobDeletedAndCreatedAgainUnderTheSameNameRunsAnew(TestNamespace here) {
        var old = here.create(job("same").worker("hang"));
        old.awaitStarted(1);
        var oldUid = old.uid();
        var oldPod = old.status().worker();

        here.kubectl("delete", "syncjob", "same");
        var job = here.create(job("same").worker("environment"));

        var done = job.await(State.DONE);
        assertThat(job.uid()).isNotEqualTo(oldUid);
        assertThat(done.worker()).isNotEqualTo(oldPod);
        assertThat(done.result().path("SYNCJOB_UID").asText()).isEqualTo(job.uid());
        Waiting.until(
                "the pod of the deleted job is gone",
                () -> here.pods().stream()
                        .noneMatch(pod -> pod.getMetadata().getName().equals(oldPod)),
                here::describe);
    }

    @Test
    void oneSuccessfulJobCostsThreeStatusWritesAndItsPodIsDeletedAfterItsTime(TestNamespace here, Release release) {
        var job = here.create(job("cheap").worker("sleep=1s"));
        job.await(State.DONE);
        Waiting.until("its pod is deleted", () -> job.pods().isEmpty(), here::describe);

        assertThat(here.cluster().auditLog().writes(here, release.operatorUser()))
                .extracting(Write::what)
                .containsExactly(
                        "patch syncjobs/status",
                        "create pods",
                        "patch syncjobs/status",
                        "patch syncjobs/status",
                        "delete pods");
    }

    @Test
    void thePodOfAFailedJobIsKeptLongerThanThatOfADoneOne(TestNamespace here) {
        here.apply(job("good").worker("exit=0"), job("bad").worker("exit=1"));
        here.job("good").await(State.DONE);
        here.job("bad").await(State.FAILED);

        Waiting.until(
                "the pod of the Done job is deleted",
                () -> here.job("good").pods().isEmpty(),
                here::describe);
        assertThat(here.job("bad").pods()).hasSize(1);
        Waiting.until(
                "the pod of the Failed job is deleted",
                () -> here.job("bad").pods().isEmpty(),
                here::describe);
    }

    @Test
    void aPodOfARestrictedNamespaceNeedsNothingInItsTemplateButAnImage(TestNamespace here) {
        here.apply(
                Manifest.queue("plain")
                        .spec(
                                "template.spec.containers",
                                List.of(Manifest.container("syncjobs/testworker:test", "sleep=10s"))),
                job("plain").spec("queue", "plain"));
        var job = here.job("plain");
        job.awaitStarted(1);

        var pod = job.pods().getFirst();
        assertThat(pod.getSpec().getAutomountServiceAccountToken()).isFalse();
        assertThat(pod.getSpec().getRestartPolicy()).isEqualTo("Never");
        assertThat(pod.getSpec().getSecurityContext().getRunAsNonRoot()).isTrue();
        assertThat(pod.getMetadata().getLabels())
                .containsEntry("syncjobs.io/queue", "plain")
                .containsEntry("syncjobs.io/attempt", "1");
        job.await(State.DONE);
    }
}
