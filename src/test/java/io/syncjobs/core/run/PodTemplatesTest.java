package io.syncjobs.core.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.syncjobs.api.RawJson;
import io.syncjobs.api.SyncJob;
import io.syncjobs.api.SyncJobSpec;
import io.syncjobs.core.job.Given;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PodTemplatesTest {
    @Test
    void aPodIsFoundByTheNameOfItsJobHoweverLongThatIs() {
        var dotted = "export-" + "a".repeat(46) + ".b" + "c".repeat(200);

        assertThat(PodNames.label(Given.job("export-order-1042"))).isEqualTo("export-order-1042");
        assertThat(PodNames.label(Given.job(dotted)))
                .matches("[a-z0-9]([-a-z0-9.]{0,61}[a-z0-9])?")
                .isNotEqualTo(PodNames.label(Given.job(dotted + "d")));
    }

    @Test
    void thePodIsTheJobsAndIsFoundByItsLabels() {
        var pod = pod(
                "{'metadata': {'labels': {'team': 'shop', 'syncjobs.io/attempt': '9'}}, 'spec': {'containers': [{}]}}");

        var metadata = pod.path("metadata");
        assertThat(metadata.path("name").asText()).isEqualTo("order-2-abc");
        assertThat(metadata.at("/ownerReferences/0/uid").asText()).isEqualTo("uid-order");
        assertThat(metadata.at("/ownerReferences/0/controller").asBoolean()).isTrue();
        assertThat(metadata.at("/labels/team").asText()).isEqualTo("shop");
        assertThat(metadata.at("/labels/syncjobs.io~1attempt").asText()).isEqualTo("2");
    }

    @Test
    void whatTheTemplateLeavesOpenIsRestrictedAndWhatItSaysStays() {
        var open = pod("{'spec': {'containers': [{}], 'initContainers': [{}]}}").path("spec");
        var own = pod("{'spec': {'restartPolicy': 'Always', 'automountServiceAccountToken': true,"
                        + " 'securityContext': {'runAsNonRoot': false},"
                        + " 'containers': [{'securityContext': {'capabilities': {'add': ['NET_RAW']}}}]}}")
                .path("spec");

        assertThat(open.path("automountServiceAccountToken").asBoolean(true)).isFalse();
        assertThat(open.at("/securityContext/runAsNonRoot").asBoolean()).isTrue();
        assertThat(open.at("/securityContext/seccompProfile/type").asText()).isEqualTo("RuntimeDefault");
        for (var container : new String[] {"/containers/0", "/initContainers/0"}) {
            assertThat(open.at(container + "/securityContext/allowPrivilegeEscalation")
                            .asBoolean(true))
                    .isFalse();
            assertThat(open.at(container + "/securityContext/capabilities/drop/0")
                            .asText())
                    .isEqualTo("ALL");
        }
        assertThat(own.path("restartPolicy").asText()).isEqualTo("Never");
        assertThat(own.path("automountServiceAccountToken").asBoolean()).isTrue();
        assertThat(own.at("/securityContext/runAsNonRoot").asBoolean(true)).isFalse();
        assertThat(own.at("/containers/0/securityContext/capabilities/add/0").asText())
                .isEqualTo("NET_RAW");
        assertThat(own.at("/containers/0/securityContext/capabilities/drop").isMissingNode())
                .isTrue();
    }

    /** The API server refuses what Linux alone has. */
    @Test
    void aPodForWindowsIsRestrictedAsFarAsWindowsKnowsIt() {
        var spec = pod("{'spec': {'os': {'name': 'windows'}, 'containers': [{}], 'initContainers': [{}]}}")
                .path("spec");

        assertThat(spec.at("/securityContext").toString()).isEqualTo("{\"runAsNonRoot\":true}");
        assertThat(spec.at("/containers/0/securityContext").isMissingNode()).isTrue();
        assertThat(spec.at("/initContainers/0/securityContext").isMissingNode()).isTrue();
    }

    @Test
    void aPodOfAJobIsNoWorkerOfAPoolWhateverItsTemplateSays() {
        var pod = pod("{'metadata': {'labels': {'syncjobs.io/pool': 'magento'}}, 'spec': {'containers': [{}]}}");

        assertThat(pod.at("/metadata/labels").has("syncjobs.io/pool")).isFalse();
    }

    @Test
    void itIsNotedWhatOfThePodIsTheTemplates() {
        var own = pod("{'spec': {'containers': [{'name': 'w'}, {'name': 'c'}],"
                + " 'initContainers': [{'name': 'a'}], 'schedulingGates': [{'name': 'shop/stock'}]}}");
        var bare = pod("{'spec': {'containers': [{'name': 'w'}]}}");

        assertThat(own.at("/metadata/annotations/syncjobs.io~1containers").asText())
                .isEqualTo("w,c,a");
        assertThat(own.at("/metadata/annotations").has("syncjobs.io/gated-by-template"))
                .isTrue();
        assertThat(bare.at("/metadata/annotations/syncjobs.io~1containers").asText())
                .isEqualTo("w");
        assertThat(bare.at("/metadata/annotations").has("syncjobs.io/gated-by-template"))
                .isFalse();
    }

    @Test
    void theTemplateItselfIsNotChanged() {
        var template = json("{'spec': {'containers': [{'env': [{'name': 'A', 'value': 'b'}]}]}}");
        var before = template.deepCopy();

        PodTemplates.pod(job("1"), template, 1, "order-1-abc", Given.NOW);

        assertThat(template).isEqualTo(before);
    }

    @Test
    void onlyTheFirstContainerIsToldAndOursWinOverTheTemplates() {
        var spec = pod("{'spec': {'containers': [{'env': [{'name': 'SYNCJOB_NAME', 'value': 'mine'},"
                        + " {'name': 'SHOP', 'value': 'x'}]}, {}]}}")
                .path("spec");

        var env = spec.at("/containers/0/env");
        assertThat(env.findValuesAsText("name").stream().filter("SYNCJOB_NAME"::equals))
                .hasSize(1);
        assertThat(value(env, "SYNCJOB_NAME")).isEqualTo("order");
        assertThat(value(env, "SHOP")).isEqualTo("x");
        assertThat(value(env, "SYNCJOB_ATTEMPT")).isEqualTo("2");
        assertThat(value(env, "SYNCJOB_IDEMPOTENCY_KEY")).isEqualTo("uid-order-0");
        assertThat(spec.at("/containers/1/env").isMissingNode()).isTrue();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"1|1", "\"$(HOME)\"|\"$$(HOME)\"", "\"$$\"|\"$$$$\"", "[1.5,\"ü\",null]|[1.5,\"ü\",null]"})
    void thePayloadArrivesAsItWasGivenWhateverTheKubeletExpands(String payload, String written) {
        var pod = PodTemplates.pod(job(payload), json("{'spec': {'containers': [{}]}}"), 1, "order-1-abc", Given.NOW);

        assertThat(value(pod.at("/spec/containers/0/env"), "SYNCJOB_PAYLOAD")).isEqualTo(written);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{}|spec.template.spec.containers is missing or empty",
                "{'spec': {}}|spec.template.spec.containers is missing or empty",
                "{'spec': {'containers': []}}|spec.template.spec.containers is missing or empty",
                "{'spec': {'containers': 'one'}}|spec.template.spec.containers must be a list of objects",
                "{'spec': {'containers': {'a': {}}}}|spec.template.spec.containers must be a list of objects",
                "{'spec': {'containers': [{'env': 'A=b'}]}}|spec.template.spec.containers[0].env must be a list",
                "{'spec': {'containers': [{}], 'initContainers': 'a'}}|spec.template.spec.initContainers must be a list",
                "{'spec': {'containers': [{}], 'securityContext': 'a'}}|spec.template.spec.securityContext must be",
                "{'spec': {'containers': [{}, {'securityContext': 1}]}}|spec.template.spec.containers[1].securityContext must be",
                "{'metadata': {'labels': []}, 'spec': {'containers': [{}]}}|spec.template.metadata.labels must be an object",
                "{'specs': {}, 'spec': {'containers': [{}]}}|spec.template.specs is an unknown field",
                "{'spec': {'containers': ['one']}}|spec.template.spec.containers must be a list of objects",
                "{'metadata': {'lables': {}}, 'spec': {'containers': [{}]}}|spec.template.metadata.lables is an unknown field",
                "{'spec': {'containers': [{'restartPolicy': 'OnFailure'}]}}|spec.template.spec.containers[0].restartPolicy: leave it out",
                "{'spec': {'containers': [{'restartPolicyRules': []}]}}|spec.template.spec.containers[0].restartPolicyRules: leave",
                "{'spec': {'containers': [{}], 'initContainers': [{'restartPolicyRules': []}]}}|initContainers[0].restartPolicyRules",
                "{'spec': 'pod'}|spec.template.spec must be an object",
                "{'metadata': 3, 'spec': {'containers': [{}]}}|spec.template.metadata must be an object",
                "{'kind': 'Job', 'spec': {'template': {'spec': {'containers': [{}]}}}}|spec.template.spec.template: a whole Job",
            })
    void aTemplateThatCannotBeReadNamesTheField(String template, String message) {
        assertThatThrownBy(() -> pod(template.replace("''", "'")))
                .isInstanceOf(InvalidTemplate.class)
                .hasMessageContaining(message);
    }

    private static ObjectNode pod(String template) {
        return PodTemplates.pod(job("null"), json(template), 2, "order-2-abc", Given.NOW);
    }

    private static SyncJob job(String payload) {
        var value = RawJson.of(payload);
        return Given.job("order", new SyncJobSpec("default", "export.order", value, null, null, null, null, null));
    }

    private static String value(JsonNode env, String name) {
        for (var variable : env) {
            if (variable.path("name").asText().equals(name))
                return variable.path("value").asText();
        }
        return "";
    }

    private static ObjectNode json(String text) {
        return Given.json(text.replace('\'', '"'));
    }
}
