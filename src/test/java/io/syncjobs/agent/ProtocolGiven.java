package io.syncjobs.agent;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.syncjobs.api.Reason;
import io.syncjobs.api.State;
import io.syncjobs.api.SyncJob;
import io.syncjobs.api.SyncJobStatus.JobError;
import io.syncjobs.core.job.Step.Change;
import io.syncjobs.core.job.Step.End;
import io.syncjobs.core.worker.Handler;
import io.syncjobs.core.worker.HandlerAnswer;
import io.syncjobs.core.worker.HandlerRequest;
import io.syncjobs.core.worker.Outcomes;
import io.syncjobs.kube.MemoryApi;
import java.io.IOException;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** What tests of the protocol begin with: a job, a call over a real socket, and what comes of it. */
final class ProtocolGiven {
    private ProtocolGiven() {}

    static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
    static final byte[] NOTHING = new byte[0];

    static SyncJob job(String spec) {
        var api = new MemoryApi();
        api.put(TestWorker.JOBS + "a", """
                {"metadata": {"name": "a", "namespace": "shop", "uid": "uid-a", "generation": 1,
                  "annotations": {"traceparent": "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"}},
                 "spec": {"queue": "default", "action": "export.order"%s},
                 "status": {"state": "Started", "worker": "catalogue-7f-1", "attempt": 3, "requeues": 1,
                  "startedTime": "2026-03-01T12:00:00.000Z",
                  "effective": {"priority": 10, "timeoutSeconds": 60, "workerPool": "catalogue",
                   "retry": {"limit": 5, "delaySeconds": 600, "pattern": [], "when": "Retryable"}}}}""".formatted(spec));
        return api.job(TestWorker.JOBS + "a");
    }

    static Handler handler(int port) {
        return new Handler("catalogue", "shop", port, "/jobs/{action}", Optional.of("/cancel"), 16_384);
    }

    static HandlerAnswer call(int port, SyncJob job) {
        var answer = new CompletableFuture<HandlerAnswer>();
        new HttpCalls(port).start(HandlerRequest.call(job, handler(port)), answer::complete);
        try {
            return answer.get(30, TimeUnit.SECONDS);
        } catch (InterruptedException | ExecutionException | TimeoutException e) {
            throw new AssertionError("no answer", e);
        }
    }

    static Change outcome(RawHandler handler) throws IOException {
        try (handler) {
            var job = job("");
            return Outcomes.of(job, handler(handler.port()), call(handler.port(), job), NOW);
        }
    }

    static Change answered(String head, String body) throws IOException {
        return outcome(RawHandler.answering(head, body.getBytes(UTF_8)));
    }

    record Failure(Reason reason, String message, JobError error) {}

    static Failure failed(Change outcome) {
        assertThat(outcome).isInstanceOf(End.class);
        var end = (End) outcome;
        assertThat(end.state()).isEqualTo(State.FAILED);
        return new Failure(end.reason(), end.message(), Objects.requireNonNull(end.error()));
    }

    static End done(Change outcome) {
        assertThat(outcome)
                .isInstanceOfSatisfying(
                        End.class, end -> assertThat(end.state()).isEqualTo(State.DONE));
        return (End) outcome;
    }
}
