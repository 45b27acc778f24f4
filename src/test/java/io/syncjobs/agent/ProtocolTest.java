package io.syncjobs.agent;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.syncjobs.api.Reason;
import io.syncjobs.api.State;
import io.syncjobs.api.SyncJob;
import io.syncjobs.api.SyncJobStatus.JobError;
import io.syncjobs.core.Step.Change;
import io.syncjobs.core.Step.End;
import io.syncjobs.core.Step.Lose;
import io.syncjobs.core.Step.Retry;
import io.syncjobs.core.worker.Handler;
import io.syncjobs.core.worker.HandlerAnswer;
import io.syncjobs.core.worker.HandlerRequest;
import io.syncjobs.core.worker.Outcomes;
import io.syncjobs.kube.MemoryApi;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What goes over the wire between agent and handler, with real sockets, and what each answer means for the job. */
class ProtocolTest {
    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
    private static final byte[] NOTHING = new byte[0];

    private static SyncJob job(String spec) {
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

    private static Handler handler(int port) {
        return new Handler("catalogue", "shop", port, "/jobs/{action}", Optional.of("/cancel"));
    }

    private static HandlerAnswer call(int port, SyncJob job) {
        var answer = new CompletableFuture<HandlerAnswer>();
        new HttpCalls(port).start(HandlerRequest.call(job, handler(port)), answer::complete);
        try {
            return answer.get(30, TimeUnit.SECONDS);
        } catch (InterruptedException | ExecutionException | TimeoutException e) {
            throw new AssertionError("no answer", e);
        }
    }

    private static Change outcome(RawHandler handler) throws IOException {
        try (handler) {
            var job = job("");
            return Outcomes.of(job, handler(handler.port()), call(handler.port(), job), NOW);
        }
    }

    private static Change answered(String head, String body) throws IOException {
        return outcome(RawHandler.answering(head, body.getBytes(UTF_8)));
    }

    private record Failure(Reason reason, String message, JobError error) {}

    private static Failure failed(Change outcome) {
        assertThat(outcome).isInstanceOf(End.class);
        var end = (End) outcome;
        assertThat(end.state()).isEqualTo(State.FAILED);
        return new Failure(end.reason(), end.message(), Objects.requireNonNull(end.error()));
    }

    private static End done(Change outcome) {
        assertThat(outcome)
                .isInstanceOfSatisfying(
                        End.class, end -> assertThat(end.state()).isEqualTo(State.DONE));
        return (End) outcome;
    }

    @Test
    void theBodyIsThePayloadAsItIsAndTheRestStandsInHeaders() throws IOException {
        try (var handler = RawHandler.answering("HTTP/1.1 204 No Content", NOTHING)) {
            call(handler.port(), job(", \"payload\": {\"größe\": 1.5, \"id\": 12345678901234567890}"));

            assertThat(handler.requests).singleElement().satisfies(request -> {
                assertThat(request.line()).isEqualTo("POST /jobs/export.order HTTP/1.1");
                assertThat(request.body()).isEqualTo("{\"größe\":1.5,\"id\":12345678901234567890}");
                assertThat(request.headers())
                        .contains(
                                "Content-Type: application/json",
                                "Idempotency-Key: uid-a-1",
                                "SyncJob-Name: a",
                                "SyncJob-Namespace: shop",
                                "SyncJob-Uid: uid-a",
                                "SyncJob-Attempt: 3",
                                "SyncJob-Action: export.order",
                                "SyncJob-Deadline: 2026-03-01T12:01:00Z",
                                "traceparent: 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
                                "ce-specversion: 1.0",
                                "ce-id: uid-a-3",
                                "ce-type: export.order",
                                "ce-source: /apis/syncjobs.io/v1alpha1/namespaces/shop/syncjobs/a",
                                "ce-time: 2026-03-01T12:00:00Z",
                                "Connection: close");
            });
        }
    }

    @Test
    void aJobWithoutPayloadSendsNull() throws IOException {
        try (var handler = RawHandler.answering("HTTP/1.1 204 No Content", NOTHING)) {
            call(handler.port(), job(""));

            assertThat(handler.requests.getFirst().body()).isEqualTo("null");
        }
    }

    @Test
    void anActionIsOneSegmentOfThePathWhateverItHolds() {
        var job = job("");
        job.setSpec(new io.syncjobs.api.SyncJobSpec("default", "a/../b:c", null, null, null, null, null, null));

        assertThat(HandlerRequest.call(job, handler(1)).path()).isEqualTo("/jobs/a%2F..%2Fb%3Ac");
    }

    @ParameterizedTest
    @ValueSource(strings = {"200 OK", "201 Created", "202 Accepted", "204 No Content", "226 IM Used"})
    void everyOther2xxIsDone(String status) throws IOException {
        var end = done(answered("HTTP/1.1 " + status, ""));

        assertThat(end.result()).isNull();
        assertThat(end.reason()).isEqualTo(Reason.COMPLETED);
    }

    @Test
    void theBodyIsTheResult() throws IOException {
        assertThat(done(answered("HTTP/1.1 200 OK\r\nContent-Type: application/json", "{\"sku\": [1, null]}"))
                        .result())
                .hasToString("{\"sku\":[1,null]}");
        assertThat(done(answered("HTTP/1.1 200 OK", "exported 7 products")).result())
                .hasToString("\"exported 7 products\"");
        assertThat(done(answered("HTTP/1.1 200 OK\r\nContent-Type: application/json", "{\"sku\": "))
                        .result())
                .hasToString("\"{\\\"sku\\\": \"");
        assertThat(done(answered("HTTP/1.1 200 OK", "null")).result()).isNull();
    }

    @Test
    void aResultThatIsNoUtf8IsReadInItsCharacterSetOrWithSignsForWhatIsLost() throws IOException {
        var latin = "größe".getBytes(ISO_8859_1);

        assertThat(done(outcome(RawHandler.answering(
                                "HTTP/1.1 200 OK\r\nContent-Type: text/plain; charset=ISO-8859-1", latin)))
                        .result())
                .hasToString("\"größe\"");
        assertThat(done(outcome(RawHandler.answering("HTTP/1.1 200 OK\r\nContent-Type: text/plain; charset=no", latin)))
                        .result())
                .hasToString("\"gr\ufffd\ufffde\"");
    }

    @Test
    void aResultOverItsLimitIsLeftOutAndTheJobIsDone() throws IOException {
        var end = done(answered("HTTP/1.1 200 OK", "\"" + "x".repeat(5000) + "\""));

        assertThat(end.result()).isNull();
        assertThat(end.message()).contains("left out", "5002 bytes", "4096");
    }

    @Test
    void ofAnEndlessAnswerOnlyTheBeginningIsRead() throws IOException {
        var endless = new RawHandler((socket, request) -> {
            var out = socket.getOutputStream();
            RawHandler.write(out, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
            while (true) RawHandler.write(out, "1000\r\n" + "x".repeat(4096) + "\r\n");
        });

        assertThat(done(outcome(endless)).message()).contains("left out", "more than 65536 bytes");
    }

    @Test
    void aSlowAnswerIsWaitedFor() throws IOException {
        var slow = new RawHandler((socket, request) -> {
            var out = socket.getOutputStream();
            for (var c : "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n42".toCharArray()) {
                RawHandler.write(out, String.valueOf(c));
                Thread.onSpinWait();
            }
        });

        assertThat(done(outcome(slow)).result()).hasToString("42");
    }

    @Test
    void http207IsKeptForLater() throws IOException {
        var end = failed(answered("HTTP/1.1 207 Multi-Status", "{\"result\": 1}"));

        assertThat(end.error().type()).isEqualTo("Http207");
        assertThat(end.error().resolution()).contains("Answer 200");
    }

    @ParameterizedTest
    @ValueSource(ints = {301, 302, 303, 307, 308})
    void noRedirectIsFollowed(int status) throws IOException {
        try (var target = RawHandler.answering("HTTP/1.1 200 OK", NOTHING)) {
            var end = failed(answered(
                    "HTTP/1.1 " + status + " Moved\r\nLocation: http://127.0.0.1:" + target.port() + "/",
                    "<a>moved</a>"));

            assertThat(target.requests).isEmpty();
            assertThat(end.error().message()).isEqualTo("the handler answered HTTP " + status);
            assertThat(end.error().resolution()).contains("No redirect is followed", "spec.handler.path");
        }
    }

    @Test
    void anInterimAnswerIsPassedOver() throws IOException {
        assertThat(done(answered("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK", "7"))
                        .result())
                .hasToString("7");
    }

    @ParameterizedTest
    @ValueSource(ints = {429, 503})
    void whoIsBusySaysWhenToComeAgain(int status) throws IOException {
        var seconds = answered("HTTP/1.1 " + status + " Busy\r\nRetry-After: 120", "too many requests");
        var date = answered("HTTP/1.1 " + status + " Busy\r\nRetry-After: Sun, 01 Mar 2026 12:02:00 GMT", "");

        for (var retry : new Change[] {seconds, date}) {
            assertThat(retry)
                    .isInstanceOfSatisfying(
                            Retry.class,
                            again -> assertThat(again.notBefore())
                                    .isBetween(NOW.plusSeconds(120), NOW.plusSeconds(133)));
        }
        assertThat(((Retry) seconds).error().message()).isEqualTo("too many requests");
    }

    @Test
    void withoutRetryAfterTheJobsOwnDelayCounts() throws IOException {
        var retry = (Retry) answered("HTTP/1.1 503 Unavailable", "");
        var odd = (Retry) answered("HTTP/1.1 429 Busy\r\nRetry-After: soon", "");

        assertThat(Duration.between(NOW, retry.notBefore())).isBetween(Duration.ofMinutes(9), Duration.ofMinutes(11));
        assertThat(Duration.between(NOW, odd.notBefore())).isBetween(Duration.ofMinutes(9), Duration.ofMinutes(11));
        assertThat(odd.message()).contains("Retry-After soon was left out");
    }

    @ParameterizedTest
    @ValueSource(ints = {400, 404, 409, 422, 451, 500, 501, 502, 504, 599})
    void everyOtherStatusIsAFailure(int status) throws IOException {
        var end = failed(answered("HTTP/1.1 " + status + " No", "the order has no lines"));

        assertThat(end.reason()).isEqualTo(Reason.JOB_FAILED);
        assertThat(end.error().type()).isEqualTo("Http" + status);
        assertThat(end.error().message()).isEqualTo("the order has no lines");
    }

    @Test
    void aFailureWithoutABodyHasItsStatus() throws IOException {
        assertThat(failed(answered("HTTP/1.1 500 Oops", "")).message())
                .isEqualTo("Http500: the handler answered HTTP 500");
    }

    @Test
    void aProblemDocumentIsTheError() throws IOException {
        var end = failed(answered("HTTP/1.1 422 No\r\nContent-Type: application/problem+json", """
                {"type": "https://shop.example/problems/no-lines", "title": "Order is empty", "status": 422,
                 "detail": "order 1042 has no lines", "trace": "at a\\nat b", "resolution": "Add a line to the order."}"""));

        assertThat(end.error().type()).isEqualTo("https://shop.example/problems/no-lines");
        assertThat(end.error().message()).isEqualTo("order 1042 has no lines");
        assertThat(end.error().trace()).isEqualTo("at a\nat b");
        assertThat(end.error().resolution()).isEqualTo("Add a line to the order.");
        assertThat(end.error().exitCode()).isNull();
    }

    @Test
    void whatAProblemDocumentLeavesOutIsTakenFromWhatItHas() throws IOException {
        var head = "HTTP/1.1 500 No\r\nContent-Type: application/problem+json";

        assertThat(failed(answered(head, "{\"type\": \"about:blank\", \"title\": \"Bad day\"}"))
                        .message())
                .isEqualTo("Bad day: Bad day");
        assertThat(failed(answered(head, "{\"title\": 7, \"detail\": [\"one\", \"two\"]}"))
                        .error()
                        .message())
                .isEqualTo("one\ntwo");
        var java = failed(answered(head, """
                {"trace": "java.lang.IllegalStateException: no stock\\n\\tat shop.Stock.take(Stock.java:7)"}"""));
        assertThat(java.error().type()).isEqualTo("java.lang.IllegalStateException");
        assertThat(java.error().message()).isEqualTo("no stock");
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"type\": ", "[]", "\"sorry\"", "{}", "\u0000\u0001", "not JSON at all"})
    void anInvalidProblemDocumentIsAFailureAllTheSame(String body) throws IOException {
        var end = failed(answered("HTTP/1.1 500 No\r\nContent-Type: application/problem+json", body));

        assertThat(end.reason()).isEqualTo(Reason.JOB_FAILED);
        assertThat(end.error().type()).isEqualTo("Http500");
        assertThat(end.error().message()).isNotEmpty();
    }

    @Test
    void aTraceAsTextIsReadAsALogIs() throws IOException {
        var end = failed(answered("HTTP/1.1 500 No\r\nContent-Type: text/plain", """
                Traceback (most recent call last):
                  File "shop.py", line 7, in export
                    raise ValueError("no stock")
                ValueError: no stock
                """));

        assertThat(end.error().type()).isEqualTo("ValueError");
        assertThat(end.error().message()).isEqualTo("no stock");
        assertThat(end.error().trace()).contains("shop.py");
    }

    @Test
    void anErrorPageForABrowserIsKnownByItsTitle() throws IOException {
        var end = failed(answered(
                "HTTP/1.1 500 No\r\nContent-Type: text/html",
                "<html><head><title>ValueError at /jobs</title></head><body>" + "x".repeat(100_000)
                        + "</body></html>"));

        assertThat(end.error().message()).isEqualTo("ValueError at /jobs");
    }

    @Test
    void theWrongPathAndTheWrongMediaTypeSayWhatToChange() throws IOException {
        assertThat(failed(answered("HTTP/1.1 404 Not Found", "404 page not found"))
                        .error()
                        .resolution())
                .contains("POST at /jobs/{action}", "SyncWorkerPool catalogue");
        assertThat(failed(answered("HTTP/1.1 415 Unsupported", "")).error().resolution())
                .contains("application/json");
    }

    @Test
    void whoTakesNoConnectionHasNotBegun() throws IOException {
        // Bound, so that nobody else gets the port, and not listening.
        try (var nobody = new Socket()) {
            nobody.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));

            assertThat(call(nobody.getLocalPort(), job(""))).isInstanceOf(HandlerAnswer.NotSent.class);
            assertThat(new HttpCalls(nobody.getLocalPort()).isReady()).isFalse();
        }
    }

    @Test
    void aConnectionThatBreaksAfterTheRequestIsALostAttempt() throws IOException {
        assertLost(new RawHandler((socket, request) -> RawHandler.reset(socket)));
        assertLost(new RawHandler((socket, request) -> socket.close()));
    }

    @Test
    void aConnectionThatBreaksInTheAnswerIsALostAttempt() throws IOException {
        assertLost(RawHandler.answering("HTTP/1.1 200 OK\r\nContent-Length: 100", "half".getBytes(UTF_8)));
        assertLost(new RawHandler((socket, request) -> {
            RawHandler.write(socket.getOutputStream(), "HTTP/1.1 200");
            RawHandler.reset(socket);
        }));
    }

    private static void assertLost(RawHandler handler) throws IOException {
        assertThat(outcome(handler)).isInstanceOfSatisfying(Lose.class, lost -> {
            assertThat(lost.planned()).isFalse();
            assertThat(lost.reason()).isEqualTo(Reason.WORKER_DIED);
            assertThat(lost.message()).contains("broke in the middle of the call");
        });
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SSH-2.0-OpenSSH_9.6",
                "220 mail.example.com ESMTP",
                "HTTP/banana",
                "HTTP/1.1 abc OK",
                "\u0000\u0000\u0006\u0004",
                "HTTP/2 200"
            })
    void whatSpeaksAnotherProtocolIsSaidToBeSo(String greeting) throws IOException {
        var end = failed(outcome(new RawHandler((socket, request) -> {
            RawHandler.write(socket.getOutputStream(), greeting + "\r\n\r\n");
            // It waits for what its own protocol has next.
            if (socket.getInputStream().read() < 0) return;
        })));

        assertThat(end.error().type()).isEqualTo("NotHttp");
        assertThat(end.error().resolution()).contains("spec.handler.port of SyncWorkerPool catalogue");
    }

    @Test
    void aCancelIsAPostOfTheSameAttemptWithoutABody() throws IOException {
        try (var handler = RawHandler.answering("HTTP/1.1 204 No Content", NOTHING)) {
            new HttpCalls(handler.port()).tell(HandlerRequest.cancel(job(""), "/cancel"));

            assertThat(handler.requests).singleElement().satisfies(request -> {
                assertThat(request.line()).isEqualTo("POST /cancel HTTP/1.1");
                assertThat(request.headers()).contains("SyncJob-Uid: uid-a", "SyncJob-Attempt: 3");
                assertThat(request.body()).isEmpty();
            });
        }
    }

    @Test
    void anAbandonedCallIsEnded() throws Exception {
        var ended = new CompletableFuture<Boolean>();
        try (var handler = new RawHandler(
                (socket, request) -> ended.complete(socket.getInputStream().read() < 0))) {
            var calls = new HttpCalls(handler.port());
            var answer = new CompletableFuture<HandlerAnswer>();
            var call = calls.start(HandlerRequest.call(job(""), handler(handler.port())), answer::complete);
            org.awaitility.Awaitility.await().until(() -> !handler.requests.isEmpty());
            call.abandon();

            assertThat(answer.get(30, TimeUnit.SECONDS)).isInstanceOf(HandlerAnswer.Broken.class);
            assertThat(ended.get(30, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void traceparentGoesIntoAHeaderOnlyWhereItIsOne() {
        var job = job("");
        job.getMetadata().getAnnotations().put("traceparent", "00-x\r\nEvil: header");

        assertThat(HandlerRequest.call(job, handler(1)).headers()).doesNotContainKey("traceparent");
    }
}
