package io.syncjobs.pool;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.apps.DeploymentBuilder;
import io.syncjobs.api.SyncWorkerPool;
import io.syncjobs.core.pool.PoolObjects;
import io.syncjobs.core.pool.PoolTrouble;
import io.syncjobs.core.settings.Settings;
import io.syncjobs.kube.Api;
import io.syncjobs.kube.ApiException;
import io.syncjobs.kube.Pools;
import io.syncjobs.kube.Wire;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ChildrenTest {
    private static final Instant NOW = Instant.parse("2026-11-28T10:00:00Z");
    private static final String POOL = "/apis/syncjobs.io/v1alpha1/namespaces/erp/syncworkerpools/shop";
    private static final String DEPLOYMENT = "/apis/apps/v1/namespaces/erp/deployments/shop";
    private static final String[] ALL = {
        "/api/v1/namespaces/erp/serviceaccounts/syncjobs-pool-shop",
        "/apis/rbac.authorization.k8s.io/v1/namespaces/erp/roles/syncjobs-pool-shop",
        "/apis/rbac.authorization.k8s.io/v1/namespaces/erp/rolebindings/syncjobs-pool-shop",
        DEPLOYMENT
    };

    /** What the API server has, by path, and what was applied. */
    private final Map<String, String> stored = new HashMap<>();

    private final List<String> applied = new ArrayList<>();
    private final List<String> scaled = new ArrayList<>();

    /** The account that was applied last has this uid, and the Deployment that was applied last names this one. */
    private String account = "a-1";

    private String accountOfWorkers = "";
    private int replicas = 2;
    private final SortedMap<String, PoolObjects.Worker> workers = new TreeMap<>();
    private Optional<ApiException> refusal = Optional.empty();
    private Children children;

    @BeforeEach
    void begin() {
        store("3", "", "{containers: [{name: h, image: i}]}");
        children = new Children(
                new Pools(new Stored(), (path, object) -> {
                    if (path.equals(DEPLOYMENT) && refusal.isPresent()) throw refusal.get();
                    applied.add(path);
                    if (path.equals(DEPLOYMENT))
                        accountOfWorkers = Wire.tree(object)
                                .at("/spec/template/metadata/annotations/syncjobs.io~1account")
                                .asText();
                    var uid = path.contains("serviceaccounts") ? account : "u-7";
                    return "{\"metadata\":{\"uid\":\"%s\",\"generation\":7}}"
                            .formatted(uid)
                            .getBytes(UTF_8);
                }),
                Settings.from(Map.of()).agent());
    }

    private void store(String generation, String deletion, String template) {
        stored.put(
                POOL,
                "{\"metadata\":{\"name\":\"shop\",\"namespace\":\"erp\",\"uid\":\"u\",\"generation\":" + generation
                        + deletion
                        + "},\"spec\":{\"replicas\":" + replicas + ",\"handler\":{\"port\":80},\"template\":{\"spec\":"
                        + template.replaceAll("([a-zA-Z]+)", "\"$1\"") + "}}}");
    }

    private static SyncWorkerPool cached(long generation) {
        var pool = new SyncWorkerPool();
        pool.getMetadata().setName("shop");
        pool.getMetadata().setNamespace("erp");
        pool.getMetadata().setUid("u");
        pool.getMetadata().setGeneration(generation);
        return pool;
    }

    private static Optional<HasMetadata> deployment(long generation) {
        return Optional.of(new DeploymentBuilder()
                .withNewMetadata()
                .withUid("d")
                .withGeneration(generation)
                .endMetadata()
                .build());
    }

    private Optional<PoolTrouble> keep(long pool, Optional<HasMetadata> deployment, int seconds) {
        applied.clear();
        scaled.clear();
        return children.keep(cached(pool), deployment, workers, NOW.plusSeconds(seconds));
    }

    @Test
    void aNewPoolGetsAllItsObjects() {
        assertThat(keep(3, Optional.empty(), 0)).isEmpty();

        assertThat(applied).containsExactly(ALL);
    }

    @Test
    void whileNothingChangesNothingIsAskedForOrWritten() {
        keep(3, Optional.empty(), 0);
        stored.clear();

        for (var second = 1; second < 60; second += 5) {
            assertThat(keep(3, deployment(7), second)).isEmpty();
            assertThat(applied).isEmpty();
        }
    }

    @Test
    void theyAreAppliedAgainWhenPoolOrDeploymentWasChangedOrAMinuteIsOver() {
        keep(3, Optional.empty(), 0);

        store("4", "", "{containers: [{name: h, image: j}]}");
        keep(4, deployment(7), 1);
        assertThat(applied).as("the pool was changed").hasSize(4);
        keep(4, deployment(8), 2);
        assertThat(applied).as("somebody has changed the Deployment").hasSize(4);
        keep(4, deployment(7), 3);
        assertThat(applied).as("the watch lags").isEmpty();
        keep(4, Optional.empty(), 4);
        assertThat(applied).as("somebody has deleted the Deployment").hasSize(4);
        keep(4, deployment(7), 70);
        assertThat(applied).as("rights may have been taken away").hasSize(4);
    }

    @Test
    void forOtherPodsTheyAreAppliedAgainAfterAMoment() {
        keep(3, Optional.empty(), 0);
        workers.put("p-1", new PoolObjects.Worker("shop-7f-a", "erp"));

        keep(3, deployment(7), 4);
        assertThat(applied).isEmpty();
        keep(3, deployment(7), 5);
        assertThat(applied).hasSize(4);
        keep(3, deployment(7), 15);
        assertThat(applied).isEmpty();
    }

    @Test
    void thePoolsOfANamespaceShareWhatItMayAskFor() {
        for (var number = 0; number < 1_000; number++) {
            var one = cached(3);
            one.getMetadata().setUid("u" + number);
            children.keep(one, Optional.empty(), workers, NOW);
        }
        keep(3, Optional.empty(), 0);
        keep(3, deployment(7), 99);

        assertThat(applied).as("a hundred seconds for a thousand").isEmpty();
        keep(3, deployment(7), 101);
        assertThat(applied).hasSize(4);
        assertThat(children.pause("erp", Duration.ofSeconds(5), Duration.ofMillis(20)))
                .isBetween(Duration.ofSeconds(20), Duration.ofSeconds(21));
        assertThat(children.pause("shop", Duration.ofSeconds(5), Duration.ofMillis(20)))
                .as("that of others is as it was")
                .isEqualTo(Duration.ofSeconds(5));
    }

    @Test
    void forAPoolThatIsBeingDeletedOrIsAnotherOneNothingIsMade() {
        store("3", ",\"deletionTimestamp\":\"2026-11-28T10:00:00Z\"", "{containers: [{name: h}]}");
        assertThat(keep(3, Optional.empty(), 0)).isEmpty();
        assertThat(applied).isEmpty();

        stored.remove(POOL);
        assertThat(keep(4, Optional.empty(), 1)).isEmpty();
        assertThat(applied).isEmpty();
    }

    @Test
    void aTemplateThatIsRefusedMakesNothingUntilItIsChanged() {
        store("3", "", "{containers: []}");

        assertThat(keep(3, Optional.empty(), 0)).map(PoolTrouble::reason).contains("InvalidTemplate");
        assertThat(applied).isEmpty();
        store("4", "", "{containers: [{name: h, image: i}]}");
        assertThat(keep(4, Optional.empty(), 1)).isEmpty();
        assertThat(applied).hasSize(4);
    }

    /** An autoscaler, or somebody who wants no more work done, does not wait for a better template. */
    @Test
    void aTemplateThatIsRefusedKeepsNobodyFromScalingTheWorkersThatAreThere() {
        keep(3, Optional.empty(), 0);
        replicas = 5;
        store("4", "", "{containers: []}");

        keep(4, deployment(7), 1);
        assertThat(applied).isEmpty();
        assertThat(scaled).containsExactly(DEPLOYMENT + " {\"metadata\":{\"uid\":\"d\"},\"spec\":{\"replicas\":5}}");

        refusal = Optional.of(new ApiException(422, "spec.template.spec.containers[0].image: Required value"));
        store("5", "", "{containers: [{name: h}]}");
        keep(5, deployment(7), 2);
        assertThat(scaled).as("also where the API server refuses it").hasSize(1);
        keep(5, Optional.empty(), 60);
        assertThat(scaled).as("there are none").isEmpty();
    }

    /** The tokens of the workers are those of the account that is gone, and the kubelet renews them after most of an hour. */
    @Test
    void workersWhoseAccountSomebodyHasDeletedAreReplaced() {
        keep(3, Optional.empty(), 0);
        assertThat(accountOfWorkers).isEqualTo("a-1");
        account = "a-2";

        keep(3, deployment(7), 60);

        assertThat(accountOfWorkers).isEqualTo("a-2");
    }

    @Test
    void anAccountOfTheTemplatesOwnIsNotReadForThat() {
        store("3", "", "{serviceAccountName: erp, containers: [{name: h, image: i}]}");

        keep(3, Optional.empty(), 0);

        assertThat(accountOfWorkers).isEmpty();
    }

    @Test
    void whatTheApiServerRefusesIsTriedAgainLessAndLessOften() {
        refusal = Optional.of(new ApiException(422, "spec.template.spec.containers[0].image: Required value"));
        var tries = new ArrayList<Integer>();
        for (var second = 0; second < 200; second++) {
            assertThat(keep(3, Optional.empty(), second))
                    .map(PoolTrouble::reason)
                    .contains("InvalidTemplate");
            if (!applied.isEmpty()) tries.add(second);
        }

        assertThat(tries).containsExactly(0, 5, 15, 35, 75, 135, 195);
    }

    @Test
    void aDeploymentOfThatNameThatIsNotThePoolsIsLeftAlone() {
        stored.put(
                DEPLOYMENT,
                "{\"metadata\":{\"ownerReferences\":[{\"uid\":\"x\",\"kind\":\"Shop\",\"name\":\"s\",\"controller\":true}]}}");

        assertThat(keep(3, Optional.empty(), 0))
                .hasValueSatisfying(trouble -> assertThat(trouble.message())
                        .isEqualTo("Deployment shop exists already and belongs to Shop s; delete it, or give the pool"
                                + " another name"));
        assertThat(applied).doesNotContain(DEPLOYMENT);
    }

    /** A backup that is restored has no owners, and somebody may delete a pool with {@code --cascade=orphan}. */
    @Test
    void aDeploymentThatAPoolOfThisNameHadIsTakenUpAgain() {
        var labels = "\"labels\":{\"app.kubernetes.io/managed-by\":\"syncjobs\",\"syncjobs.io/pool\":\"shop\"}";
        stored.put(DEPLOYMENT, "{\"metadata\":{" + labels + "}}");
        assertThat(keep(3, Optional.empty(), 0)).isEmpty();
        assertThat(applied).contains(DEPLOYMENT);

        var former = "{\"uid\":\"x\",\"kind\":\"SyncWorkerPool\",\"name\":\"shop\",\"controller\":true}";
        stored.put(DEPLOYMENT, "{\"metadata\":{" + labels + ",\"ownerReferences\":[" + former + "]}}");
        assertThat(keep(3, Optional.empty(), 30)).as("it was made anew").isEmpty();
        assertThat(applied).contains(DEPLOYMENT);

        stored.put(DEPLOYMENT, "{\"metadata\":{" + labels.replace("shop", "other") + "}}");
        assertThat(keep(3, Optional.empty(), 60)).map(PoolTrouble::reason).contains("NameTaken");
    }

    /** The API server says of both that it has failed itself. */
    @Test
    void aWebhookThatIsDownAndADeploymentThatIsTooLargeAreTold() {
        var down = "Internal error occurred: failed calling webhook \"policy.example\": connection refused";
        refusal = Optional.of(new ApiException(500, down));
        assertThat(keep(3, Optional.empty(), 0)).hasValueSatisfying(trouble -> {
            assertThat(trouble.reason()).isEqualTo("PodNotCreated");
            assertThat(trouble.message()).contains("Admission webhook policy.example does not answer");
        });

        refusal = Optional.of(new ApiException(500, "etcdserver: request is too large"));
        assertThat(keep(3, Optional.empty(), 60)).map(PoolTrouble::reason).contains("InvalidTemplate");
    }

    @Test
    void withoutAnAnswerNothingIsKnown() {
        refusal = Optional.of(new ApiException("no answer", new IllegalStateException()));

        assertThatThrownBy(() -> keep(3, Optional.empty(), 0)).isInstanceOf(ApiException.class);
        refusal = Optional.of(new ApiException(429, "too many requests"));
        assertThatThrownBy(() -> keep(3, Optional.empty(), 0)).isInstanceOf(ApiException.class);
        refusal = Optional.empty();
        assertThat(keep(3, Optional.empty(), 1)).isEmpty();
        assertThat(applied).hasSize(4);
    }

    /** An API server that is only read. */
    private final class Stored implements Api {
        @Override
        public Optional<byte[]> metadata(String path, int most) {
            throw new UnsupportedOperationException(path);
        }

        @Override
        public byte[] get(String path) {
            var found = stored.get(path);
            if (found == null) throw new ApiException(404, "not found");
            return found.getBytes(UTF_8);
        }

        @Override
        public Optional<byte[]> get(String path, int most, Duration patience) {
            throw new UnsupportedOperationException(path);
        }

        @Override
        public byte[] create(String path, byte[] object) {
            throw new UnsupportedOperationException(path);
        }

        @Override
        public byte[] patch(String path, byte[] changes) {
            throw new UnsupportedOperationException(path);
        }

        @Override
        public byte[] patchForMetadata(String path, byte[] changes) {
            scaled.add(path + " " + new String(changes, UTF_8));
            return new byte[0];
        }

        @Override
        public byte[] delete(String path, byte[] options) {
            throw new UnsupportedOperationException(path);
        }
    }
}
