package io.syncjobs.chart;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Where each value ends up. */
class ValuesTest {
    private static final String DIGEST = "sha256:" + "0123456789abcdef".repeat(4);

    /** What can be said of a pod; a pointer into its template. */
    @ParameterizedTest
    @CsvSource({
        "podAnnotations.a, b, /metadata/annotations/a, b",
        "podLabels.a, b, /metadata/labels/a, b",
        "priorityClassName, high, /spec/priorityClassName, high",
        "affinity.nodeAffinity.a, b, /spec/affinity/nodeAffinity/a, b",
        "nodeSelector.disk, ssd, /spec/nodeSelector/disk, ssd",
        "tolerations[0].key, batch, /spec/tolerations/0/key, batch",
        "extraEnv[0].name, HTTPS_PROXY, last variable, HTTPS_PROXY",
        "extraVolumes[0].name, certs, /spec/volumes/0/name, certs",
        "resources.limits.gpu, 2, /spec/containers/0/resources/limits/gpu, 2",
        "podSecurityContext.fsGroup, 7, /spec/securityContext/fsGroup, 7",
        "securityContext.runAsGroup, 7, /spec/containers/0/securityContext/runAsGroup, 7",
    })
    void atTheTopItHoldsForEveryPodAndUnderEnqueuerForTheMinuteRunAndTheHooks(
            String value, String text, String pointer, String rendered) {
        // The operator's resources are never the minute run's, which has defaults of its own.
        var both = !value.startsWith("resources");
        assertThat(at(operator(Map.of(value, text)), pointer)).isEqualTo(rendered);
        for (var pod : others(Map.of(value, text))) assertThat(at(pod, pointer)).isEqualTo(both ? rendered : "");

        var own = Map.of("enqueuer." + value, text);
        assertThat(at(operator(own), pointer)).isEmpty();
        for (var pod : others(own)) assertThat(at(pod, pointer)).isEqualTo(rendered);
    }

    @Test
    void underEnqueuerItReplacesWhatIsAtTheTopAlsoWithNothing() {
        var values = Map.of(
                "priorityClassName", "high",
                "enqueuer.priorityClassName", "",
                "podAnnotations.a", "b",
                "enqueuer.podAnnotations.c", "d",
                "nodeSelector.disk", "ssd");

        assertThat(at(operator(values), "/spec/priorityClassName")).isEqualTo("high");
        assertThat(others(values)).hasSize(3).allSatisfy(pod -> {
            assertThat(at(pod, "/spec/priorityClassName")).isEmpty();
            assertThat(pod.at("/metadata/annotations").toString()).isEqualTo("{\"c\":\"d\"}");
            assertThat(at(pod, "/spec/nodeSelector/disk")).isEqualTo("ssd");
        });
    }

    @Test
    void volumesAreMountedAndConstraintsFindTheirPods() {
        for (var prefix : List.of("", "enqueuer.")) {
            var values = Map.of(
                    prefix + "extraVolumes[0].name", "certs",
                    prefix + "extraVolumeMounts[0].name", "certs",
                    prefix + "extraVolumeMounts[0].mountPath", "/certs",
                    prefix + "topologySpreadConstraints[0].topologyKey", "rack",
                    prefix + "topologySpreadConstraints[0].maxSkew", "1",
                    prefix + "topologySpreadConstraints[0].whenUnsatisfiable", "DoNotSchedule");
            var pods = prefix.isEmpty() ? Stream.of(operator(values)) : others(values).stream();
            assertThat(pods).allSatisfy(pod -> {
                assertThat(at(pod, "/spec/containers/0/volumeMounts/0/mountPath"))
                        .isEqualTo("/certs");
                var constraint = pod.at("/spec/topologySpreadConstraints/0");
                assertThat(at(constraint, "/topologyKey")).isEqualTo("rack");
                assertThat(at(constraint, "/labelSelector/matchLabels/app.kubernetes.io~1component"))
                        .isEqualTo(at(pod, "/metadata/labels/app.kubernetes.io~1component"));
            });
        }
    }

    @Test
    void aConstraintsOwnSelectorStaysAsItIsAndAnotherNamesWhatAnUpgradeDoesNotChange() {
        var constraint = "topologySpreadConstraints[%d].";
        var values = new HashMap<String, Object>();
        for (var i = 0; i < 2; i++) {
            values.put(constraint.formatted(i) + "topologyKey", "rack");
            values.put(constraint.formatted(i) + "maxSkew", "1");
            values.put(constraint.formatted(i) + "whenUnsatisfiable", "ScheduleAnyway");
        }
        values.put("podLabels.zone", "blue");
        values.put(constraint.formatted(0) + "labelSelector.matchLabels.app", "mine");

        var constraints = operator(values).at("/spec/topologySpreadConstraints");

        assertThat(constraints.at("/0/labelSelector").toString()).isEqualTo("{\"matchLabels\":{\"app\":\"mine\"}}");
        assertThat(constraints.at("/1/labelSelector"))
                .isEqualTo(Chart.object(Map.of(), "Deployment", "syncjobs-operator")
                        .at("/spec/selector"));
    }

    @Test
    void severalOperatorsSpreadOverNodesAndZonesUnlessToldOtherwise() {
        assertThat(operator(Map.of()).at("/spec/topologySpreadConstraints").isMissingNode())
                .isTrue();
        assertThat(operator(Map.of("replicas", "2")).at("/spec/topologySpreadConstraints"))
                .extracting(constraint -> constraint.path("topologyKey").asText() + " "
                        + constraint.path("whenUnsatisfiable").asText())
                .containsExactly("kubernetes.io/hostname ScheduleAnyway", "topology.kubernetes.io/zone ScheduleAnyway");
        assertThat(operator(Map.of(
                                "replicas",
                                "2",
                                "topologySpreadConstraints[0].topologyKey",
                                "rack",
                                "topologySpreadConstraints[0].maxSkew",
                                "1",
                                "topologySpreadConstraints[0].whenUnsatisfiable",
                                "DoNotSchedule"))
                        .at("/spec/topologySpreadConstraints"))
                .hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "podSecurityContext.runAsUser=null",
                "securityContext.runAsUser=null",
                "enqueuer.podSecurityContext.runAsUser=null",
                "enqueuer.securityContext.runAsGroup=null",
                "podSecurityContext.runAsNonRoot=null",
                "podSecurityContext.seccompProfile=null",
                "podSecurityContext=null",
                "securityContext=null",
                "openshift=true",
                "global.openshift=true",
                "global.compatibility.openshift.adaptSecurityContext=force",
                "serviceAccount.annotations.a=b",
            })
    void noPodNamesAUserOnOpenShiftOrElsewhere(String value) {
        var setting = value.split("=", -1);

        assertThat(Chart.text(Map.of(setting[0], setting[1]))).doesNotContain("runAsUser", "runAsGroup", ": null");
    }

    @ParameterizedTest
    @CsvSource({
        "registry.example, '', v9, '', registry.example/syncjobs/syncjobs:v9",
        "registry.example:5000/mirror, team/queue, '', '', registry.example:5000/mirror/team/queue:0.1.0",
        "'', r.example/x, v9, " + "D" + ", r.example/x@D",
        "'', r.example/x, v9@D, '', r.example/x:v9@D",
        "registry.example:5000/, syncjobs, v9, '', registry.example:5000/syncjobs:v9",
        "[fd00::1]:5000, syncjobs, v9, '', [fd00::1]:5000/syncjobs:v9",
        "'', [fd00::1]:5000/syncjobs, v9, '', [fd00::1]:5000/syncjobs:v9",
        "r.example:5000, r.example:5000/team/queue, v9, '', r.example:5000/team/queue:v9",
    })
    void anImageIsRegistryRepositoryAndTagOrDigest(
            String registry, String repository, String tag, String digest, String image) {
        var values = new HashMap<String, String>(
                Map.of("image.registry", registry, "image.tag", tag.replace("@D", "@" + DIGEST)));
        if (!repository.isEmpty()) values.put("image.repository", repository);
        if (!digest.isEmpty()) values.put("image.digest", DIGEST);

        assertThat(at(operator(values), "/spec/containers/0/image")).isEqualTo(image.replace("@D", "@" + DIGEST));
    }

    @ParameterizedTest
    @CsvSource({
        "serviceAccount, operator, operator",
        "enqueuer.serviceAccount, enqueuer, enqueue",
        "crds.serviceAccount, crds, crds"
    })
    void anAccountMayHaveAnotherNameAndAnnotationsOrBeSomebodyElses(String path, String component, String object) {
        var named = Map.of(path + ".name", "own", path + ".annotations.a", "b");
        assertThat(at(Chart.object(named, "ServiceAccount", "own"), "/metadata/annotations/a"))
                .isEqualTo("b");
        assertThat(pod(named, "syncjobs-" + object)
                        .at("/spec/serviceAccountName")
                        .asText())
                .isEqualTo("own");
        var bound = Stream.of("RoleBinding", "ClusterRoleBinding")
                .flatMap(kind -> Chart.objects(named, kind).stream())
                .filter(binding -> at(binding, "/metadata/name").contains(component));
        assertThat(bound)
                .isNotEmpty()
                .allSatisfy(
                        binding -> assertThat(at(binding, "/subjects/0/name")).isEqualTo("own"));
        assertThat(Chart.text(named)).doesNotContain("system:serviceaccount:syncjobs-system:syncjobs-" + component);

        var foreign = Map.of(path + ".create", "false");
        assertThat(Chart.objects(foreign, "ServiceAccount"))
                .extracting(account -> at(account, "/metadata/name"))
                .doesNotContain("syncjobs-" + component);
        assertThat(pod(foreign, "syncjobs-" + object)
                        .at("/spec/serviceAccountName")
                        .asText())
                .isEqualTo("syncjobs-" + component);
    }

    @Test
    void commonLabelsAreOnEveryObjectAndPodButInNoSelector() {
        var values = Map.of("commonLabels.team", "erp", "serviceMonitor.enabled", "true");
        var text = Chart.text(values);

        assertThat(Chart.objects(values))
                .allSatisfy(object ->
                        assertThat(at(object, "/metadata/labels/team")).isEqualTo("erp"));
        assertThat(operator(values).at("/metadata/labels/team").asText()).isEqualTo("erp");
        for (var object : Chart.parsed(text)) {
            assertThat(object.findValues("matchLabels").toString()).doesNotContain("team");
        }
        assertThat(at(operator(Map.of("commonLabels.app\\.kubernetes\\.io/name", "x")), LABELS + "~1name"))
                .isEqualTo("syncjobs");
    }

    private static final String LABELS = "/metadata/labels/app.kubernetes.io";

    @Test
    void namesCanBeOverridden() {
        assertThat(Chart.text("r", Map.of("fullnameOverride", "queues")))
                .contains("name: queues-operator", "\"queues\"");
        var named = Chart.objects("r", "n", Map.of("nameOverride", "queues"));
        assertThat(named)
                .extracting(object -> at(object, "/metadata/name"))
                .contains("r-queues-operator")
                .allSatisfy(name -> assertThat(name).startsWith("r-queues"));
        assertThat(named)
                .allSatisfy(object -> assertThat(at(object, LABELS + "~1name")).isEqualTo("queues"));
    }

    @ParameterizedTest
    @CsvSource({
        "syncjobs, one, syncjobs, two",
        "a, x, b, x",
        "syncjobs, syncjobs, syncjobs, syncjobs-system",
        "an-installation-with-a-name-of-more-than-forty-a, x, an-installation-with-a-name-of-more-than-forty-b, x",
        "a.b, x, a-b, x",
        "syncjobs, x, syncjobs-queue, x",
    })
    void twoReleasesShareNoName(String release, String namespace, String other, String otherNamespace) {
        var values = Map.of("podMonitor.enabled", "true", "jobs.allowTemplate", "false");
        var both = Stream.concat(
                        Chart.objects(release, namespace, values).stream(),
                        Chart.objects(other, otherNamespace, values).stream())
                .map(ParentChartTest.Names::of);

        assertThat(both)
                .doesNotHaveDuplicates()
                .allSatisfy(name -> assertThat(name.substring(name.indexOf('/') + 1))
                        .hasSizeLessThanOrEqualTo(120)
                        .matches("[a-z0-9]([-.a-z0-9]*[a-z0-9])?"));
    }

    @Test
    void aDrainTakesOneOperatorAfterTheOther() {
        assertThat(budget(Map.of()).toString()).contains("\"maxUnavailable\":1").doesNotContain("minAvailable");
        assertThat(budget(Map.of("podDisruptionBudget.minAvailable", "50%")).toString())
                .contains("\"minAvailable\":\"50%\"")
                .doesNotContain("maxUnavailable");
        assertThat(budget(Map.of("podDisruptionBudget.maxUnavailable", "30%")).toString())
                .contains("\"maxUnavailable\":\"30%\"");
        assertThat(Chart.objects(Map.of("podDisruptionBudget.enabled", "false"), "PodDisruptionBudget"))
                .isEmpty();
    }

    private static JsonNode budget(Map<String, ?> values) {
        return Chart.object(values, "PodDisruptionBudget", "syncjobs-operator").path("spec");
    }

    @Test
    void theNetworkPolicyAllowsScrapingAndTheApiServer() {
        var values = Map.of(
                "networkPolicy.metricsFrom[0].podSelector.matchLabels.app", "prometheus",
                "networkPolicy.apiServer[0].ipBlock.cidr", "10.0.0.1/32",
                "networkPolicy.apiServerPorts[0]", "6443");
        var operator =
                Chart.object(values, "NetworkPolicy", "syncjobs-operator").path("spec");
        var others = Chart.object(values, "NetworkPolicy", "syncjobs-enqueuer").path("spec");
        var hook = Chart.object(values, "NetworkPolicy", "syncjobs-crds").path("spec");

        assertThat(operator.path("ingress"))
                .as("probes come from the pod's own node, which needs no rule")
                .hasSize(1);
        assertThat(operator.at("/ingress/0/ports").toString()).isEqualTo("[{\"protocol\":\"TCP\",\"port\":\"http\"}]");
        assertThat(operator.at("/ingress/0/from").toString()).contains("\"app\":\"prometheus\"");
        for (var policy : List.of(others, hook)) {
            assertThat(policy.path("ingress").isMissingNode()).isTrue();
            assertThat(policy.path("policyTypes").toString()).contains("Ingress");
        }
        for (var policy : List.of(operator, others, hook)) {
            assertThat(at(policy, "/egress/0/to/0/ipBlock/cidr")).isEqualTo("10.0.0.1/32");
            assertThat(at(policy, "/egress/0/ports/0/port")).isEqualTo("6443");
            assertThat(policy.at("/egress/1/ports"))
                    .as("names, on OpenShift and Gardener too")
                    .extracting(port -> port.path("protocol").asText() + port.path("port"))
                    .containsExactly("UDP53", "TCP53", "UDP5353", "TCP5353", "UDP8053", "TCP8053");
        }
        assertThat(Chart.objects(Map.of("networkPolicy.enabled", "false"), "NetworkPolicy"))
                .isEmpty();
    }

    /** The others are made when the hook has ended, and its namespace may let nothing out. */
    @Test
    void theHookOfTheDefinitionsHasANetworkPolicyOfItsOwnBeforeItStarts() {
        var policy = Chart.object(Map.of(), "NetworkPolicy", "syncjobs-crds");
        var hook = Chart.object(Map.of(), "Job", "syncjobs-crds");

        assertThat(at(policy, "/metadata/annotations/helm.sh~1hook-was")).isEqualTo("pre-install,pre-upgrade");
        assertThat(policy.at("/metadata/annotations/helm.sh~1hook-weight").asInt())
                .isLessThan(
                        hook.at("/metadata/annotations/helm.sh~1hook-weight").asInt());
        policy.at("/spec/podSelector/matchLabels")
                .properties()
                .forEach(label -> assertThat(hook.at("/spec/template/metadata/labels/"
                                + label.getKey().replace("/", "~1")))
                        .isEqualTo(label.getValue()));
    }

    @ParameterizedTest
    @CsvSource({
        "serviceMonitor, ServiceMonitor, /spec/endpoints/0",
        "podMonitor, PodMonitor, /spec/podMetricsEndpoints/0"
    })
    void aMonitorScrapesTheMetrics(String value, String kind, String pointer) {
        assertThat(Chart.objects(Map.of(), kind)).isEmpty();
        var monitor = Chart.object(
                Map.of(
                        value + ".enabled", "true",
                        value + ".labels.release", "prometheus",
                        value + ".interval", "30s",
                        value + ".scrapeTimeout", "10s",
                        value + ".relabelings[0].targetLabel", "cluster",
                        value + ".metricRelabelings[0].action", "drop"),
                kind,
                "syncjobs-operator");

        assertThat(at(monitor, "/metadata/labels/release")).isEqualTo("prometheus");
        var endpoint = monitor.at(pointer);
        assertThat(at(endpoint, "/path")).isEqualTo("/metrics");
        assertThat(at(endpoint, "/honorLabels")).as("the namespace of the jobs").isEqualTo("true");
        assertThat(at(endpoint, "/interval")).isEqualTo("30s");
        assertThat(at(endpoint, "/scrapeTimeout")).isEqualTo("10s");
        assertThat(at(endpoint, "/relabelings/0/targetLabel")).isEqualTo("cluster");
        assertThat(at(endpoint, "/metricRelabelings/0/action")).isEqualTo("drop");
        var ports = kind.equals("ServiceMonitor")
                ? Chart.object(Map.of(), "Service", "syncjobs-operator").at("/spec/ports")
                : operator(Map.of()).at("/spec/containers/0/ports");
        assertThat(ports).extracting(port -> port.path("name").asText()).contains(at(endpoint, "/port"));
    }

    @Test
    void groupsThatMayWriteStatusAreNamed() {
        var policy = Chart.object(
                Map.of("statusWriters.exemptGroups[0]", "crew"), "ValidatingAdmissionPolicy", "syncjobs-status");

        assertThat(at(policy, "/spec/variables/0/expression")).contains("[\"crew\"]");
    }

    /** Before Kubernetes 1.36 the API server refuses a Service whose name begins with a digit. */
    @ParameterizedTest
    @CsvSource({"3rd-shop, s3rd-shop-syncjobs-operator", "shop3, shop3-syncjobs-operator"})
    void theServiceHasANameThatEachApiServerTakes(String release, String name) {
        assertThat(Chart.objects(release, "shop", Map.of()))
                .filteredOn(object -> at(object, "/kind").equals("Service"))
                .extracting(object -> at(object, "/metadata/name"))
                .containsExactly(name);
    }

    /** Tools that compare a list with that of the API server would see a difference for ever. */
    @Test
    void whatTheApiServerWouldAddToAListIsThere() {
        for (var kind : List.of("ValidatingAdmissionPolicy", "MutatingAdmissionPolicy")) {
            assertThat(Chart.objects(Map.of(), kind))
                    .isNotEmpty()
                    .allSatisfy(policy -> assertThat(policy.at("/spec/matchConstraints/resourceRules"))
                            .allSatisfy(rule -> assertThat(at(rule, "/scope")).isEqualTo("*")));
        }
        assertThat(Chart.object(Map.of(), "Service", "syncjobs-operator").at("/spec/ports"))
                .allSatisfy(port -> assertThat(at(port, "/protocol")).isEqualTo("TCP"));
        assertThat(operator(Map.of()).at("/spec/containers/0/ports"))
                .allSatisfy(port -> assertThat(at(port, "/protocol")).isEqualTo("TCP"));
    }

    /** A quota may want CPU limits, and policies may want labels, a user or a priority. */
    @ParameterizedTest
    @CsvSource({
        "logging.level, INFO, 500m, 20m",
        "enqueuer.resources.requests.cpu, 2, 2, 2",
        "enqueuer.resources.requests.cpu, 1500m, 1500m, 1500m",
        "enqueuer.resources.requests.cpu, 5m, 500m, 5m",
        "enqueuer.resources.requests.cpu, 100m, 500m, 100m",
        "enqueuer.resources.requests.cpu, 0.25, 500m, 0.25",
        "enqueuer.resources.requests.cpu, 0.75, 0.75, 0.75",
        "enqueuer.resources.limits.cpu, 300m, 300m, 20m",
        "enqueuer.resources, null, 500m, 50m",
    })
    void bothPodsOfTheChartsOwnTestHaveACpuLimit(String value, String text, String limit, String request) {
        for (var pod : List.of(pod(Map.of(value, text), "syncjobs-test"), tested(Map.of(value, text)))) {
            assertThat(at(pod, "/spec/containers/0/resources/limits/cpu")).isEqualTo(limit);
            assertThat(at(pod, "/spec/containers/0/resources/requests/cpu")).isEqualTo(request);
        }
    }

    @Test
    void theJobOfTheChartsOwnTestRunsAsTheMinuteRunDoes() {
        var values = Map.of(
                "commonLabels.team", "erp",
                "podLabels.cost", "7a",
                "enqueuer.tolerations[0].key", "batch",
                "priorityClassName", "high",
                "podSecurityContext.runAsUser", "1000650000",
                "securityContext.runAsGroup", "7");
        for (var pod : List.of(pod(values, "syncjobs-test"), tested(values))) {
            assertThat(at(pod, "/metadata/labels/team")).isEqualTo("erp");
            assertThat(at(pod, "/metadata/labels/cost")).isEqualTo("7a");
            assertThat(at(pod, "/spec/tolerations/0/key")).isEqualTo("batch");
            assertThat(at(pod, "/spec/priorityClassName")).isEqualTo("high");
            assertThat(at(pod, "/spec/securityContext/runAsUser")).isEqualTo("1000650000");
            assertThat(at(pod, "/spec/containers/0/securityContext/runAsGroup")).isEqualTo("7");
            assertThat(at(pod, "/spec/containers/0/securityContext/readOnlyRootFilesystem"))
                    .isEqualTo("true");
        }
    }

    /** The template of the job of the chart's own test. */
    private static JsonNode tested(Map<String, ?> values) {
        return Chart.object(values, "SyncQueue", "syncjobs-test").at("/spec/template");
    }

    @Test
    void theServiceMayHaveTwoAddressFamilies() {
        assertThat(at(
                        Chart.object(Map.of("ipFamilyPolicy", "PreferDualStack"), "Service", "syncjobs-operator"),
                        "/spec/ipFamilyPolicy"))
                .isEqualTo("PreferDualStack");
    }

    static JsonNode operator(Map<String, ?> values) {
        return pod(values, "syncjobs-operator");
    }

    /** The pods of the minute run and of the hooks. */
    private static List<JsonNode> others(Map<String, ?> values) {
        return List.of(pod(values, "syncjobs-enqueue"), pod(values, "syncjobs-crds"), pod(values, "syncjobs-test"));
    }

    /** The pod template of the Deployment, CronJob or Job of that name. */
    private static JsonNode pod(Map<String, ?> values, String name) {
        return Chart.objects(values).stream()
                .filter(object -> List.of("Deployment", "CronJob", "Job")
                        .contains(object.path("kind").asText()))
                .filter(object -> at(object, "/metadata/name").equals(name))
                .map(object -> object.path("kind").asText().equals("CronJob")
                        ? object.at("/spec/jobTemplate/spec/template")
                        : object.at("/spec/template"))
                .findFirst()
                .orElseThrow();
    }

    private static String at(JsonNode node, String pointer) {
        if (pointer.equals("last variable")) {
            var variables = node.at("/spec/containers/0/env");
            var last = variables.path(variables.size() - 1).path("name").asText();
            return last.startsWith("SYNCJOBS_") ? "" : last;
        }
        return node.at(pointer).asText();
    }
}
