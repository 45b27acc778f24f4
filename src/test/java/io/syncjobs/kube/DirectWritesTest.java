package io.syncjobs.kube;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Writes of status have connections of their own, with the address and credentials of the client. */
class DirectWritesTest {
    private static final String STATUS = "/apis/syncjobs.io/v1alpha1/namespaces/shop/syncjobs/a/status";
    private static final byte[] CHANGES = "{\"status\":{}}".getBytes(UTF_8);

    private record Request(String method, String target, String token, boolean direct, int port) {}

    private final List<Request> requests = new CopyOnWriteArrayList<>();
    private final List<String> counted = new CopyOnWriteArrayList<>();
    private HttpServer server;
    private KubernetesClient client;
    private Api api;
    private volatile int code = 200;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", this::answer);
        server.start();
        connect(config -> config);
    }

    private void connect(UnaryOperator<ConfigBuilder> how) {
        if (client != null) client.close();
        var config = how.apply(new ConfigBuilder(Config.empty())
                        .withMasterUrl("http://127.0.0.1:" + server.getAddress().getPort())
                        .withOauthToken("one"))
                .build();
        client = Client.connect(config);
        api = Api.of(client, (verb, answer) -> counted.add(verb + " " + answer));
    }

    @AfterEach
    void stop() {
        client.close();
        server.stop(0);
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            exchange.getRequestBody().readAllBytes();
            var headers = exchange.getRequestHeaders();
            requests.add(new Request(
                    exchange.getRequestMethod(),
                    exchange.getRequestURI().toString(),
                    String.valueOf(headers.getFirst("Authorization")),
                    "syncjobs".equals(headers.getFirst("User-Agent")),
                    exchange.getRemoteAddress().getPort()));
            var body = "{\"metadata\": {\"resourceVersion\": \"7\"}}".getBytes(UTF_8);
            exchange.sendResponseHeaders(code, body.length);
            exchange.getResponseBody().write(body);
        }
    }

    private static Set<String> parameters(Request request) {
        return Set.of(request.target().replaceAll(".*\\?", "").split("&"));
    }

    @Test
    void oneConnectionCarriesOneAfterTheOtherAndTheAnswersAreCounted() {
        for (var i = 0; i < 3; i++)
            assertThat(api.patchForMetadata(STATUS, CHANGES)).asString(UTF_8).contains("7");

        assertThat(requests).hasSize(3).allSatisfy(request -> {
            assertThat(request.method()).isEqualTo("PATCH");
            assertThat(request.target()).startsWith(STATUS + "?");
            assertThat(parameters(request))
                    .containsExactlyInAnyOrder("fieldManager=" + Api.FIELD_MANAGER, Api.UNCHECKED);
            assertThat(request.token()).isEqualTo("Bearer one");
            assertThat(request.direct()).isTrue();
        });
        assertThat(requests)
                .extracting(Request::port)
                .containsOnly(requests.getFirst().port());
        assertThat(counted).containsExactly("PATCH 200", "PATCH 200", "PATCH 200");
    }

    @Test
    void theTokenIsTheOneThatTheClientHasAtTheTime() {
        api.patchForMetadata(STATUS, CHANGES);
        client.getConfiguration().setOauthToken("two");
        api.patchForMetadata(STATUS, CHANGES);

        assertThat(requests).extracting(Request::token).containsExactly("Bearer one", "Bearer two");
    }

    /** The client knows how to get another one. */
    @Test
    void whereTheTokenHasRunOutTheClientSendsTheWrite() {
        code = 401;

        assertThatThrownBy(() -> api.patchForMetadata(STATUS, CHANGES))
                .isInstanceOfSatisfying(
                        ApiException.class, e -> assertThat(e.code()).isEqualTo(401));
        assertThat(requests).extracting(Request::direct).contains(true).endsWith(false);
    }

    @Test
    void aRefusalIsTheApiServersOwn() {
        code = 409;

        assertThatThrownBy(() -> api.patchForMetadata(STATUS, CHANGES))
                .isInstanceOfSatisfying(
                        ApiException.class, e -> assertThat(e.isConflict()).isTrue());
        assertThat(requests).hasSize(1);
        assertThat(counted).containsExactly("PATCH 409");
    }

    @Test
    void aServerThatIsAwayIsCountedAndToldAsSuch() {
        server.stop(0);

        assertThatThrownBy(() -> api.patchForMetadata(STATUS, CHANGES))
                .isInstanceOfSatisfying(
                        ApiException.class, e -> assertThat(e.mayHaveBeenDone()).isTrue());
        assertThat(counted).containsExactly("PATCH 0");
    }

    /** Only the client knows how to reach the API server through a proxy, or as somebody else. */
    @Test
    void whatIsNoPlainConnectionIsLeftToTheClient() {
        connect(config -> config.withImpersonateUsername("somebody"));
        api.patchForMetadata(STATUS, CHANGES);

        assertThat(requests).extracting(Request::direct).containsExactly(false);
    }
}
