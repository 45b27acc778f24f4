package io.syncjobs.cluster;

import static java.util.Objects.requireNonNull;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.syncjobs.cluster.Shell.Result;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A real Kubernetes on this machine, made by dev/cluster once per run of the tests with the images under test in it.
 *
 * <p>A cluster that runs already is used and left as it is; {@code -Dcluster.keep=true} leaves also one that was started here.
 */
public final class Cluster {
    private static final String TOOL = "dev/cluster";

    /** Another one, {@code -Dcluster.prefix}, keeps two checkouts that are tested at once apart. */
    private static final String PREFIX = System.getProperty("cluster.prefix", "syncjobs");

    private static final Duration START = Duration.ofMinutes(15);
    private static final Duration COMMAND = Duration.ofMinutes(4);
    private static final Map<String, Once<Cluster>> CLUSTERS = new ConcurrentHashMap<>();

    /** Two clusters that start at the same moment would choose the same network. */
    private static final ReentrantLock STARTING = new ReentrantLock();

    private final String name;
    private final boolean startedHere;
    private final Map<String, String> environment;
    private final KubernetesClient client;

    private Cluster(String name, int nodes) {
        this.name = name;
        STARTING.lock();
        try {
            startedHere = call("status").exit() != 0;
            call("up", "--nodes", Integer.toString(nodes)).orThrow();
        } finally {
            STARTING.unlock();
        }
        try {
            environment = environment(call("env").orThrow().out());
            client = new KubernetesClientBuilder()
                    .withConfig(Config.fromKubeconfig(kubeconfig(environment).toFile()))
                    .build();
            call("load", Images.product().toString(), Images.testWorker().toString())
                    .orThrow();
        } catch (AssertionError | RuntimeException e) {
            if (startedHere) call("down");
            throw e;
        }
    }

    /** The cluster of that name, behind the prefix, started if it does not run; a failure to start it fails every test that wants it. */
    public static Cluster named(String name) {
        return named(name, 1);
    }

    public static Cluster named(String name, int nodes) {
        return CLUSTERS.computeIfAbsent(PREFIX + "-" + name, key -> new Once<>(() -> new Cluster(key, nodes)))
                .get();
    }

    /** Lets dev/cluster do something to it, for example {@code kill etcd}. */
    public void tool(String verb, String... args) {
        call(verb, args).orThrow();
    }

    /** Waits until its API server answers again. */
    public void awaitApi() {
        Waiting.until(
                "the API server answers",
                Duration.ofMinutes(2),
                () -> tryKubectl("get", "--raw", "/readyz", "--request-timeout=2s")
                                .exit()
                        == 0,
                () -> call("status").out());
    }

    /** Ends what this run has started. */
    static void endAll() {
        CLUSTERS.values().forEach(cluster -> cluster.ifMade().ifPresent(Cluster::end));
    }

    /** Ends it when this run has started it: for a test that alone uses it, so that it takes no processor from the others. */
    public void end() {
        CLUSTERS.remove(name);
        client.close();
        if (startedHere && !Boolean.getBoolean("cluster.keep")) call("down").orThrow();
    }

    public String name() {
        return name;
    }

    /** True when it ran before the tests did: then it may hold an older product. */
    public boolean wasThere() {
        return !startedHere;
    }

    private static Path kubeconfig(Map<String, String> environment) {
        return Path.of(requireNonNull(environment.get("KUBECONFIG"), "dev/cluster env names KUBECONFIG"));
    }

    /** A client with all rights, for looking; what a user does is done with {@link #kubectl}. */
    public KubernetesClient client() {
        return client;
    }

    /** The audit log of its API server. */
    public AuditLog auditLog() {
        return new AuditLog(
                this, kubeconfig(environment).resolve("../../logs/audit.log").normalize());
    }

    /** Runs kubectl as the cluster's administrator, whatever comes of it. */
    public Result tryKubectl(String... args) {
        return run("kubectl", "", args);
    }

    /** Runs kubectl as the cluster's administrator; its standard output. */
    public String kubectl(String... args) {
        return tryKubectl(args).orThrow().out();
    }

    /** Creates what must not exist yet. */
    public void create(String namespace, String manifests) {
        run("kubectl", manifests, "create", "--namespace", namespace, "--filename", "-")
                .orThrow();
    }

    /** Applies manifests. */
    public void apply(String namespace, String manifests) {
        run("kubectl", manifests, "apply", "--namespace", namespace, "--filename", "-")
                .orThrow();
    }

    /** Runs kubectl or helm with this cluster's configuration. */
    public Result run(String program, String input, String... args) {
        return run(COMMAND, program, input, args);
    }

    Result run(Duration limit, String program, String input, String... args) {
        var command = new ArrayList<>(List.of("env", program));
        command.addAll(Arrays.asList(args));
        return Shell.run(limit, environment, input, command);
    }

    private Result call(String verb, String... args) {
        var command = new ArrayList<>(List.of(Shell.project(TOOL).toString(), verb, "--name", name));
        command.addAll(Arrays.asList(args));
        return Shell.run(START, Map.of(), "", command);
    }

    /** Reads the lines {@code export NAME=VALUE} that dev/cluster env prints. */
    private static Map<String, String> environment(String lines) {
        var path = requireNonNull(System.getenv("PATH"), "PATH");
        var variables = new ConcurrentHashMap<String, String>();
        lines.lines()
                .filter(line -> line.startsWith("export "))
                .map(line -> line.substring("export ".length()).split("=", 2))
                .forEach(pair -> variables.put(pair[0], pair[1].replace("$PATH", path)));
        return variables;
    }
}
