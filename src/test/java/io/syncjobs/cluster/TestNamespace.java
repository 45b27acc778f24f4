package io.syncjobs.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.syncjobs.cluster.Shell.Result;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.function.Predicate;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/** A namespace of one test, in which only pods of the restricted profile may run. */
public final class TestNamespace {
    private final Cluster cluster;
    private final String name;
    private @Nullable Release release;

    private TestNamespace(Cluster cluster, String name) {
        this.cluster = cluster;
        this.name = name;
    }

    /** Makes one; {@code label} stands in its name. */
    public static TestNamespace create(Cluster cluster, String label) {
        var name = label.toLowerCase(Locale.ROOT) + "-"
                + UUID.randomUUID().toString().substring(0, 8);
        cluster.client()
                .resource(new NamespaceBuilder()
                        .withNewMetadata()
                        .withName(name)
                        .addToLabels("pod-security.kubernetes.io/enforce", "restricted")
                        .endMetadata()
                        .build())
                .create();
        Waiting.until(
                "namespace " + name + " has its default ServiceAccount",
                () -> cluster.client()
                                .serviceAccounts()
                                .inNamespace(name)
                                .withName("default")
                                .get()
                        != null,
                () -> "");
        return new TestNamespace(cluster, name);
    }

    static TestNamespace create(Cluster cluster, String label, Release release) {
        return create(cluster, label).servedBy(release);
    }

    /** Names the release whose operator works here, for what is shown when a test fails. */
    public TestNamespace servedBy(Release operator) {
        release = operator;
        return this;
    }

    /** Deletes it with everything in it, without waiting for that. */
    public void delete() {
        if (!Boolean.getBoolean("cluster.keep"))
            client().namespaces().withName(name).delete();
    }

    public String name() {
        return name;
    }

    public Cluster cluster() {
        return cluster;
    }

    KubernetesClient client() {
        return cluster.client();
    }

    /** Creates one job. By create and not by apply, which drops members that are null from a payload. */
    public TestJob create(Manifest job) {
        cluster.create(name, Manifest.list(List.of(job)));
        return job(job.name());
    }

    /** Creates a custom resource from its JSON, which kubectl sends as it is: for one that is too large to be looked at. */
    public void post(String plural, String json) {
        post("/apis/syncjobs.io/v1alpha1", plural, json);
    }

    /** The same for an object of any API, such as /api/v1. */
    public void post(String api, String plural, String json) {
        var path = api + "/namespaces/" + name + "/" + plural;
        cluster.run("kubectl", json, "create", "--raw", path, "--filename", "-").orThrow();
    }

    /** Creates one object, whatever comes of it; {@code args} go to kubectl too. */
    public Result tryCreate(Manifest object, String... args) {
        var create = new ArrayList<>(List.of("create", "--filename", "-"));
        create.addAll(Arrays.asList(args));
        return cluster.run("kubectl", Manifest.list(List.of(object)), inNamespace(name, create.toArray(String[]::new)));
    }

    /** What the API server would say to a pod; nothing is kept. */
    public Result dryRun(Pod pod) {
        return cluster.run(
                "kubectl",
                client().getKubernetesSerialization().asJson(pod),
                inNamespace(name, "create", "--dry-run=server", "--filename", "-"));
    }

    /** A ResourceQuota, in force: pods are held against it only when its controller has taken it up. */
    public void quota(String quota, String hard) {
        kubectl("create", "quota", quota, "--hard=" + hard);
        Waiting.until(
                "quota " + quota + " is in force",
                () -> !kubectl("get", "quota", quota, "--output=jsonpath={.status.hard}")
                        .isBlank(),
                this::describe);
    }

    /** Applies manifests, all at once. */
    public void apply(Manifest... manifests) {
        apply(Arrays.asList(manifests));
    }

    public void apply(List<Manifest> manifests) {
        cluster.apply(name, Manifest.list(manifests));
    }

    /** A job that was or will be created. */
    public TestJob job(String job) {
        return new TestJob(this, job);
    }

    public List<TestJob> jobs(String... names) {
        return Stream.of(names).map(this::job).toList();
    }

    /** A queue as it is now. */
    public JsonNode queue(String queue) {
        return read("syncqueues", queue);
    }

    /** A custom resource as the API server tells it, a missing node where there is none. */
    JsonNode read(String plural, String object) {
        var text = client().raw("/apis/syncjobs.io/v1alpha1/namespaces/" + name + "/" + plural + "/" + object);
        return text == null ? Json.MAPPER.missingNode() : Json.read(text);
    }

    /** All jobs here. */
    public Stream<JsonNode> all() {
        var list = Json.read(client().raw("/apis/syncjobs.io/v1alpha1/namespaces/" + name + "/syncjobs"));
        return StreamSupport.stream(list.path("items").spliterator(), false);
    }

    /** How many jobs here a field selector finds: cheap where there are many others. */
    public int count(String selector) {
        var path = "/apis/syncjobs.io/v1alpha1/namespaces/" + name + "/syncjobs?fieldSelector="
                + URLEncoder.encode(selector, StandardCharsets.UTF_8);
        return Json.read(client().raw(path)).path("items").size();
    }

    /** How many jobs here are as wanted. */
    public int count(Predicate<JsonNode> wanted) {
        return (int) all().filter(wanted).count();
    }

    /** Creation times are whole seconds: what is created after this is younger. */
    public void awaitNextSecond() {
        var second = Instant.now().getEpochSecond();
        Waiting.until("the next second", () -> Instant.now().getEpochSecond() > second, () -> "");
    }

    /** All pods here that the product has made. */
    public List<Pod> pods() {
        return client().pods()
                .inNamespace(name)
                .withLabel("app.kubernetes.io/managed-by", "syncjobs")
                .list()
                .getItems();
    }

    /** Runs kubectl in this namespace; its standard output. */
    public String kubectl(String... args) {
        return cluster.kubectl(inNamespace(name, args));
    }

    /** Runs kubectl in this namespace, whatever comes of it. */
    public Result tryKubectl(String... args) {
        return cluster.tryKubectl(inNamespace(name, args));
    }

    /** Everything worth seeing when a test fails. */
    public String describe() {
        return Stream.of(
                        "$ kubectl get syncjobs,syncqueues,pods -o wide\n"
                                + said("get", "syncjobs,syncqueues,pods", "-o", "wide"),
                        "$ kubectl get events\n" + said("get", "events", "--sort-by=.lastTimestamp", "--no-headers"),
                        release == null ? "" : "the operator's log\n" + release.log())
                .reduce("", (all, part) -> all + "\n" + part);
    }

    String said(String... args) {
        var result = tryKubectl(args);
        return result.out() + result.err();
    }

    static String[] inNamespace(String namespace, String... args) {
        var all = new ArrayList<>(List.of("--namespace", namespace));
        all.addAll(Arrays.asList(args));
        return all.toArray(String[]::new);
    }
}
