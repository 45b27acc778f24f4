package io.syncjobs.cluster;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/** The product, installed with Helm. */
public final class Release {
    private static final Duration LIMIT = Duration.ofMinutes(4);

    /** Beside an eager operator a minute run only looks for what was left, for the processor time of four pods. */
    static final Map<String, Object> RARE_RUNS = Map.of("schedule", "*/4 * * * *", "overdueSeconds", 600);

    /** What a user may set too: tests that wait for a reason or for the end of patience wait less. */
    private static final Map<String, Object> IMPATIENT = Map.of(
            "reasons", Map.of("afterSeconds", 2),
            "jobs", Map.of("podStartSeconds", 60, "donePodSeconds", 10, "failedPodSeconds", 20),
            "enqueuer", RARE_RUNS);

    private static final Once<Release> SHARED =
            new Once<>(() -> install(Cluster.named("test"), "syncjobs", "syncjobs-system", IMPATIENT));

    private final Cluster cluster;
    private final String name;
    private final String namespace;

    private Release(Cluster cluster, String name, String namespace) {
        this.cluster = cluster;
        this.name = name;
        this.namespace = namespace;
    }

    /** The one that most tests use: it serves all namespaces, and it is less patient than by default. */
    public static Release shared() {
        return SHARED.get();
    }

    /** Installs the chart, or upgrades what is installed under that name, and waits until it is ready. */
    public static Release install(Cluster cluster, String name, String namespace, Map<String, Object> values) {
        var release = new Release(cluster, name, namespace);
        release.upgrade(values);
        if (cluster.wasThere()) {
            // The image's name is the same in every build: pods of an older one would stay.
            release.kubectl("rollout", "restart", release.operator());
            release.kubectl("rollout", "status", release.operator(), "--timeout=180s");
        }
        return release;
    }

    /** Installs the version before this one. */
    static Release installPrevious(Cluster cluster, String name, Map<String, Object> values) {
        cluster.tool("load", Previous.image().toString());
        var release = new Release(cluster, name, name);
        var all = new HashMap<>(values);
        all.put("image", Map.of("tag", Previous.TAG));
        release.upgrade(Previous.chart(), all);
        return release;
    }

    /** Installs with these values and no others; what a test has patched by hand is set back. */
    public void upgrade(Map<String, Object> values) {
        upgrade(
                Path.of(System.getProperty(
                        "syncjobs.chart", Shell.project("helm/syncjobs").toString())),
                values);
    }

    /** Goes back to what was installed before. */
    public void rollback() {
        cluster.run(LIMIT, "helm", "", "rollback", name, "--namespace", namespace, "--wait", "--force-conflicts")
                .orThrow();
    }

    private void upgrade(Path chart, Map<String, Object> values) {
        var helm = new String[] {
            "upgrade",
            "--install",
            name,
            chart.toString(),
            "--namespace",
            namespace,
            "--create-namespace",
            "--reset-values",
            "--force-conflicts",
            "--wait",
            "--timeout",
            LIMIT.minusSeconds(20).toSeconds() + "s",
            "--values",
            "-"
        };
        cluster.run(LIMIT, "helm", Json.text(values), helm).orThrow();
    }

    public Cluster cluster() {
        return cluster;
    }

    public String namespace() {
        return namespace;
    }

    public String name() {
        return name;
    }

    /** The operator's Deployment as kubectl names it. */
    public String operator() {
        return "deployment/" + name + "-operator";
    }

    /** The enqueue CronJob's name. */
    public String cronJob() {
        return name + "-enqueue";
    }

    /** The operator as the API server's audit log names it. */
    public String operatorUser() {
        return "system:serviceaccount:" + namespace + ":" + name + "-operator";
    }

    /** Runs kubectl in the release's namespace. */
    public String kubectl(String... args) {
        return cluster.kubectl(TestNamespace.inNamespace(namespace, args));
    }

    /** The operator's replicas, awaited. */
    public void scaleOperator(int replicas) {
        kubectl("scale", operator(), "--replicas=" + replicas);
        if (replicas > 0) {
            kubectl("rollout", "status", operator(), "--timeout=180s");
            return;
        }
        Waiting.until("the operator's pods are gone", () -> operatorPods().isEmpty(), this::log);
    }

    /** The names of the operator's pods. */
    public List<String> operatorPods() {
        return cluster.client().pods().inNamespace(namespace).list().getItems().stream()
                .map(pod -> pod.getMetadata().getName())
                .filter(pod -> pod.startsWith(name + "-operator-"))
                .toList();
    }

    /** The operator that leads; waits until one does. */
    public String leader() {
        return leader(pod -> true);
    }

    /** The same of one that is wanted. */
    public String leader(Predicate<String> wanted) {
        var seen = new ArrayList<String>();
        Waiting.until(
                "a wanted operator leads",
                () -> {
                    seen.add(leaseHolder());
                    return operatorPods().contains(seen.getLast()) && wanted.test(seen.getLast());
                },
                this::log);
        return seen.getLast();
    }

    private String leaseHolder() {
        return kubectl("get", "lease", name + "-operator", "--output=jsonpath={.spec.holderIdentity}");
    }

    /** Merges a change into the pods of the enqueue CronJob; its container is named syncjobs. */
    public void patchCronJobPods(Map<String, Object> spec) {
        patchCronJob(Map.of("jobTemplate", Map.of("spec", Map.of("template", Map.of("spec", spec)))));
    }

    public void suspendCronJob(boolean suspend) {
        patchCronJob(Map.of("suspend", suspend));
    }

    /** The minute runs under way, empty where there is none. */
    public String activeRuns() {
        return kubectl("get", "cronjob", cronJob(), "--output=jsonpath={.status.active[*].name}");
    }

    private void patchCronJob(Map<String, Object> spec) {
        kubectl("patch", "cronjob", cronJob(), "--type=strategic", "--patch", Json.text(Map.of("spec", spec)));
    }

    /** What syncjobs explain says about a job: in a pod of its own as in the runbook, whether an operator runs or not. */
    public String explain(String job, TestNamespace jobs) {
        var image = kubectl("get", operator(), "--output=jsonpath={.spec.template.spec.containers[0].image}");
        var pod = "explain-" + UUID.randomUUID().toString().substring(0, 8);
        var command = new ArrayList<>(List.of("run", pod, "--rm", "-i", "--quiet", "--restart=Never"));
        command.addAll(List.of("--image=" + image, "--image-pull-policy=IfNotPresent", "--override-type=strategic"));
        command.add("--overrides=" + explainPod(pod));
        command.addAll(List.of("--", "explain", job, "-n", jobs.name()));
        command.addAll(List.of("--operator-namespace", namespace, "--release", name));
        return kubectl(command.toArray(String[]::new));
    }

    /** The runbook's own words, for this release and pod: its container is named like the pod. */
    private String explainPod(String pod) {
        var overrides = Pattern.compile("--overrides='(.+?)'", Pattern.DOTALL).matcher(Shell.text("docs/runbook.md"));
        if (!overrides.find()) throw new AssertionError("docs/runbook.md does not say how to run explain");
        return overrides
                .group(1)
                .replace("syncjobs-explain", name + "-explain")
                .replace("\"name\":\"explain\"", "\"name\":\"" + pod + "\"");
    }

    /** The metrics page of the operator that leads. */
    public String metrics() {
        return cluster.kubectl(
                "get", "--raw", "/api/v1/namespaces/" + namespace + "/pods/" + leader() + ":8080/proxy/metrics");
    }

    /** The end of the operator's log. */
    public String log() {
        var result = cluster.tryKubectl(
                TestNamespace.inNamespace(namespace, "logs", operator(), "--all-containers", "--tail=40"));
        return result.out() + result.err();
    }
}
