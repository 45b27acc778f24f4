package io.syncjobs.enqueuer;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.syncjobs.api.RawJson;
import io.syncjobs.api.SyncJob;
import io.syncjobs.api.SyncJobSpec;
import io.syncjobs.api.SyncQueueSpec;
import io.syncjobs.cluster.Waiting;
import io.syncjobs.core.index.QueueKey;
import io.syncjobs.core.queue.EnqueuePass.Snapshot;
import io.syncjobs.kube.Api;
import io.syncjobs.kube.Client;
import io.syncjobs.kube.Jobs;
import io.syncjobs.kube.Ticker;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A place whose write got no answer: no other job gets it before that write can no longer be carried out. */
class EnqueuerTest {
    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
    private static final ObjectMapper JSON = new ObjectMapper();

    /** Where a path has the name of its job. */
    private static final int JOB = 7;

    private final Map<String, Integer> answers = new ConcurrentHashMap<>();
    private final List<String> writes = new CopyOnWriteArrayList<>();
    private final List<String> asked = new CopyOnWriteArrayList<>();
    private HttpServer server;
    private KubernetesClient client;
    private Enqueuer enqueuer;

    /** Requests about this job wait at {@link #gate}. */
    private volatile String heldUp = "";

    private final CountDownLatch gate = new CountDownLatch(1);

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::answer);
        server.start();
        client = Client.connect(new ConfigBuilder(Config.empty())
                .withMasterUrl("http://127.0.0.1:" + server.getAddress().getPort())
                .build());
        enqueuer = Enqueuer.placing(new Jobs(gated(Api.of(client))), Ticker.SYSTEM);
    }

    private Api gated(Api api) {
        return (Api) Proxy.newProxyInstance(
                Api.class.getClassLoader(), new Class<?>[] {Api.class}, (self, request, with) -> {
                    if (Objects.toString(with[0]).contains("/syncjobs/" + heldUp + "/")) gate.await();
                    try {
                        return request.invoke(api, with);
                    } catch (InvocationTargetException e) {
                        throw e.getTargetException();
                    }
                });
    }

    @AfterEach
    void stop() {
        gate.countDown();
        client.close();
        server.stop(0);
    }

    @Test
    void aPlaceWithoutAnAnswerIsWithdrawnBeforeAnotherJobGetsIt() {
        answers.put("late", 504);
        enqueuer.pass(seen(job("late", 10, 1)), NOW, () -> true);

        answers.put("late", 200);
        enqueuer.pass(seen(job("late", 10, 1), job("first", 0, 1)), NOW, () -> true);
        awaitWrite("late QueueAtCapacity");
        enqueuer.pass(seen(job("late", 10, 2), job("first", 0, 1)), NOW, () -> true);

        assertThat(writes).containsExactly("late Enqueued", "late QueueAtCapacity", "first Enqueued");
    }

    @Test
    void whileItCannotBeWithdrawnNobodyGetsAPlaceOfItsQueueAndOthersGoOn() {
        answers.put("late", 504);
        enqueuer.pass(seen(job("late", 10, 1)), NOW, () -> true);

        var outcome = enqueuer.pass(seen(job("late", 10, 1), job("first", 0, 1), elsewhere("other")), NOW, () -> true);
        awaitWrite("late QueueAtCapacity");

        assertThat(outcome.written()).isOne();
        assertThat(outcome.failed()).isOne();
        assertThat(writes).contains("other Enqueued").doesNotContain("first Enqueued");
    }

    @Test
    void anApiServerThatTakesItsTimeForOneJobDoesNotHoldUpTheOthers() {
        answers.put("late", 504);
        enqueuer.pass(seen(job("late", 10, 1)), NOW, () -> true);
        heldUp = "late";

        var pass = CompletableFuture.supplyAsync(
                () -> enqueuer.pass(seen(job("late", 10, 1), elsewhere("other")), NOW, () -> true));
        Waiting.until("the pass ends before the answer comes", pass::isDone, writes::toString);

        assertThat(pass.join().written()).isOne();
        assertThat(writes).containsExactly("late Enqueued", "other Enqueued");
    }

    @Test
    void aJobThatStaysWithoutAnAnswerIsWrittenToMoreAndMoreRarely() {
        answers.put("late", 504);
        enqueuer.pass(seen(job("late", 10, 1)), NOW, () -> true);

        Waiting.during(
                "it is not written to each time",
                Duration.ofSeconds(4),
                () -> {
                    enqueuer.pass(seen(job("late", 10, 1)), NOW, () -> true);
                    return writes.size() <= 4;
                },
                writes::toString);
        // At once, after a second and after two more; a slow machine comes to that later.
        Waiting.until(
                "it is tried again",
                () -> {
                    enqueuer.pass(seen(job("late", 10, 1)), NOW, () -> true);
                    return writes.size() >= 3;
                },
                writes::toString);
        assertThat(writes).hasSizeBetween(3, 4);
    }

    @Test
    void aJobThatHasChangedSinceCannotGetThePlaceAnyMore() {
        answers.put("late", 504);
        enqueuer.pass(seen(job("late", 10, 1)), NOW, () -> true);

        enqueuer.pass(seen(job("late", 10, 2), job("first", 0, 1)), NOW, () -> true);

        assertThat(writes).containsExactly("late Enqueued", "first Enqueued");
    }

    @Test
    void itsOwnTurnSettlesItToo() {
        answers.put("late", 504);
        enqueuer.pass(seen(job("late", 10, 1)), NOW, () -> true);
        answers.put("late", 200);

        enqueuer.pass(seen(job("late", 10, 1)), NOW, () -> true);
        Waiting.until("the place is given", () -> writes.size() == 2, writes::toString);
        enqueuer.pass(seen(job("late", 10, 9), job("first", 0, 1)), NOW, () -> true);

        assertThat(writes).containsExactly("late Enqueued", "late Enqueued", "first Enqueued");
    }

    @Test
    void aJobThatTheCachesDoNotKnowYetIsNotTakenForDeleted() {
        answers.put("late", 504);
        enqueuer.pass(seen(job("late", 10, 1)), NOW, () -> true);

        enqueuer.pass(seen(job("first", 0, 1)), NOW, () -> true);
        Waiting.until("the API server is asked", () -> asked.contains("late"), asked::toString);
        enqueuer.pass(seen(job("first", 0, 1)), NOW, () -> true);

        assertThat(writes).containsExactly("late Enqueued");
    }

    @Test
    void oneThatIsDeletedHoldsNoPlace() {
        answers.put("late", 504);
        enqueuer.pass(seen(job("late", 10, 1)), NOW, () -> true);
        answers.put("late", 404);

        Waiting.until(
                "the place is free",
                () -> enqueuer.pass(seen(job("first", 0, 1)), NOW, () -> true).written() == 1,
                writes::toString);
    }

    @Test
    void oneThatIsTooLargeForAnyWriteHoldsNoPlace() {
        answers.put("late", 504);
        enqueuer.pass(seen(job("late", 10, 1)), NOW, () -> true);
        answers.put("late", 413);

        Waiting.until(
                "the place is free",
                () -> enqueuer.pass(seen(job("late", 10, 1), job("first", 0, 1)), NOW, () -> true)
                                .written()
                        == 1,
                writes::toString);
    }

    @Test
    void aPlanThatIsNoLongerValidIsNotCarriedOut() {
        var outcome = enqueuer.pass(seen(job("a", 10, 1)), NOW, () -> false);

        assertThat(outcome.failed()).isOne();
        assertThat(writes).isEmpty();
    }

    private void awaitWrite(String wanted) {
        Waiting.until(wanted, () -> writes.contains(wanted), writes::toString);
    }

    private void answer(HttpExchange exchange) throws IOException {
        var path = exchange.getRequestURI().getPath().split("/", -1);
        var name = path[JOB];
        var status = JSON.readTree(exchange.getRequestBody()).path("status");
        if (exchange.getRequestMethod().equals("GET")) asked.add(name);
        else writes.add(name + " " + told(status));
        var code = answers.getOrDefault(name, 200);
        var body = code == 200 ? JSON.writeValueAsString(job(name, 10, 9)) : "{\"message\":\"no answer\"}";
        exchange.sendResponseHeaders(code, body.getBytes(UTF_8).length);
        exchange.getResponseBody().write(body.getBytes(UTF_8));
        exchange.close();
    }

    private static String told(JsonNode status) {
        return status.path("state").asText(status.path("reason").asText());
    }

    private static Snapshot seen(SyncJob... jobs) {
        var template = JsonNodeFactory.instance.objectNode();
        template.putObject("spec").putArray("containers").addObject().put("name", "worker");
        var queue = new SyncQueueSpec(1, null, null, null, RawJson.of(template.toString()));
        var queues = Map.of(new QueueKey("shop", "default"), queue, new QueueKey("shop", "elsewhere"), queue);
        return new Snapshot(List.of(jobs), queues, Map.of());
    }

    private static SyncJob elsewhere(String name) {
        var job = job(name, 10, 1);
        job.setSpec(new SyncJobSpec("elsewhere", "export", null, 10, null, null, null, null));
        return job;
    }

    private static SyncJob job(String name, int priority, int version) {
        var job = new SyncJob();
        job.setMetadata(new ObjectMetaBuilder()
                .withName(name)
                .withNamespace("shop")
                .withUid("uid-" + name)
                .withResourceVersion(Integer.toString(version))
                .withCreationTimestamp("2026-03-01T11:00:00Z")
                .build());
        job.setSpec(new SyncJobSpec("default", "export", null, priority, null, null, null, null));
        return job;
    }
}
