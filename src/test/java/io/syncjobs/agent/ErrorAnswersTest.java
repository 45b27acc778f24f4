package io.syncjobs.agent;

import static io.syncjobs.agent.ProtocolGiven.NOTHING;
import static io.syncjobs.agent.ProtocolGiven.NOW;
import static io.syncjobs.agent.ProtocolGiven.answered;
import static io.syncjobs.agent.ProtocolGiven.failed;
import static org.assertj.core.api.Assertions.assertThat;

import io.syncjobs.api.Reason;
import io.syncjobs.core.job.Step.Change;
import io.syncjobs.core.job.Step.Retry;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Answers by which a job fails or is retried, over real sockets, and what its status says then. */
class ErrorAnswersTest {
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
}
