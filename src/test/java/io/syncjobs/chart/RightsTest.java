package io.syncjobs.chart;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.marcnuri.helm.Helm;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the chart lets whom do, rule by rule: a right more is a change of this table. */
class RightsTest {
    private static final Map<String, ?> DEFAULTS = Map.of();

    /** Policies that hold in each namespace, served or not. */
    private static final Set<String> EVERYWHERE =
            Set.of("syncjobs-immutable", "syncjobs-templates", "syncjobs-commands", "syncjobs-by");

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "syncjobs-edit | syncjobs: get list watch create update patch delete deletecollection requeue set-done cancel; syncqueues syncworkerpools: get list watch create update patch delete deletecollection; syncworkerpools/scale: get update patch",
                "syncjobs-view | syncjobs syncqueues syncworkerpools: get list watch; syncworkerpools/scale: get",
                "syncjobs-operate | syncjobs: get list watch patch requeue; syncqueues syncworkerpools: get list watch",
                "syncjobs-explain | syncjobs: get list; syncqueues syncworkerpools: list; leases: list; pods: list",
                "syncjobs-operator | syncjobs: get list watch patch delete serve work; syncqueues: get list watch; syncworkerpools: get list watch work; syncjobs/status: get patch; syncqueues/status syncworkerpools/status: patch; leases: get list watch create patch; deployments: get list watch create patch; serviceaccounts: create patch; roles rolebindings: create patch; pods: get list watch create delete; pods/log: get; events: create list",
                "syncjobs-enqueuer | syncjobs: list serve; syncqueues syncworkerpools: list; syncjobs/status syncqueues/status: patch; leases: list; pods: list"
            })
    void eachRoleHasTheseRightsAndNoOthers(String role, String rules) {
        var rendered = Chart.object(DEFAULTS, "ClusterRole", role).path("rules");

        assertThat(stream(rendered)
                        .map(rule -> words(rule.path("resources")) + ": " + words(rule.path("verbs")))
                        .collect(joining("; ")))
                .isEqualTo(rules);
    }

    @Test
    void explainOnlyLooksAtOneLeaseAndOneCronJobOfItsRelease() {
        var rules = Chart.object(DEFAULTS, "Role", "syncjobs-explain-own").path("rules");

        assertThat(stream(rules)
                        .map(rule -> words(rule.path("resources")) + "/" + words(rule.path("resourceNames")) + ": "
                                + words(rule.path("verbs"))))
                .containsExactly("leases/syncjobs-operator: get", "cronjobs/syncjobs-enqueue: get");
    }

    /** An account that somebody else has made, and that gives no token to pods, does not stop it. */
    @Test
    void everyPodHasAToken() {
        var pods =
                Chart.objects(DEFAULTS).stream().flatMap(object -> object.findParents("serviceAccountName").stream());

        assertThat(pods)
                .hasSize(4)
                .allSatisfy(pod -> assertThat(
                                pod.path("automountServiceAccountToken").asBoolean(false))
                        .isTrue());
    }

    @Test
    void viewAndEditArePartOfKubernetesOwnRolesUnlessThatIsSwitchedOff() {
        for (var role : List.of("view", "edit")) {
            assertThat(labels(DEFAULTS, role)).contains("aggregate-to-" + role);
            assertThat(labels(Map.of("rbac.aggregate", "false"), role)).doesNotContain("aggregate");
        }
        assertThat(labels(DEFAULTS, "operate"))
                .as("who may requeue is named one by one")
                .doesNotContain("aggregate");
    }

    @Test
    void whoGaveACommandIsWrittenByServersThatCan() {
        assertThat(Chart.objects(DEFAULTS, "MutatingAdmissionPolicy")).hasSize(1);
        var older = new Helm(Chart.FOLDER)
                .template()
                .withName("syncjobs")
                .withNamespace("syncjobs-system")
                .withKubeVersion("1.35.2")
                .call();
        assertThat(older).doesNotContain("MutatingAdmissionPolicy").contains("syncjobs.io/by says who gave a command");
    }

    /** Platforms add their own name to the version, or only a plus. */
    @ParameterizedTest
    @CsvSource({
        "1.35+, false",
        "v1.35.4-eks-a737599, false",
        "v1.36.0-gke.1038001, true",
        "v1.36.1+rke2r1, true",
        "1.36+, true"
    })
    void whatAServerCanIsSeenFromAnyVersionThatPlatformsSay(String version, boolean writes) {
        var text = new Helm(Chart.FOLDER)
                .template()
                .withName("syncjobs")
                .withKubeVersion(version)
                .call();

        assertThat(text.contains("kind: MutatingAdmissionPolicy")).isEqualTo(writes);
    }

    /** What is written where no release serves stays there, and counts when one does. */
    @Test
    void everyPolicyFailsClosedAndIsBoundWhereTheReleaseServesOrWhereItMayServeLater() {
        var values = Map.of("watchNamespaces[0]", "erp", "jobs.allowTemplate", "false");
        for (var kind : List.of("ValidatingAdmissionPolicy", "MutatingAdmissionPolicy")) {
            var bindings = Chart.objects(values, kind + "Binding");
            assertThat(Chart.objects(values, kind)).isNotEmpty().allSatisfy(policy -> {
                assertThat(policy.at("/spec/failurePolicy").asText()).isEqualTo("Fail");
                var name = policy.at("/metadata/name").asText();
                assertThat(bindings)
                        .filteredOn(binding ->
                                binding.at("/spec/policyName").asText().equals(name))
                        .singleElement()
                        .satisfies(binding -> assertThat(
                                        binding.at("/spec/matchResources/namespaceSelector/matchExpressions/0/values")
                                                .toString())
                                .as(name)
                                .isEqualTo(EVERYWHERE.contains(name) ? "" : "[\"erp\"]"));
            });
        }
    }

    private static String labels(Map<String, ?> values, String role) {
        return Chart.object(values, "ClusterRole", "syncjobs-" + role)
                .at("/metadata/labels")
                .toString();
    }

    private static String words(JsonNode list) {
        return stream(list).map(JsonNode::asText).collect(joining(" "));
    }

    private static Stream<JsonNode> stream(JsonNode list) {
        return StreamSupport.stream(list.spliterator(), false);
    }
}
