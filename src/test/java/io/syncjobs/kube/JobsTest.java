package io.syncjobs.kube;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpServer;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.syncjobs.api.State;
import io.syncjobs.api.SyncJob;
import io.syncjobs.api.SyncJobSpec;
import io.syncjobs.api.SyncJobStatus;
import io.syncjobs.api.SyncQueueSpec;
import io.syncjobs.core.job.Policies;
import io.syncjobs.core.job.Statuses;
import io.syncjobs.core.job.Step;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What goes over the wire: one merge patch of the changed fields, locked by the version that was seen. */
class JobsTest {
    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");

    private final List<String> requests = new ArrayList<>();
    private final List<JsonNode> bodies = new ArrayList<>();
    private int code = 200;
    private int version = 8;
    private HttpServer server;
    private KubernetesClient client;
    private Jobs jobs;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            requests.add(
                    exchange.getRequestMethod() + " " + exchange.getRequestURI().getPath());
            bodies.add(Json.mapper().readTree(exchange.getRequestBody()));
            var answer = code == 200
                    ? "{\"metadata\":{\"name\":\"a\",\"namespace\":\"shop\",\"uid\":\"u\",\"resourceVersion\":\""
                            + version + "\"},\"spec\":{\"action\":\"x\"}}"
                    : "{\"message\":\"the object has been modified\"}";
            exchange.sendResponseHeaders(code, answer.getBytes(UTF_8).length);
            exchange.getResponseBody().write(answer.getBytes(UTF_8));
            exchange.close();
        });
        server.start();
        client = Client.connect(new ConfigBuilder(Config.empty())
                .withMasterUrl("http://127.0.0.1:" + server.getAddress().getPort())
                .build());
        jobs = new Jobs(Api.of(client));
    }

    @AfterEach
    void stop() {
        client.close();
        server.stop(0);
    }

    @Test
    void aStatusWriteHasTheChangedFieldsAloneAndTheVersionThatWasSeen() {
        var job = job();

        var written = jobs.writeStatus(job, Statuses.after(job, new Step.Start(NOW, "worker"), NOW));

        assertThat(requests).containsExactly("PATCH /apis/syncjobs.io/v1alpha1/namespaces/shop/syncjobs/a/status");
        var body = bodies.getFirst();
        assertThat(body.at("/metadata/resourceVersion").asText()).isEqualTo("7");
        assertThat(body.at("/metadata/uid").asText()).isEqualTo("u");
        assertThat(body.has("spec")).isFalse();
        assertThat(body.path("status").fieldNames())
                .toIterable()
                .containsExactlyInAnyOrder("state", "message", "startedTime");
        assertThat(jobs.newest(job)).as("until the watch has it").isSameAs(written);
    }

    @Test
    void anAnswerThatIsHandledLateDoesNotHideANewerOne() {
        var job = job();
        version = 9;
        var newest = jobs.writeStatus(job, Statuses.after(job, new Step.Start(NOW, "worker"), NOW));
        version = 8;
        jobs.writeStatus(job, Statuses.after(job, new Step.Start(NOW, "worker"), NOW));

        assertThat(jobs.newest(job)).isSameAs(newest);
    }

    @Test
    void whatTheWatchHasCaughtUpWithIsForgotten() {
        var job = job();
        var written = jobs.writeStatus(job, Statuses.after(job, new Step.Start(NOW, "worker"), NOW));

        jobs.forgetSeen(any -> Optional.of(job));
        assertThat(jobs.newest(job)).as("the watch is behind").isSameAs(written);
        jobs.forgetSeen(any -> Optional.of(written));

        assertThat(jobs.uids()).isEmpty();
    }

    @Test
    void whatWasReadIsKnownThoughTheWatchHasMissedIt() {
        var job = job();
        var read = job();
        read.getMetadata().setResourceVersion("9");

        jobs.learn(read);

        assertThat(jobs.newest(job)).isSameAs(read);
    }

    @Test
    void aDeletionIsForExactlyTheObjectThatWasSeen() {
        jobs.delete(job());

        assertThat(bodies.getFirst().at("/preconditions/uid").asText()).isEqualTo("u");
        assertThat(bodies.getFirst().at("/preconditions/resourceVersion").asText())
                .isEqualTo("7");
    }

    @Test
    void aConflictIsToldAndNotTriedAgain() {
        code = 409;

        assertThatThrownBy(() -> jobs.writeStatus(job(), Statuses.after(job(), new Step.Start(NOW, "worker"), NOW)))
                .isInstanceOfSatisfying(
                        ApiException.class, e -> assertThat(e.isConflict()).isTrue());
        assertThat(requests).hasSize(1);
    }

    @Test
    void nothingIsWrittenWhereNothingChanges() {
        var job = job();

        assertThat(jobs.writeStatus(job, job.getStatus())).isSameAs(job);
        assertThat(requests).isEmpty();
    }

    private static SyncJob job() {
        var job = new SyncJob();
        job.setMetadata(new ObjectMetaBuilder()
                .withName("a")
                .withNamespace("shop")
                .withUid("u")
                .withResourceVersion("7")
                .build());
        job.setSpec(new SyncJobSpec("default", "export.order", null, null, null, null, null, null));
        job.setStatus(SyncJobStatus.NEW);
        var enqueued = new Step.Reserve(1, "a-1-x", Policies.effective(job.getSpec(), SyncQueueSpec.BUILT_IN));
        job.setStatus(Statuses.after(job, enqueued, NOW));
        assertThat(job.getStatus().state()).isEqualTo(State.ENQUEUED);
        return job;
    }
}
