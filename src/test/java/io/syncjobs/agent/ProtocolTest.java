package io.syncjobs.agent;

import static io.syncjobs.agent.ProtocolGiven.NOTHING;
import static io.syncjobs.agent.ProtocolGiven.answered;
import static io.syncjobs.agent.ProtocolGiven.call;
import static io.syncjobs.agent.ProtocolGiven.done;
import static io.syncjobs.agent.ProtocolGiven.failed;
import static io.syncjobs.agent.ProtocolGiven.handler;
import static io.syncjobs.agent.ProtocolGiven.job;
import static io.syncjobs.agent.ProtocolGiven.outcome;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.syncjobs.api.Reason;
import io.syncjobs.api.State;
import io.syncjobs.core.job.Step.RecordLoss;
import io.syncjobs.core.worker.Handler;
import io.syncjobs.core.worker.HandlerAnswer;
import io.syncjobs.core.worker.HandlerRequest;
import java.io.IOException;
import java.lang.ref.WeakReference;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What goes over the wire between agent and handler, with real sockets, whatever becomes of the job. */
class ProtocolTest {
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

    @Test
    void thePathOfAPoolMayHaveAnyLetters() {
        var handler = new Handler("catalogue", "shop", 1, "/größe/{action}/→?x=1", Optional.empty(), 16_384);

        assertThat(HandlerRequest.call(job(""), handler).path())
                .isEqualTo("/gr%C3%B6%C3%9Fe/export.order/%E2%86%92?x=1");
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
    void anInterimAnswerIsPassedOver() throws IOException {
        assertThat(done(answered("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK", "7"))
                        .result())
                .hasToString("7");
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

    /** Its kernel then resets the connection as soon as it is closed. A body without a length ends there. */
    @ParameterizedTest
    @ValueSource(strings = {"HTTP/1.0 404 No", "HTTP/1.1 404 No\r\nContent-Length: 13"})
    void aHandlerMayAnswerBeforeItHasReadTheRequest(String head) throws IOException {
        var error = failed(outcome(new RawHandler((socket, request) -> {
                    RawHandler.write(socket.getOutputStream(), head + "\r\n\r\nno such route");
                    RawHandler.reset(socket);
                })))
                .error();

        assertThat(error.type()).isEqualTo("Http404");
        assertThat(error.message()).isEqualTo("no such route");
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
        assertThat(outcome(handler)).isInstanceOfSatisfying(RecordLoss.class, lost -> {
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

    /** The work is done: to run it again for the sake of a header would do it twice. */
    @ParameterizedTest
    @ValueSource(strings = {"long line", "many headers", "length twice", "odd length", "odd chunk"})
    void successCountsWhateverItsHeadersAre(String odd) throws IOException {
        var head = "HTTP/1.1 200 OK\r\n"
                + switch (odd) {
                    case "long line" -> "Set-Cookie: " + "a".repeat(100_000) + "\r\nContent-Length: 2";
                    case "many headers" -> "X-Part: 1\r\n".repeat(300) + "Content-Length: 2";
                    case "length twice" -> "Content-Length: 2, 2";
                    case "odd length" -> "Content-Length: two";
                    default -> "Transfer-Encoding: chunked";
                };
        assertThat(done(answered(head, odd.equals("odd chunk") ? "two\r\n{}" : "{}"))
                        .state())
                .isEqualTo(State.DONE);
    }

    @Test
    void whatIsQuotedOfAnotherProtocolIsOneLineOfText() throws IOException {
        assertThat(failed(answered("http/1.1 200 ok\r\ncontent-length: 0", "")).message())
                .endsWith("it begins with \"http/1.1 200 ok content-length: 0\"");
        assertThat(failed(answered("\u0000\u0000\u0006\u0004", "")).message())
                .endsWith("it begins with bytes that are no text");
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

    /** A handler could otherwise keep the slot of the call for days. */
    @ParameterizedTest
    @ValueSource(strings = {"HTTP/1.1 200 OK\r\n\r\n", "HTTP/1.1 200 OK\r\nX-Dots: "})
    void anAnswerToACancelThatComesByteByByteIsNotAwaitedForLong(String begun) throws IOException {
        var slow = new RawHandler((socket, request) -> {
            RawHandler.write(socket.getOutputStream(), begun);
            while (true) {
                RawHandler.write(socket.getOutputStream(), ".");
                LockSupport.parkNanos(20_000_000);
            }
        });
        try (slow) {
            var calls = new HttpCalls(slow.port(), Duration.ofMillis(300));

            assertThat(CompletableFuture.runAsync(() -> calls.tell(HandlerRequest.cancel(job(""), "/cancel"))))
                    .succeedsWithin(Duration.ofSeconds(20));
        }
    }

    /** Node makes ::1 of the name localhost. */
    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "::1"})
    void aHandlerMayListenOnEitherLoopback(String address) throws Exception {
        try (var handler = new RawHandler(
                InetAddress.getByName(address),
                (socket, request) ->
                        socket.getOutputStream().write("HTTP/1.1 204 No Content\r\n\r\n".getBytes(ISO_8859_1)))) {
            var calls = new HttpCalls(handler.port());
            var answer = new CompletableFuture<HandlerAnswer>();

            assertThat(calls.isReady()).isTrue();
            calls.start(HandlerRequest.call(job(""), handler(handler.port())), answer::complete);

            assertThat(answer.get(30, TimeUnit.SECONDS)).isInstanceOf(HandlerAnswer.Answered.class);
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

    /** A worker may have a thousand calls, each of which lasts for an hour. */
    @Test
    void nothingIsKeptOfARequestThatWasSent() throws IOException {
        try (var handler =
                new RawHandler((socket, request) -> socket.getInputStream().read())) {
            var calls = new HttpCalls(handler.port());
            var request = new ArrayList<>(List.of(HandlerRequest.call(job(""), handler(handler.port()))));
            var sent = new WeakReference<>(request.getFirst());
            var call = calls.start(request.removeFirst(), answer -> {});

            org.awaitility.Awaitility.await().until(() -> {
                System.gc();
                return !handler.requests.isEmpty() && sent.get() == null;
            });
            call.abandon();
        }
    }

    @Test
    void traceparentGoesIntoAHeaderOnlyWhereItIsOne() {
        var job = job("");
        job.getMetadata().getAnnotations().put("traceparent", "00-x\r\nEvil: header");

        assertThat(HandlerRequest.call(job, handler(1)).headers()).doesNotContainKey("traceparent");
    }
}
