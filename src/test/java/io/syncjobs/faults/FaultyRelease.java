package io.syncjobs.faults;

import static java.util.Objects.requireNonNull;

import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.internal.SSLUtils;
import io.syncjobs.cluster.Images;
import io.syncjobs.cluster.OwnRelease;
import io.syncjobs.cluster.Release;
import io.syncjobs.cluster.TestNamespace;
import io.syncjobs.cluster.Waiting;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;
import javax.net.ServerSocketFactory;

/**
 * An installation whose own pods do not run: its processes are started by the test, each with the token of a pod that stands in
 * for it and, where wanted, behind a proxy.
 */
final class FaultyRelease implements AutoCloseable {
    private final OwnRelease own;
    private final Map<String, String> settings = new ConcurrentHashMap<>();
    private final Path folder;
    private final List<ShippedProcess> processes = new CopyOnWriteArrayList<>();
    private final List<ApiProxy> proxies = new ArrayList<>();
    private volatile boolean closed;
    private final Map<String, String> tokens = new ConcurrentHashMap<>();

    private FaultyRelease(OwnRelease own, Map<String, String> settings, Path folder) {
        this.own = own;
        this.settings.putAll(settings);
        this.folder = folder;
    }

    /** Installs it; {@code settings} are environment variables, the product's without their prefix, as in {@code LEASE_SECONDS}. */
    static FaultyRelease install(String label, Map<String, String> settings) {
        var own = OwnRelease.install(label, Map.of("replicas", 0, "enqueuer", Map.of("suspend", true)));
        try {
            var folder = Path.of("target", "faults", own.release().name()).toAbsolutePath();
            return new FaultyRelease(own, settings, Files.createDirectories(folder));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    TestNamespace jobs() {
        return own.jobs();
    }

    Release release() {
        return own.release();
    }

    /** A proxy to this cluster's API server. */
    ApiProxy proxy() {
        return proxy(ServerSocketFactory.getDefault());
    }

    /** The same with a side of its own that is made by {@code sockets}. */
    ApiProxy proxy(ServerSocketFactory sockets) {
        var config = own.jobs().cluster().client().getConfiguration();
        try {
            // Only its authority is taken over: who asks is told by each request's token.
            var authority = new ConfigBuilder(Config.empty())
                    .withCaCertData(config.getCaCertData())
                    .build();
            var proxy = new ApiProxy(
                    URI.create(config.getMasterUrl()),
                    SSLUtils.sslContext(authority).getSocketFactory(),
                    sockets);
            proxies.add(proxy);
            return proxy;
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Gives the processes that are started from now on another setting. */
    void set(String name, String value) {
        settings.put(name, value);
    }

    /** Starts an operator behind {@code proxy}, as the pod {@code pod}. */
    ShippedProcess operator(String pod, ApiProxy proxy) {
        return start("operator", pod, proxy);
    }

    /** Starts an operator and waits until it enqueues. */
    ShippedProcess enqueuer(String pod, ApiProxy proxy) {
        var operator = operator(pod, proxy);
        awaitHolder(pod::equals);
        return operator;
    }

    /** The same of one that is no victim: where it ends it is started again, as the kubelet does. */
    void lastingEnqueuer(String pod, ApiProxy proxy) {
        last(pod, proxy);
        awaitHolder(pod::equals);
    }

    private void last(String pod, ApiProxy proxy) {
        operator(pod, proxy).onEnd(() -> {
            if (!closed) last(pod, proxy);
        });
    }

    /** Who may enqueue as the enqueuer's Lease says; waits until that is one of the wanted. */
    String awaitHolder(Predicate<String> wanted) {
        var lease = release().name() + "-enqueuer";
        var last = new AtomicReference<>("");
        Waiting.until(
                "the Lease " + lease + " names a wanted holder",
                () -> {
                    last.set(release()
                            .kubectl(
                                    "get",
                                    "synclease",
                                    lease,
                                    "--ignore-not-found",
                                    "--output=jsonpath={.spec.holderIdentity}"));
                    return wanted.test(requireNonNull(last.get()));
                },
                () -> "it names " + last.get() + "\n" + logs());
        return requireNonNull(last.get());
    }

    /** Starts a minute run behind {@code proxy}, as the pod {@code pod}. */
    ShippedProcess minuteRun(String pod, ApiProxy proxy) {
        return start("enqueue", pod, proxy);
    }

    private ShippedProcess start(String subcommand, String pod, ApiProxy proxy) {
        var account = release().name() + (subcommand.equals("operator") ? "-operator" : "-enqueuer");
        var token = tokens.computeIfAbsent(pod, name -> {
            standIn(name, account);
            return token(name, account);
        });
        var environment = new HashMap<String, String>();
        environment.put("KUBERNETES_MASTER", proxy.url());
        environment.put("KUBERNETES_AUTH_TOKEN", token);
        environment.put("KUBECONFIG", "/none");
        environment.put("SYNCJOBS_NAMESPACE", release().namespace());
        environment.put("SYNCJOBS_RELEASE", release().name());
        environment.put("SYNCJOBS_POD", pod);
        environment.put("SYNCJOBS_WATCH_NAMESPACES", jobs().name());
        environment.put("SYNCJOBS_REASON_AFTER_SECONDS", "2");
        var ports = freePorts();
        environment.put("SYNCJOBS_HTTP_PORT", ports.getFirst());
        environment.put("SYNCJOBS_HEALTH_PORT", ports.getLast());
        settings.forEach(
                (name, value) -> environment.put(name.startsWith("KUBERNETES_") ? name : "SYNCJOBS_" + name, value));
        return start(subcommand, pod, environment);
    }

    /** Starts any of its processes, which ends with it at the latest. */
    ShippedProcess start(String subcommand, String name, Map<String, String> environment) {
        var process = ShippedProcess.start(environment, folder.resolve(name + ".log"), subcommand);
        processes.add(process);
        return process;
    }

    private void standIn(String pod, String account) {
        var pods = own.jobs().cluster().client().pods().inNamespace(release().namespace());
        pods.resource(new PodBuilder()
                        .withNewMetadata()
                        .withName(pod)
                        .endMetadata()
                        .withNewSpec()
                        .withServiceAccountName(account)
                        .withTerminationGracePeriodSeconds(0L)
                        .addNewContainer()
                        .withName("nothing")
                        .withImage(Images.TEST_WORKER)
                        .withArgs("hang")
                        .endContainer()
                        .endSpec()
                        .build())
                .create();
    }

    private String token(String pod, String account) {
        var uid = requireNonNull(own.jobs()
                        .cluster()
                        .client()
                        .pods()
                        .inNamespace(release().namespace())
                        .withName(pod)
                        .get())
                .getMetadata()
                .getUid();
        return release()
                .kubectl(
                        "create",
                        "token",
                        account,
                        "--bound-object-kind=Pod",
                        "--bound-object-name=" + pod,
                        "--bound-object-uid=" + uid)
                .strip();
    }

    private static List<String> freePorts() {
        try (var one = new ServerSocket(0);
                var another = new ServerSocket(0)) {
            return List.of(Integer.toString(one.getLocalPort()), Integer.toString(another.getLocalPort()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What the processes said last, for a test that fails. */
    String logs() {
        return String.join(
                "\n\n", processes.stream().map(ShippedProcess::log).distinct().toList());
    }

    @Override
    public void close() {
        closed = true;
        proxies.forEach(proxy -> proxy.plan(request -> Fault.NONE));
        processes.forEach(ShippedProcess::kill);
        proxies.forEach(ApiProxy::close);
        own.close();
    }
}
