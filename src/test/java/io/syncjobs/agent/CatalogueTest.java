package io.syncjobs.agent;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.syncjobs.api.State;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The warm variant of examples/catalogue, against a shop that says what a test likes. */
class CatalogueTest {
    private static final Path PUSH =
            Path.of("examples/catalogue/warm/Push.java").toAbsolutePath();

    @TempDir
    private Path folder;

    private volatile String head = "HTTP/1.1 201 Created";
    private volatile String body = "{\"id\":1}";

    private RawHandler shop() {
        return new RawHandler((socket, request) -> {
            if (body.isEmpty()) {
                // Silent for as long as anybody waits.
                if (socket.getInputStream().read() < 0) return;
            }
            var length = body.getBytes(UTF_8).length;
            RawHandler.write(socket.getOutputStream(), head + "\r\nContent-Length: " + length + "\r\n\r\n" + body);
        });
    }

    private RunningProgram push(int shopPort) throws IOException {
        var port = RunningProgram.freePort();
        var environment = Map.of("SHOP_URL", "http://127.0.0.1:" + shopPort);
        var handler = RunningProgram.handler(port, "/{action}");
        return RunningProgram.start(folder, handler, environment, "JAVA " + PUSH + " " + port);
    }

    @Test
    void whatTheShopSaysIsWhatBecomesOfTheJob() throws Exception {
        try (var shop = shop();
                var push = push(shop.port())) {
            assertThat(push.isReachedFromElsewhere()).isFalse();
            var done = push.call("{\"sku\": \"ba-4001\"}");
            assertThat(done.state()).as(done + push.log()).isEqualTo(State.DONE);
            assertThat(done.result()).hasToString("{\"id\":1}");
            assertThat(shop.requests.getFirst().body()).isEqualTo("{\"sku\":\"ba-4001\"}");
            assertThat(shop.requests.getFirst().headers()).contains("Idempotency-Key: uid-a-0");

            head = "HTTP/1.1 429 Too Many Requests\r\nRetry-After: 5";
            body = "{\"type\":\"TooManyRequests\",\"title\":\"Too Many Requests\",\"detail\":\"the shop is busy\"}";
            var busy = push.call("{}");
            assertThat(busy.state()).isEqualTo(State.PENDING);
            assertThat(busy.message()).contains("TooManyRequests: the shop is busy");

            head = "HTTP/1.1 422 Unprocessable Entity";
            body = "{\"type\":\"UnknownCategory\",\"detail\":\"no Bathroom\"}";
            var failed = push.call("{}");
            assertThat(failed.state()).isEqualTo(State.FAILED);
            assertThat(requireNonNull(failed.error()).type()).isEqualTo("UnknownCategory");
            assertThat(failed.error().resolution()).contains("Add the category");

            body = "";
            var stopped = push.begin("{}");
            Awaitility.await().atMost(RunningProgram.HUNG).until(() -> shop.requests.size() == 4);
            push.cancel("{}");
            var told = stopped.get(RunningProgram.HUNG.toMinutes(), TimeUnit.MINUTES);
            assertThat(requireNonNull(told.error()).type()).isEqualTo("java.lang.InterruptedException");
            assertThat(told.error().trace()).contains("at ");
        }
    }

    @Test
    void aShopThatIsNotThereIsTriedAgain() throws Exception {
        try (var push = push(RunningProgram.freePort())) {
            var waits = push.call("{}");

            assertThat(waits.state()).as(waits + push.log()).isEqualTo(State.PENDING);
            assertThat(requireNonNull(waits.error()).type()).isEqualTo("ShopUnreachable");
            assertThat(waits.error().trace()).contains("java.net.ConnectException");
        }
    }
}
