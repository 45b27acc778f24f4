package io.syncjobs.it;

import static io.syncjobs.cluster.Manifest.job;
import static io.syncjobs.cluster.Manifest.pool;
import static io.syncjobs.cluster.Manifest.queue;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.syncjobs.cluster.ClusterTest;
import io.syncjobs.cluster.Json;
import io.syncjobs.cluster.Release;
import io.syncjobs.cluster.TestNamespace;
import io.syncjobs.cluster.Waiting;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What platform engineers do with pools, and what the operator makes of it. */
@ClusterTest
class PoolIT {
    private static final Duration SOON = Duration.ofMinutes(2);
    private static final String ALL = "deployments,pods,serviceaccounts,roles,rolebindings,leases";

    @Test
    void aPoolBecomesWorkersThatSayThatTheyLive(Release release, TestNamespace here) {
        here.apply(
                pool("shop").spec("replicas", 2).spec("slots", 8), queue("shop").spec("workerPool", "shop"));

        var shop = await(here, "shop", ready(2));

        assertThat(shop.at("/status/slots").asInt()).isEqualTo(16);
        assertThat(condition(shop, "Ready")).isEqualTo("True WorkersReady");
        assertThat(condition(shop, "CapacityFits")).isEqualTo("False QueuesTooSmall");
        assertThat(shop.at("/status/reason").isMissingNode()).isTrue();
        assertThat(here.kubectl("get", "leases", "-l", "syncjobs.io/pool=shop", "-o", "name")
                        .lines())
                .hasSize(2);
        assertThat(here.kubectl("get", "swp").lines().toList().getLast().split(" +"))
                .startsWith("shop", "2", "2", "16", "0", "0");

        here.kubectl("scale", "syncworkerpool", "shop", "--replicas=3");
        await(here, "shop", ready(3));
        here.kubectl("scale", "swp/shop", "--replicas=0");
        var none = await(here, "shop", ready(0).and(replicas(0)));
        assertThat(condition(none, "Ready")).isEqualTo("False ScaledToZero");
        assertThat(none.at("/status/reason").isMissingNode())
                .as("it is as its spec says")
                .isTrue();
    }

    @Test
    void whileWorkersAreReplacedAsManyAsBeforeTakeJobs(Release release, TestNamespace here) {
        here.apply(pool("shop").spec("replicas", 2));
        await(here, "shop", ready(2));
        var before = pods(here);

        patch(here, "{\"spec\":{\"template\":{\"metadata\":{\"labels\":{\"version\":\"2\"}}}}}");

        var fewest = new int[] {2};
        await(here, "shop", shop -> {
            fewest[0] = Math.min(fewest[0], shop.at("/status/readyReplicas").asInt());
            return condition(shop, "Progressing").equals("False Settled")
                    && pods(here).stream().noneMatch(before::contains);
        });
        assertThat(fewest[0]).isEqualTo(2);
    }

    @Test
    void whoeverDeletesAPoolIsRidOfAllThatItWasMadeOf(Release release, TestNamespace here) {
        here.apply(pool("shop"));
        await(here, "shop", ready(1));

        here.kubectl("delete", "syncworkerpool", "shop");

        Waiting.until("nothing of the pool is left", SOON, () -> left(here).isEmpty(), here::describe);
    }

    @Test
    void whatSomebodyTakesAwayComesBack(Release release, TestNamespace here) {
        here.apply(pool("shop"));
        await(here, "shop", ready(1));
        var uid = "-o=jsonpath={.metadata.uid}";
        var before = here.kubectl("get", "deployment", "shop", uid);

        here.kubectl("patch", "deployment", "shop", "--type=merge", "-p", "{\"spec\":{\"replicas\":0}}");
        Waiting.until(
                "the pool's replicas are back",
                SOON,
                () -> here.kubectl("get", "deployment", "shop", "-o=jsonpath={.spec.replicas}")
                        .equals("1"),
                here::describe);
        here.kubectl("delete", "rolebinding", "syncjobs-pool-shop");
        here.kubectl("delete", "deployment", "shop");

        Waiting.until(
                "another Deployment is there",
                SOON,
                () -> here.tryKubectl("get", "deployment", "shop", uid)
                                .out()
                                .replace(before, "")
                                .length()
                        > 1,
                here::describe);
        await(here, "shop", ready(1));
        assertThat(here.kubectl("get", "rolebinding", "syncjobs-pool-shop", "-o", "name"))
                .isNotEmpty();
    }

    @ParameterizedTest(name = "{1}")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"containers\":[{\"name\":\"h\",\"image\":\"i\",\"lifecycle\":{\"preStop\":{\"sleep\":{\"seconds\":1}}}}]} | InvalidTemplate | spec.template.spec.containers[0].lifecycle.preStop: leave it out",
                "{\"containers\":[]} | InvalidTemplate | spec.template.spec.containers is missing or empty",
                "{\"containers\":[{\"name\":\"h\"}]} | InvalidTemplate | spec.template.spec.containers[0].image: Required value",
                "{\"contaners\":[],\"containers\":[{\"name\":\"h\",\"image\":\"i\"}]} | InvalidTemplate | .spec.template.spec.contaners: field not declared in schema",
                "{\"containers\":[{\"name\":\"h\",\"image\":\"i\",\"securityContext\":{\"privileged\":true}}]} | PodSecurityForbidden | privileged",
                "{\"containers\":[{\"name\":\"h\",\"image\":\"no.example/none:1\"}]} | ImagePullFailed | spec.template of SyncWorkerPool shop",
                "{\"serviceAccountName\":\"missing\",\"containers\":[{\"name\":\"h\",\"image\":\"i\"}]} | InvalidTemplate | Create ServiceAccount",
                "{\"nodeSelector\":{\"no\":\"node\"},\"containers\":[{\"name\":\"h\",\"image\":\"i\"}]} | PodUnschedulable | nodeSelector",
            })
    void aTemplateThatMakesNoWorkersSaysWhy(
            String template, String reason, String words, Release release, TestNamespace here) {
        here.apply(pool("shop").spec("template.spec", Json.read(template)));

        var shop =
                await(here, "shop", seen -> seen.at("/status/reason").asText().equals(reason));

        assertThat(shop.at("/status/message").asText()).contains(words);
        assertThat(condition(shop, "Ready")).isEqualTo("False " + reason);
        here.apply(queue("shop").spec("workerPool", "shop"));
        var waiting = here.create(job("waits").spec("queue", "shop"))
                .await("it says why", status -> !status.message().isEmpty());
        assertThat(waiting.reason()).isIn("NoWorkers", "HandlerNotReady");
        assertThat(waiting.message()).contains("the pool says " + reason);
    }

    @Test
    void aMendedTemplateIsTakenAtOnceAndABrokenOneLeavesTheOldWorkers(Release release, TestNamespace here) {
        var broken = Json.text(Map.of(
                "spec", Map.of("template", Map.of("spec", Map.of("automountServiceAccountToken", true)))));
        here.apply(pool("shop"));
        await(here, "shop", ready(1));

        patch(here, broken);
        var told =
                await(here, "shop", seen -> seen.at("/status/reason").asText().equals("InvalidTemplate"));
        assertThat(condition(told, "Ready")).isEqualTo("True WorkersReady");

        patch(here, broken.replace("true", "null"));
        await(here, "shop", ready(1).and(seen -> seen.at("/status/reason").isMissingNode()));

        patch(here, """
                {"spec": {"template": {"spec": {"containers": [{"name": "h", "image": "no.example/none:1"}]}}}}""");
        var unpulled =
                await(here, "shop", seen -> seen.at("/status/reason").asText().equals("ImagePullFailed"));
        assertThat(condition(unpulled, "Ready")).isEqualTo("True WorkersReady");
    }

    @Test
    void aQuotaAndAnotherOnesDeploymentAreNamed(Release release, TestNamespace here) {
        here.quota("small", "pods=1");
        here.apply(pool("shop").spec("replicas", 2));
        var quota =
                await(here, "shop", seen -> seen.at("/status/reason").asText().equals("QuotaExceeded"));
        assertThat(quota.at("/status/message").asText()).contains("Raise ResourceQuota small");

        here.kubectl("create", "deployment", "taken", "--image=i", "--replicas=0");
        here.apply(pool("taken"));
        var taken =
                await(here, "taken", seen -> seen.at("/status/reason").asText().equals("NameTaken"));
        assertThat(taken.at("/status/message").asText()).contains("Deployment taken exists already");
        assertThat(here.kubectl("get", "deployment", "taken", "-o=jsonpath={.spec.template.spec.containers[*].name}"))
                .isEqualTo("i");
    }

    private static Predicate<JsonNode> ready(int count) {
        return pool -> pool.at("/status/readyReplicas").asInt(-1) == count;
    }

    private static Predicate<JsonNode> replicas(int count) {
        return pool -> pool.at("/status/replicas").asInt(-1) == count;
    }

    private static String condition(JsonNode pool, String type) {
        for (var condition : pool.at("/status/conditions")) {
            if (condition.path("type").asText().equals(type))
                return condition.path("status").asText() + " "
                        + condition.path("reason").asText();
        }
        return "";
    }

    private static JsonNode read(TestNamespace here, String name) {
        return Json.read(here.kubectl("get", "syncworkerpool", name, "-o", "json"));
    }

    /** The pool as soon as its status is about its spec and is as wanted. */
    private static JsonNode await(TestNamespace here, String name, Predicate<JsonNode> wanted) {
        var seen = new JsonNode[1];
        Waiting.until(
                "pool " + name + " is as wanted",
                SOON,
                () -> {
                    seen[0] = read(here, name);
                    var current = seen[0].at("/status/observedGeneration").equals(seen[0].at("/metadata/generation"));
                    return current && wanted.test(seen[0]);
                },
                () -> seen[0] + "\n" + here.describe());
        return seen[0];
    }

    private static List<String> pods(TestNamespace here) {
        return here.kubectl("get", "pods", "-l", "syncjobs.io/pool=shop", "-o=name")
                .lines()
                .toList();
    }

    private static List<String> left(TestNamespace here) {
        return here.kubectl("get", ALL, "-o", "name")
                .lines()
                .filter(name -> name.contains("shop"))
                .toList();
    }

    private static void patch(TestNamespace here, String merge) {
        here.kubectl("patch", "syncworkerpool", "shop", "--type=merge", "--patch", merge);
    }
}
