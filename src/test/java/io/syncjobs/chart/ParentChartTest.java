package io.syncjobs.chart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The chart as a dependency of another one. */
class ParentChartTest {
    private static final String DEPENDENCY = "{name: syncjobs, version: \">=0.0.0-0\", repository: \"\"%s}";

    @TempDir
    private Path parent;

    @ParameterizedTest
    @CsvSource({
        "syncjobs.enabled",
        "syncjobs.install",
        "syncjobs.features.queue",
        "syncjobs.a.b.c.d",
        "queues.enabled",
        "global.queues"
    })
    void aConditionSwitchesItOnAndOff(String condition) {
        depends(", condition: " + condition);

        assertThat(deployments(Map.of(condition, "true"))).containsExactly("shop-syncjobs-operator");
        assertThat(deployments(Map.of(condition, "false"))).isEmpty();
    }

    @Test
    void aTagSwitchesItOnAndOff() {
        depends(", tags: [queues]");

        assertThat(deployments(Map.of("tags.queues", "true"))).hasSize(1);
        assertThat(deployments(Map.of("tags.queues", "false"))).isEmpty();
    }

    @Test
    void twoAliasesAreTwoInstallationsWithNamesOfTheirOwn() {
        depends(", alias: orders, condition: orders.enabled", ", alias: stock, condition: stock.enabled");

        var objects = Chart.parsed(render(Map.of("orders.enabled", "true", "stock.enabled", "true")));

        assertThat(objects).extracting(Names::of).doesNotHaveDuplicates();
        assertThat(deployments(Map.of("orders.enabled", "true", "stock.enabled", "true")))
                .containsExactlyInAnyOrder("shop-orders-operator", "shop-stock-operator");
        assertThat(objects)
                .filteredOn(object -> object.path("kind").asText().equals("Deployment"))
                .extracting(object -> object.at("/spec/selector/matchLabels"))
                .doesNotHaveDuplicates();
    }

    /** Both would be named after the release alone, and each would replace the other's objects. */
    @ParameterizedTest
    @CsvSource({"orders, stock, orders-stock", "queue, queues, queues", "syncjobs, jobs, syncjobs"})
    void twoAliasesThatAreInTheReleasesNameAreTwoInstallationsToo(String alias, String other, String release) {
        depends(", alias: " + alias, ", alias: " + other);

        assertThat(Chart.parsed(Chart.text(parent, release, "shop", Map.of())))
                .extracting(Names::of)
                .doesNotHaveDuplicates();
    }

    /** Helm takes such an alias, and Kubernetes no such name. */
    @ParameterizedTest
    @ValueSource(strings = {"syncJobs", "sync_jobs", "SYNC"})
    void anAliasThatIsNoNameOfAnObjectMakesNamesAllTheSame(String alias) {
        depends(", alias: " + alias, ", alias: other");

        var names = Chart.parsed(render(Map.of())).stream()
                .filter(object -> !object.path("kind").asText().equals("List"))
                .map(object -> object.at("/metadata/name").asText());
        assertThat(names).allMatch(name -> name.matches("[a-z0-9]([-a-z0-9.:]*[a-z0-9])?"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"{child: image, parent: worker}", "{child: resources, parent: global.resources}"})
    void theParentMayTakeItsValues(String imported) {
        depends(", condition: syncjobs.enabled, import-values: [" + imported + "]");

        assertThat(deployments(Map.of("syncjobs.enabled", "true"))).hasSize(1);
    }

    @Test
    void globalValuesOfTheParentAreTakenWhereTheyAreKnownAndLetAloneElsewhere() {
        depends("");
        var values = new HashMap<String, String>();
        values.put("global.imageRegistry", "registry.example/mirror");
        values.put("global.imagePullSecrets[0]", "one");
        values.put("global.imagePullSecrets[1].name", "two");
        values.put("syncjobs.imagePullSecrets[0].name", "three");
        values.put("global.storageClass", "fast");
        values.put("global.compatibility.openshift.adaptSecurityContext", "force");
        values.put("syncjobs.image.registry", "elsewhere.example");

        var pod = Chart.parsed(render(values)).stream()
                .filter(object -> object.path("kind").asText().equals("Deployment"))
                .findFirst()
                .orElseThrow()
                .at("/spec/template/spec");

        assertThat(pod.at("/containers/0/image").asText()).isEqualTo("registry.example/mirror/syncjobs/syncjobs:0.1.0");
        assertThat(pod.at("/containers/0/env"))
                .as("what pools are told")
                .anyMatch(one -> one.path("name").asText().equals("SYNCJOBS_IMAGE")
                        && one.path("value").asText().equals("registry.example/mirror/syncjobs/syncjobs:0.1.0"))
                .anyMatch(one -> one.path("name").asText().equals("SYNCJOBS_IMAGE_PULL_SECRETS")
                        && one.path("value").asText().equals("one,two,three"));
        assertThat(pod.path("imagePullSecrets"))
                .extracting(secret -> secret.path("name").asText())
                .containsExactly("one", "two", "three");
    }

    /** A parent chart may use the same global value in its own way. */
    @ParameterizedTest
    @CsvSource({"global.imagePullSecrets, one", "global.imagePullSecrets[0], one", "syncjobs.imagePullSecrets, one"})
    void aPullSecretMayBeOneName(String value, String text) {
        depends("");

        assertThat(render(Map.of(value, text)))
                .contains("imagePullSecrets:\n        - name: one\n")
                .contains("{name: SYNCJOBS_IMAGE_PULL_SECRETS, value: \"one\"}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"x-common", "_common", "_resources", "\\.common"})
    void aPlaceForYamlAnchorsIsLetAlone(String place) {
        depends("");

        assertThat(deployments(Map.of("syncjobs." + place + ".limits.cpu", "1")))
                .hasSize(1);
    }

    @Test
    void whatIsNoSwitchIsStillRefused() {
        depends("");

        assertThatThrownBy(() -> render(Map.of("syncjobs.replica", "2"))).hasMessageContaining("replica");
        assertThatThrownBy(() -> render(Map.of("syncjobs.networkPolcy.enabled", "false")))
                .hasMessageContaining("the chart has no value networkPolcy, but one named networkPolicy");
    }

    /** A parent named shop with one dependency on the chart for each of these ends of its entry. */
    private void depends(String... entries) {
        try {
            Chart.copyTo(parent.resolve("charts/syncjobs"));
            var dependencies =
                    List.of(entries).stream().map(DEPENDENCY::formatted).toList();
            Files.writeString(
                    parent.resolve("Chart.yaml"),
                    "apiVersion: v2\nname: parent\nversion: 1.0.0\ndependencies:\n  - "
                            + String.join("\n  - ", dependencies) + "\n");
            Files.createDirectories(parent.resolve("templates"));
            Files.writeString(
                    parent.resolve("templates/own.yaml"), "kind: ConfigMap\napiVersion: v1\nmetadata: {name: own}\n");
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private String render(Map<String, String> values) {
        return Chart.text(parent, "shop", "shop", values);
    }

    private List<String> deployments(Map<String, String> values) {
        return Chart.parsed(render(values)).stream()
                .filter(object -> object.path("kind").asText().equals("Deployment"))
                .map(object -> object.at("/metadata/name").asText())
                .toList();
    }

    /** What the API server tells objects apart by. */
    static final class Names {
        private Names() {}

        static String of(JsonNode object) {
            return object.path("kind").asText() + " "
                    + object.at("/metadata/namespace").asText() + "/"
                    + object.at("/metadata/name").asText();
        }
    }
}
