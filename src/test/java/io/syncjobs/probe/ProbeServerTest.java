package io.syncjobs.probe;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.syncjobs.probe.ProbeServer.Answer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What others do on the port of the probes keeps no probe from its answer. */
class ProbeServerTest {
    private static final Duration HUNG = Duration.ofSeconds(20);

    private final ArrayList<Socket> others = new ArrayList<>();
    private ProbeServer server;

    @BeforeEach
    void start() throws IOException {
        server = new ProbeServer(
                0, Map.of("/healthz", () -> new Answer(200, "ok\n"), "/readyz", () -> new Answer(503, "not yet\n")));
    }

    @AfterEach
    void stop() throws IOException {
        for (var other : others) other.close();
        server.close();
    }

    @ParameterizedTest
    @CsvSource({"/healthz, 200, ok", "/readyz, 503, not yet", "/healthz?verbose, 200, ok", "/metrics, 404, no such page"
    })
    void eachPathHasItsAnswer(String path, int code, String text) throws Exception {
        assertThat(probe(path)).startsWith(code + " ").contains(text);
    }

    /** The second number is beyond its limit. */
    @ParameterizedTest
    @ValueSource(ints = {200, 700})
    void silentAndUnfinishedConnectionsKeepNoProbeFromItsAnswer(int flood) throws Exception {
        for (var i = 0; i < flood; i++) {
            var other = new Socket(InetAddress.getLoopbackAddress(), server.port());
            others.add(other);
            if (i % 2 == 0) other.getOutputStream().write("GET /".getBytes(US_ASCII));
        }

        assertThat(probe("/healthz")).startsWith("200 ");
    }

    /** A drain waits for the jobs of its worker. If its connection were closed, the kubelet would end them. */
    @Test
    void aRequestThatIsBeingAnsweredIsNotClosedToMakeRoom() throws Exception {
        var asked = new CountDownLatch(1);
        var goOn = new CompletableFuture<Answer>();
        server.close();
        server = new ProbeServer(0, Map.of("/healthz", () -> new Answer(200, "ok\n"), "/drain", () -> {
            asked.countDown();
            return goOn.join();
        }));
        var drain = new Socket(InetAddress.getLoopbackAddress(), server.port());
        others.add(drain);
        drain.getOutputStream().write("GET /drain HTTP/1.1\r\n\r\n".getBytes(US_ASCII));
        assertThat(asked.await(20, TimeUnit.SECONDS)).isTrue();

        for (var i = 0; i < 700; i++) others.add(new Socket(InetAddress.getLoopbackAddress(), server.port()));
        assertThat(probe("/healthz")).as("the others have come").startsWith("200 ");
        goOn.complete(new Answer(200, "drained\n"));

        assertThat(new String(drain.getInputStream().readAllBytes(), US_ASCII))
                .startsWith("HTTP/1.1 200 ")
                .endsWith("drained\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "GET /healthz HTTP/1.1\r\n"})
    void aConnectionWithoutAWholeRequestIsClosedSoon(String begun) throws Exception {
        var silent = new Socket(InetAddress.getLoopbackAddress(), server.port());
        others.add(silent);
        silent.getOutputStream().write(begun.getBytes(US_ASCII));

        assertThat(isClosedWithin(silent, HUNG)).isTrue();
    }

    @Test
    void aRequestWithoutEndIsNotRead() throws Exception {
        var talker = new Socket(InetAddress.getLoopbackAddress(), server.port());
        others.add(talker);
        talker.getOutputStream().write(("GET /healthz HTTP/1.1\r\nX: " + "x".repeat(9000)).getBytes(US_ASCII));

        assertThat(isClosedWithin(talker, HUNG)).isTrue();
    }

    private static boolean isClosedWithin(Socket socket, Duration patience) throws IOException {
        socket.setSoTimeout(Math.toIntExact(patience.toMillis()));
        try {
            return socket.getInputStream().read() < 0;
        } catch (SocketTimeoutException e) {
            return false;
        } catch (IOException e) {
            // It is closed before it has read everything.
            return true;
        }
    }

    private String probe(String path) throws IOException, InterruptedException {
        var uri = URI.create("http://127.0.0.1:" + server.port() + path);
        try (var client = HttpClient.newHttpClient()) {
            var answer = client.send(HttpRequest.newBuilder(uri).timeout(HUNG).build(), BodyHandlers.ofString());
            return answer.statusCode() + " " + answer.body();
        }
    }
}
