package io.syncjobs.agent;

import static io.syncjobs.agent.ProtocolGiven.answered;
import static io.syncjobs.agent.ProtocolGiven.done;
import static io.syncjobs.agent.ProtocolGiven.failed;
import static io.syncjobs.agent.ProtocolGiven.outcome;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_16BE;
import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.syncjobs.core.job.Step.End;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.List;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Answers that HTTP allows, and of which few servers make use. */
class OddAnswersTest {
    private interface Compressing {
        OutputStream over(OutputStream out) throws IOException;
    }

    private static byte[] compressed(Compressing how, String text) throws IOException {
        var bytes = new ByteArrayOutputStream();
        try (var out = how.over(bytes)) {
            out.write(text.getBytes(UTF_8));
        }
        return bytes.toByteArray();
    }

    @ParameterizedTest
    @ValueSource(strings = {"gzip", "x-gzip", "GZIP"})
    void aCompressedAnswerIsRead(String encoding) throws IOException {
        var head = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Encoding: " + encoding;

        assertThat(done(outcome(RawHandler.answering(head, compressed(GZIPOutputStream::new, "{\"pieces\": 12}"))))
                        .result())
                .hasToString("{\"pieces\":12}");
    }

    @Test
    void anErrorMayBeCompressedToo() throws IOException {
        var body = compressed(DeflaterOutputStream::new, "{\"type\": \"Locked\", \"detail\": \"order 7 is locked\"}");
        var error = failed(outcome(RawHandler.answering("HTTP/1.1 409 Conflict\r\nContent-Encoding: deflate", body)))
                .error();

        assertThat(error.type()).isEqualTo("Locked");
        assertThat(error.message()).isEqualTo("order 7 is locked");
    }

    @Test
    void ofABombOnlyTheBeginningIsRead() throws IOException {
        var bomb = compressed(GZIPOutputStream::new, "x".repeat(50_000_000));

        var end = done(outcome(RawHandler.answering("HTTP/1.1 200 OK\r\nContent-Encoding: gzip", bomb)));

        assertThat(end.result()).isNull();
        assertThat(end.message()).contains("it is more than 65536 bytes");
    }

    @Test
    void whatOnlyCallsItselfCompressedIsTakenAsItIs() throws IOException {
        var head = "HTTP/1.1 200 OK\r\nContent-Encoding: gzip";

        assertThat(done(answered(head, "exported")).result()).hasToString("\"exported\"");
        assertThat(done(answered(head, "")).result()).isNull();
        var half = compressed(GZIPOutputStream::new, "exported 12 orders");
        assertThat(done(outcome(RawHandler.answering(head, Arrays.copyOf(half, half.length - 8))))
                        .result())
                .hasToString("\"exported 12 orders\"");
    }

    /** .NET and PowerShell write such a mark, and no character set in the header. */
    @Test
    void aByteOrderMarkTellsTheCharacterSet() throws IOException {
        for (var charset : List.of(UTF_8, UTF_16LE, UTF_16BE)) {
            var json = "\uFEFF{\"city\": \"Köln\"}".getBytes(charset);
            var text = "\uFEFFKöln".getBytes(charset);

            assertThat(done(outcome(RawHandler.answering("HTTP/1.1 200 OK", json))))
                    .extracting(End::result)
                    .hasToString("{\"city\":\"Köln\"}");
            assertThat(done(outcome(RawHandler.answering("HTTP/1.1 200 OK", text)))
                            .result())
                    .hasToString("\"Köln\"");
        }
        assertThat(done(outcome(RawHandler.answering("HTTP/1.1 200 OK", "\"Köln\"".getBytes(ISO_8859_1))))
                        .message())
                .endsWith("result has characters that are not valid UTF-8, and \uFFFD in their place");
    }

    @Test
    void anEmptyPageSaysNothing() throws IOException {
        assertThat(failed(answered("HTTP/1.1 500 No\r\nContent-Type: text/html", ""))
                        .message())
                .isEqualTo("Http500: the handler answered HTTP 500");
    }

    @Test
    void aProblemDocumentInXmlHasItsTraceToo() throws IOException {
        var error = failed(answered(
                        "HTTP/1.1 409 No\r\nContent-Type: application/problem+xml",
                        "<problem><type>Locked</type><detail>order 7</detail><trace>at a</trace>"
                                + "<resolution>wait</resolution></problem>"))
                .error();

        assertThat(error.type()).isEqualTo("Locked");
        assertThat(error.trace()).isEqualTo("at a");
        assertThat(error.resolution()).isEqualTo("wait");
    }

    /** A stack overflow of Java has 1024 frames. Frameworks write the trace before the message, or behind it. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"status\":500,\"trace\":\"shop.Locked: order 7\\n%s\",\"message\":\"order 7\"}",
                "{\"type\":\"shop.Locked\",\"detail\":\"order 7\",\"trace\":\"%s\"}",
                "{\"error\":{\"type\":\"shop.Locked\",\"message\":\"order 7\",\"frames\":[\"a[0]\",{\"b\":\"}%s\"}]}}"
            })
    void ofAProblemThatIsCutWhatWasReadIsUsed(String problem) throws IOException {
        for (var blanks = 0; blanks < 40; blanks++) {
            var frames = "\\tat shop.St\\u00f6ck.take(\\\"Stock.java\\\":7)\\n".repeat(2_000);
            var failure = failed(answered(
                    "HTTP/1.1 500 No\r\nContent-Type: application/problem+json",
                    " ".repeat(blanks) + problem.replace("%s", frames)));

            assertThat(failure.message())
                    .isEqualTo(
                            "shop.Locked: order 7; the handler's answer is longer than 65536 bytes and was cut there");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"no price ", "} ] \" \\ ", "{\"a\": 1} ", "[{ ", "\0 "})
    void ofTextThatIsCutTheBeginningIsTold(String text) throws IOException {
        var error = failed(answered("HTTP/1.1 500 No", text.repeat(40_000))).error();

        assertThat(error.type()).isEqualTo("Http500");
        assertThat(error.message()).hasSizeGreaterThan(20);
    }

    @Test
    void anAnswerThatResetsAFormHasNoBody() throws IOException {
        assertThat(done(answered("HTTP/1.1 205 Reset Content", "not for us")).result())
                .isNull();
    }

    @Test
    void whatIsToldOfAnErrorIsCleanedOfEscapesThatJsonCanHide() throws IOException {
        var error = failed(answered(
                        "HTTP/1.1 500 No\r\nContent-Type: application/json",
                        "{\"type\": \"\\u001b[31mShop\\nError\\u001b[0m\", \"detail\": \"\\u001b[1mlocked\","
                                + " \"trace\": \"at \\u001b[2Jone\\u0007\\nat two\"}"))
                .error();

        assertThat(error.type()).isEqualTo("Shop Error");
        assertThat(error.message()).isEqualTo("locked");
        assertThat(error.trace()).isEqualTo("at one\nat two");
    }
}
