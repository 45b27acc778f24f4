package io.syncjobs.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.syncjobs.cluster.ClusterTest;
import io.syncjobs.cluster.Release;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Whatever the chart and the definitions can be made into, the API server takes it. */
@ClusterTest
class RenderingsIT {
    private static final String CHART = "helm/syncjobs";

    /** Renderings of which the API server takes every object; the first are with everything that is no default. */
    private static final List<List<String>> MATRIX = List.of(
            List.of("enqueuer.eager=false", "jobs.allowTemplate=false", "replicas=0", "enqueuer.suspend=true"),
            List.of("watchNamespaces={default,kube-public}", "statusWriters.exemptGroups={crew}", "crds.install=false"),
            List.of(
                    "serviceMonitor.enabled=true",
                    "serviceMonitor.labels.release=prometheus",
                    "serviceMonitor.metricRelabelings[0].action=drop",
                    "serviceMonitor.interval=30s",
                    "serviceMonitor.scrapeTimeout=10s",
                    "serviceMonitor.relabelings[0].targetLabel=a",
                    "replicas=3"),
            List.of(
                    "podMonitor.enabled=true",
                    "podMonitor.labels.release=prometheus",
                    "podMonitor.interval=30s",
                    "podMonitor.scrapeTimeout=10s",
                    "podMonitor.relabelings[0].targetLabel=a",
                    "podMonitor.metricRelabelings[0].action=drop",
                    "prometheusRule.enabled=true",
                    "prometheusRule.labels.release=prometheus",
                    "grafanaDashboard.enabled=true",
                    "grafanaDashboard.labels.team=erp",
                    "grafanaDashboard.annotations.grafana_folder=Queues",
                    "podDisruptionBudget.maxUnavailable=50%"),
            List.of(
                    "podSecurityContext=null",
                    "securityContext=null",
                    "networkPolicy.enabled=false",
                    "podDisruptionBudget.enabled=false",
                    "image.registry=r.example",
                    "image.digest=sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"),
            List.of(
                    "enqueuer.priorityClassName=high",
                    "enqueuer.nodeSelector.disk=ssd",
                    "enqueuer.tolerations[0].key=batch",
                    "enqueuer.affinity.podAntiAffinity.preferredDuringSchedulingIgnoredDuringExecution[0].weight=1",
                    "enqueuer.affinity.podAntiAffinity.preferredDuringSchedulingIgnoredDuringExecution[0]"
                            + ".podAffinityTerm.topologyKey=rack",
                    "enqueuer.topologySpreadConstraints[0].topologyKey=rack",
                    "enqueuer.topologySpreadConstraints[0].maxSkew=1",
                    "enqueuer.topologySpreadConstraints[0].whenUnsatisfiable=ScheduleAnyway",
                    "enqueuer.podAnnotations.a=b",
                    "enqueuer.serviceAccount.annotations.a=b",
                    "enqueuer.startingDeadlineSeconds=60"),
            List.of(
                    "enqueuer.extraVolumes[0].name=certs",
                    "enqueuer.extraVolumes[0].secret.secretName=certs",
                    "enqueuer.extraVolumeMounts[0].name=certs",
                    "enqueuer.extraVolumeMounts[0].mountPath=/certs",
                    "enqueuer.podSecurityContext.fsGroup=7",
                    "enqueuer.securityContext.runAsGroup=7",
                    "global.imageRegistry=r.example/mirror",
                    "image.repository=team/queue",
                    "image.pullPolicy=Always",
                    "rbac.aggregate=false"),
            List.of("resources=null", "enqueuer.resources=null", "imagePullSecrets={one}", "nameOverride=q"),
            List.of(
                    "networkPolicy.apiServer[0].ipBlock.cidr=10.0.0.1/32", "serviceAccount.create=false",
                    "enqueuer.serviceAccount.create=false", "enqueuer.schedule=*/5 6-20 * * mon-fri"),
            List.of(
                    "statusWriters.exemptGroups=null",
                    "enqueuer.schedule=null",
                    "replicas=null",
                    "nodeSelector.disk=null",
                    "resources.limits.cpu=null",
                    "fullnameOverride=3rd",
                    "image.repository=[fd00::1]:5000/syncjobs",
                    "enqueuer.serviceAccount.create=false",
                    "enqueuer.serviceAccount.name=one",
                    "serviceAccount.name=one"));

    @Test
    void everyRenderingIsTakenByTheApiServer(Release release) {
        release.cluster().apply("default", PrometheusKinds.DEFINITIONS);
        for (var set : MATRIX) {
            var template = new ArrayList<>(List.of("template", "try", CHART, "--no-hooks", "--namespace", "default"));
            set.forEach(value -> template.addAll(List.of("--set", value)));
            // As the release that is installed here: beside it no other may serve.
            var rendered = release.cluster()
                    .run("helm", "", template.toArray(String[]::new))
                    .orThrow()
                    .out()
                    .replace(
                            "{syncjobs.io/release: \"default/try/syncjobs\"}",
                            "{syncjobs.io/release: " + release.namespace() + "/" + release.name() + "/syncjobs}");
            var taken = release.cluster()
                    .run(
                            "kubectl",
                            rendered,
                            "apply",
                            "--server-side",
                            "--dry-run=server",
                            "--validate=strict",
                            "--filename",
                            "-");

            assertThat(taken.orThrow().out().lines())
                    .as("%s", set)
                    .hasSizeGreaterThan(15)
                    .allMatch(line -> line.endsWith("(server dry run)"));
        }
    }

    /** Unit tests render with Helm 3, in which a value whose default is null is there. In Helm 4 it is not. */
    @Test
    void severalOperatorsSpreadOverNodesAndZonesWithThisHelmToo(Release release) {
        var rendered = release.cluster()
                .run("helm", "", "template", "try", CHART, "--set", "replicas=2", "--kube-version", "1.36.0")
                .orThrow()
                .out();

        assertThat(rendered)
                .contains("topologyKey: kubernetes.io/hostname", "topologyKey: topology.kubernetes.io/zone");
    }

    /** Helm 3 takes the plus away, Helm 4 does not. */
    @Test
    void aVersionThatEndsWithAPlusIsTakenFromAPlatform(Release release) {
        var rendered = release.cluster()
                .run("helm", "", "template", "try", CHART, "--kube-version", "1.36+")
                .orThrow()
                .out();

        assertThat(rendered).contains("kind: MutatingAdmissionPolicy");
    }

    /** Tools that apply again and again, and look whether that changes something, find nothing. */
    @Test
    void whatIsInstalledIsWhatWouldBeAppliedAgain(Release release) {
        var manifest = release.cluster()
                .run("helm", "", "get", "manifest", release.name(), "--namespace", release.namespace())
                .orThrow()
                .out();

        var difference = release.cluster()
                .run("kubectl", manifest, "diff", "--server-side", "--force-conflicts", "--filename", "-");

        assertThat(difference.out()).isEmpty();
        assertThat(difference.exit()).isZero();
    }

    @Test
    void theDefinitionsAreAKustomizeBase(Release release) {
        var built = release.cluster().kubectl("kustomize", "crds");
        assertThat(built.lines().filter(line -> line.equals("kind: CustomResourceDefinition")))
                .hasSize(4);
        assertThat(release.cluster()
                        .kubectl("apply", "--server-side", "--dry-run=server", "--force-conflicts", "-k", "crds")
                        .lines())
                .hasSize(4)
                .allMatch(line -> line.endsWith("(server dry run)"));
    }
}
