package io.syncjobs.agent;

import static io.syncjobs.agent.ProtocolGiven.answered;
import static io.syncjobs.agent.ProtocolGiven.done;
import static io.syncjobs.agent.ProtocolGiven.failed;
import static io.syncjobs.agent.ProtocolGiven.outcome;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Arrays;
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
