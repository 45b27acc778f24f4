package io.syncjobs.agent;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.code_intelligence.jazzer.mutation.annotation.NotNull;
import com.fasterxml.jackson.databind.JsonNode;
import io.syncjobs.core.job.Statuses;
import io.syncjobs.core.worker.HandlerAnswer;
import io.syncjobs.core.worker.HandlerAnswer.Answered;
import io.syncjobs.core.worker.HandlerAnswer.Broken;
import io.syncjobs.core.worker.HandlerAnswer.NotHttp;
import io.syncjobs.core.worker.Outcomes;
import io.syncjobs.kube.Jobs;
import io.syncjobs.kube.MemoryApi;
import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a handler sends, as far as the status of its job. */
class AnswersFuzzTest {
    private static final String PATH = TestWorker.JOBS + "a";

    /** Whatever comes over the connection. */
    @MethodSource("answers")
    @FuzzTest
    void readsAnyAnswer(byte[] sent) throws IOException {
        assertFits(read(sent));
    }

    static Stream<byte[]> answers() {
        return Stream.of(
                        "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{\"id\": 1}",
                        "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3;a=b\r\nabc\r\n0\r\n\r\n",
                        "HTTP/1.1 429 Too Many Requests\r\nRetry-After: 30\r\nContent-Type: text/plain; charset=utf-16\r\n\r\nslow",
                        "HTTP/1.1 503 Busy\r\nRetry-After: Sun, 01 Mar 2026 12:00:30 GMT\r\n\r\n",
                        "HTTP/1.1 503 Busy\r\nRetry-After: -1\r\n\r\n",
                        "HTTP/1.1 503 Busy\r\nRetry-After: NaN\r\n\r\n",
                        "HTTP/1.1 503 Busy\r\nRetry-After: 1e999999999\r\n\r\n",
                        "HTTP/1.1 503 Busy\r\nRetry-After: +999999999-01-01T00:00:00Z\r\n\r\n",
                        "HTTP/1.1 503 Busy\r\nRetry-After: PT9223372036854775807S\r\n\r\n",
                        "HTTP/1.1 422 No\r\nContent-Type: application/problem+json\r\n\r\n"
                                + "{\"type\": \"urn:\\u001b[2J\", \"title\": \"t\", \"detail\": \"d\", \"trace\": [\"a.B: c\", \"\\tat d.e(F.java:1)\"]}",
                        "HTTP/1.1 500 No\r\nContent-Type: text/html\r\n\r\n<title>\u0007oops</title>",
                        "HTTP/1.1 500 No\r\n\r\nTraceback (most recent call last):\n  File \"a.py\", line 1\nValueError: no\u0000",
                        "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n",
                        "SSH-2.0-OpenSSH\r\n")
                .map(text -> text.getBytes(ISO_8859_1));
    }

    /** What a header asks for that anybody may write. */
    @ValueSource(
            strings = {"3", "Sun, 01 Mar 2026 12:00:30 GMT", "-1", "NaN", "+999999999-01-01T00:00:00Z", "1e999999999"})
    @FuzzTest
    void readsAnyRetryAfter(@NotNull String retryAfter) {
        assertFits(new Answered(503, "", retryAfter, new byte[0], true));
    }

    /** A body of a success, of a failure and of an answer that asks to wait. */
    @MethodSource("bodies")
    @FuzzTest
    void readsAnyBody(byte[] body) {
        for (var status : new int[] {200, 422, 429}) {
            for (var type : new String[] {"application/problem+json", "text/html; charset=iso-8859-1", ""})
                assertFits(new Answered(status, type, "", body, true));
        }
    }

    static Stream<byte[]> bodies() {
        return Stream.of(
                        "{\"\\u001b[2J\": 1}",
                        "{\"detail\": [\"a\"], \"trace\": {\"a\": 1e400}}",
                        "[NaN, 1e-999999999]",
                        "<title",
                        "None",
                        "[".repeat(2_000))
                .map(text -> text.getBytes(UTF_8));
    }

    private static HandlerAnswer read(byte[] sent) throws IOException {
        try {
            return HttpAnswer.read(new ByteArrayInputStream(sent));
        } catch (HttpAnswer.NoHttp e) {
            return new NotHttp(String.valueOf(e.getMessage()));
        } catch (EOFException e) {
            return new Broken(String.valueOf(e.getMessage()));
        }
    }

    /** Nothing in it harms a terminal, and the API server has room for it. */
    private static void assertFits(HandlerAnswer answer) {
        var job = ProtocolGiven.job("");
        var change = Outcomes.of(job, ProtocolGiven.handler(8080), answer, ProtocolGiven.NOW);
        var api = new MemoryApi();
        api.put(PATH, "{\"metadata\": {\"uid\": \"uid-a\"}}");
        job.getMetadata().setResourceVersion(api.job(PATH).getMetadata().getResourceVersion());
        new Jobs(api).writeStatus(job, Statuses.after(job, change, ProtocolGiven.NOW));

        var status = api.object(PATH).orElseThrow().path("status");
        assertThat(status.toString().getBytes(UTF_8).length).isLessThan(64 * 1024);
        assertIsClean(status);
    }

    private static void assertIsClean(JsonNode value) {
        if (value.isTextual()) assertIsClean(value.textValue());
        value.fieldNames().forEachRemaining(AnswersFuzzTest::assertIsClean);
        value.forEach(AnswersFuzzTest::assertIsClean);
    }

    private static void assertIsClean(String text) {
        assertThat(text.chars().noneMatch(c -> Character.isISOControl(c) && c != '\n' && c != '\t'))
                .as(text)
                .isTrue();
    }
}
