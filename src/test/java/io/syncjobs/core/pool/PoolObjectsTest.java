package io.syncjobs.core.pool;

import static io.syncjobs.core.pool.GivenPool.tree;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.syncjobs.core.run.InvalidTemplate;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PoolObjectsTest {
    @Test
    void theAccountHasTheRightsThatWorkersNeedAndNoOthers() {
        var rules = new GivenPool().object("Role").path("rules");

        assertThat(rules.toString()).isEqualTo(tree("""
                        {rules: [
                        {apiGroups: [syncjobs.io], resources: [syncjobs], verbs: [get, list, watch, work]},
                        {apiGroups: [syncjobs.io], resources: [syncjobs/status], verbs: [get, patch]},
                        {apiGroups: [coordination.k8s.io], resources: [leases], verbs: [create, get, patch, watch]},
                        {apiGroups: [syncjobs.io], resources: [syncworkerpools], verbs: [work], resourceNames: [shop]}]}""").path("rules").toString());
        assertThat(new GivenPool().object("RoleBinding").path("subjects").toString())
                .isEqualTo("[{\"kind\":\"ServiceAccount\",\"name\":\"syncjobs-pool-shop\",\"namespace\":\"erp\"}]");
    }

    @Test
    void rightsAreThereBeforeTheWorkers() {
        assertThat(new GivenPool().objects())
                .extracting(PoolObjects.Child::kind)
                .containsExactly("ServiceAccount", "Role", "RoleBinding", "Deployment");
    }

    @Test
    void everyObjectBelongsToThePool() {
        assertThat(new GivenPool().objects()).allSatisfy(child -> {
            assertThat(child.json().at("/metadata/ownerReferences").toString())
                    .isEqualTo(
                            "[{\"apiVersion\":\"syncjobs.io/v1alpha1\",\"kind\":\"SyncWorkerPool\",\"name\":\"shop\","
                                    + "\"uid\":\"u-1\",\"controller\":true}]");
            assertThat(child.json().at("/metadata/labels/syncjobs.io~1pool").asText())
                    .isEqualTo("shop");
            assertThat(child.json().at("/metadata/namespace").asText()).isEqualTo("erp");
        });
    }

    @Test
    void theAccountAndItsRightsEndWithTheLastWorkerAndNotWithThePool() {
        assertThat(new GivenPool().worker("shop-7f-a", "p-1").objects()).allSatisfy(child -> {
            var owners = child.json().at("/metadata/ownerReferences");
            assertThat(owners.at("/0/kind").asText()).isEqualTo("SyncWorkerPool");
            if (child.kind().equals("Deployment")) assertThat(owners).hasSize(1);
            else
                assertThat(owners.path(1).toString())
                        .isEqualTo("{\"apiVersion\":\"v1\",\"kind\":\"Pod\",\"name\":\"shop-7f-a\",\"uid\":\"p-1\"}");
        });
    }

    @ParameterizedTest
    @CsvSource({"serviceAccountName", "serviceAccount"})
    void anAccountOfTheTemplatesOwnIsKeptAndIsGivenTheRights(String field) {
        var given = new GivenPool().template("{spec: {%s: erp, containers: [{name: h}]}}".formatted(field));

        assertThat(given.objects())
                .extracting(PoolObjects.Child::kind)
                .containsExactly("Role", "RoleBinding", "Deployment");
        assertThat(given.pod().path("serviceAccountName").asText()).isEqualTo("erp");
        assertThat(given.pod().has("serviceAccount")).isFalse();
        assertThat(given.object("RoleBinding").at("/subjects/0/name").asText()).isEqualTo("erp");
    }

    /** They go on until new ones are ready, and for good where these never are. */
    @Test
    void workersOfAnotherAccountKeepTheirRightsAsLongAsTheyAreThere() {
        var subjects = new GivenPool()
                .template("{spec: {serviceAccountName: erp}}")
                .worker("shop-7f-a", "p-1", "syncjobs-pool-shop")
                .worker("shop-7f-b", "p-2", "syncjobs-pool-shop")
                .worker("shop-8c-a", "p-3", "erp")
                .worker("a-stranger", "p-4", "")
                .object("RoleBinding")
                .path("subjects");

        assertThat(subjects).extracting(one -> one.path("name").asText()).containsExactly("erp", "syncjobs-pool-shop");
        assertThat(subjects).extracting(one -> one.path("namespace").asText()).containsOnly("erp");
    }

    /** What Helm makes of a value that is not set. In a pod it names no account either. */
    @ParameterizedTest
    @CsvSource({"serviceAccountName", "serviceAccount"})
    void anEmptyNameIsNoAccount(String field) {
        var given = new GivenPool().template("{spec: {%s: '', containers: [{name: h}]}}".formatted(field));

        assertThat(given.objects()).extracting(PoolObjects.Child::kind).contains("ServiceAccount");
        assertThat(given.pod().path("serviceAccountName").asText()).isEqualTo("syncjobs-pool-shop");
        assertThat(given.object("RoleBinding").at("/subjects/0/name").asText()).isEqualTo("syncjobs-pool-shop");
    }

    @Test
    void aWorkerIsReadyBeforeAnotherIsToldToEnd() {
        var spec = new GivenPool().object("Deployment").path("spec");

        assertThat(spec.path("strategy").toString())
                .isEqualTo(
                        "{\"type\":\"RollingUpdate\",\"rollingUpdate\":{\"maxSurge\":\"25%\",\"maxUnavailable\":0}}");
        assertThat(spec.path("replicas").asInt()).isEqualTo(2);
        assertThat(spec.path("paused").asBoolean(true)).isFalse();
        assertThat(spec.at("/selector/matchLabels").toString()).isEqualTo("{\"syncjobs.io/pool\":\"shop\"}");
    }

    @Test
    void everyChangeButThatOfReplicasReplacesTheWorkers() {
        var now = new GivenPool().object("Deployment").at("/spec/template");

        assertThat(new GivenPool().replicas(7).object("Deployment").at("/spec/template"))
                .isEqualTo(now);
        assertThat(new GivenPool().slots(9).object("Deployment").at("/spec/template"))
                .isNotEqualTo(now);
        assertThat(new GivenPool().port(9090).object("Deployment").at("/spec/template"))
                .isNotEqualTo(now);
    }

    @Test
    void theAgentStartsFirstEndsLastAndAloneHasAToken() {
        var pod = new GivenPool()
                .template("{spec: {containers: [{name: h}, {name: log}], initContainers: [{name: prepare}]}}")
                .pod();

        var agent = pod.at("/initContainers/0");
        assertThat(agent.path("name").asText()).isEqualTo("syncjobs-agent");
        assertThat(agent.path("restartPolicy").asText()).isEqualTo("Always");
        assertThat(agent.path("image").asText()).isEqualTo("r.example/syncjobs:1");
        assertThat(agent.path("imagePullPolicy").asText()).isEqualTo("Always");
        assertThat(agent.path("resources").toString()).isEqualTo("{\"limits\":{\"memory\":\"77Mi\",\"cpu\":0.5}}");
        assertThat(pod.at("/initContainers/1/name").asText()).isEqualTo("prepare");
        assertThat(pod.path("imagePullSecrets").toString()).isEqualTo("[{\"name\":\"pull\"}]");
        assertThat(pod.path("automountServiceAccountToken").asBoolean(true)).isFalse();
        assertThat(pod.findValues("volumeMounts")).containsExactly(agent.path("volumeMounts"));
        assertThat(agent.at("/volumeMounts/0/mountPath").asText())
                .isEqualTo("/var/run/secrets/kubernetes.io/serviceaccount");
        assertThat(pod.at("/volumes/0/projected/sources/0/serviceAccountToken/path")
                        .asText())
                .isEqualTo("token");
    }

    @Test
    void theHandlerIsToldToEndWhenTheAgentHasNoJobLeft() {
        var handler = new GivenPool()
                .template(
                        "{spec: {containers: [{name: h, lifecycle: {postStart: {exec: {command: [a]}}}}, {name: log}]}}")
                .pod()
                .path("containers");

        assertThat(handler.at("/0/lifecycle/preStop").toString())
                .isEqualTo("{\"httpGet\":{\"path\":\"/drain/u-1\",\"port\":9808,\"scheme\":\"HTTP\"}}");
        assertThat(handler.at("/0/lifecycle/postStart").isObject()).isTrue();
        assertThat(handler.at("/1/lifecycle").isMissingNode()).isTrue();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "SYNCJOBS_POOL | shop",
                "SYNCJOBS_SLOTS | 8",
                "SYNCJOBS_HEARTBEAT_SECONDS | 10",
                "SYNCJOBS_DEAD_AFTER_SECONDS | 300",
                "SYNCJOBS_TRACE_BYTES | 4096",
                "SYNCJOBS_LOG_FORMAT | json",
                "SYNCJOBS_GRACE_SECONDS | 77",
                "SYNCJOBS_HANDLER_CONTAINER | handler",
                "SYNCJOBS_HANDLER_PORT | 8080",
                "SYNCJOBS_DRAIN_PATH | /drain/u-1",
                "SYNCJOBS_HANDLER_PATH | /jobs/{action}",
                "SYNCJOBS_HANDLER_CANCEL_PATH | ''",
                "POD_NAME | metadata.name",
                "POD_NAMESPACE | metadata.namespace",
                "POD_UID | metadata.uid",
            })
    void theAgentIsTold(String variable, String value) {
        var env = new GivenPool()
                .template("{spec: {terminationGracePeriodSeconds: 77}}")
                .pod()
                .at("/initContainers/0/env");

        assertThat(env)
                .filteredOn(one -> one.path("name").asText().equals(variable))
                .singleElement()
                .satisfies(one -> assertThat(
                                (one.has("value") ? one.path("value") : one.at("/valueFrom/fieldRef/fieldPath"))
                                        .asText())
                        .isEqualTo(value));
    }

    /** An agent whose settings it cannot read does not start. */
    @ParameterizedTest
    @CsvSource({"0, 1", "-3, 1", "30, 30", "99999999999, 2147483647", "soon, 30"})
    void theAgentStartsWhateverGracePeriodTheTemplateNames(String grace, String told) {
        var env = new GivenPool()
                .template("{spec: {terminationGracePeriodSeconds: %s}}".formatted(grace))
                .pod()
                .at("/initContainers/0/env");

        assertThat(env)
                .filteredOn(one -> one.path("name").asText().equals("SYNCJOBS_GRACE_SECONDS"))
                .extracting(one -> one.path("value").asText())
                .containsExactly(told);
    }

    @Test
    void whatTheTemplateLeavesOpenIsRestricted() {
        var pod = new GivenPool().pod();

        assertThat(pod.at("/securityContext/runAsNonRoot").asBoolean()).isTrue();
        assertThat(pod.path("enableServiceLinks").asBoolean(true)).isFalse();
        assertThat(pod.findValues("allowPrivilegeEscalation")).hasSize(2).allMatch(value -> !value.asBoolean(true));
    }

    @Test
    void theAgentIsNoRootWhoeverTheHandlerIs() {
        var agent = new GivenPool()
                .template("{spec: {securityContext: {runAsUser: 0, runAsNonRoot: false}}}")
                .pod()
                .at("/initContainers/0/securityContext");

        assertThat(agent.path("runAsNonRoot").asBoolean()).isTrue();
        assertThat(agent.path("runAsUser").asInt()).isEqualTo(65532);
        assertThat(new GivenPool()
                        .pod()
                        .at("/initContainers/0/securityContext/runAsUser")
                        .isMissingNode())
                .as("OpenShift gives one of its own")
                .isTrue();
    }

    @Test
    void labelsAndAnnotationsOfTheTemplateStayButForThatByWhichPodsOfJobsAreKnown() {
        var metadata = new GivenPool()
                .template("{metadata: {labels: {a: b, app.kubernetes.io/managed-by: syncjobs}, annotations: {c: d}}}")
                .object("Deployment")
                .at("/spec/template/metadata");

        assertThat(metadata.toString())
                .isEqualTo(
                        "{\"labels\":{\"a\":\"b\",\"syncjobs.io/pool\":\"shop\"},\"annotations\":{\"c\":\"d\","
                                + "\"kubectl.kubernetes.io/default-container\":\"handler\",\"syncjobs.io/worker\":\"handler\"}}");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{spec: {containers: []}} | spec.template.spec.containers is missing or empty",
                "{spec: {containers: no}} | spec.template.spec.containers must be a list",
                "{spec: {containers: [{name: h, lifecycle: {preStop: {sleep: {seconds: 5}}}}]}} | spec.template.spec.containers[0].lifecycle.preStop: leave it out",
                "{spec: {automountServiceAccountToken: true}} | spec.template.spec.automountServiceAccountToken: leave it out",
                "{spec: {containers: [{name: h}, {name: syncjobs-agent}]}} | spec.template.spec.containers[1].name syncjobs-agent is SyncJobs' own",
                "{spec: {initContainers: [{name: syncjobs-agent}]}} | spec.template.spec.initContainers[0].name syncjobs-agent",
                "{spec: {containers: [{name: h}, {name: b, ports: [{containerPort: 1}, {containerPort: 9808}]}]}} | spec.template.spec.containers[1].ports[1].containerPort 9808 is the agent's",
                "{spec: {initContainers: [{name: b, ports: [{containerPort: 9808}]}]}} | spec.template.spec.initContainers[0].ports[0].containerPort 9808",
                "{spec: {volumes: [{name: syncjobs-token}]}} | spec.template.spec.volumes[0].name syncjobs-token",
                "{spec: {volumes: no}} | spec.template.spec.volumes must be a list",
                "{spec: {imagePullSecrets: no}} | spec.template.spec.imagePullSecrets must be a list",
                "{spec: {os: {name: windows}}} | spec.template.spec.os.name windows: the agent beside the handler runs on Linux alone",
                "{replicas: 3} | spec.template.replicas is an unknown field",
            })
    void aTemplateThatWouldWorkOtherwiseThanItsAuthorThinksIsRefused(String template, String why) {
        assertThatThrownBy(new GivenPool().template(template)::objects)
                .isInstanceOf(InvalidTemplate.class)
                .hasMessageContaining(why);
    }

    @Test
    void thePortOfTheAgentIsNotTheHandlers() {
        assertThatThrownBy(new GivenPool().port(9808)::objects)
                .hasMessageContaining("spec.handler.port 9808 is the agent's");
    }

    @Test
    void thePoolIsNotChanged() {
        var given = new GivenPool();
        var before = given.pool().getSpec().template().fingerprint();

        given.objects();

        assertThat(given.pool().getSpec().template().fingerprint()).isEqualTo(before);
        assertThat(StreamSupport.stream(given.pod().path("initContainers").spliterator(), false))
                .hasSize(1);
    }
}
