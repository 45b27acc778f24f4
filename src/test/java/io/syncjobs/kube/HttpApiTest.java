package io.syncjobs.kube;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HttpApiTest {
    /** The node of a log may be silent: the API server then says nothing, or stops in the middle. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "HTTP/1.1 200 OK\r\n",
                "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nthe first of many words"
            })
    void anAnswerThatDoesNotComeInTimeKeepsNoConnection(String begins) throws Exception {
        var closed = new CompletableFuture<Boolean>();
        try (var server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                var client = Client.connect(new ConfigBuilder(Config.empty())
                        .withMasterUrl("http://127.0.0.1:" + server.getLocalPort())
                        .build())) {
            Thread.startVirtualThread(() -> hang(server, begins, closed));
            var api = Api.of(client);

            assertThatThrownBy(() -> api.get("/log", 1_000, Duration.ofSeconds(1)))
                    .isInstanceOf(ApiException.class);

            assertThat(closed.get(10, SECONDS)).isTrue();
        }
    }

    /** Answers only what {@code begins} says, and tells when the connection is closed from the other end. */
    private static void hang(ServerSocket server, String begins, CompletableFuture<Boolean> closed) {
        try (var connection = server.accept()) {
            connection.getOutputStream().write(begins.getBytes(US_ASCII));
            var in = connection.getInputStream();
            while (in.read() >= 0) {
                // the request
            }
            closed.complete(true);
        } catch (IOException e) {
            closed.complete(true);
        }
    }
}
