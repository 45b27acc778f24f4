package io.syncjobs.faults;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.syncjobs.api.Names;
import io.syncjobs.cluster.Images;
import io.syncjobs.cluster.RestrictedPod;
import io.syncjobs.cluster.Shell;
import io.syncjobs.cluster.TestNamespace;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.time.Duration;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/**
 * A worker of a pool whose agent is started by the test, again and again: with the token of a pod that stands in for it, behind a
 * proxy, and with a handler of the test.
 */
final class StandInWorker {
    /** Agents have one port for all, and these are on one machine: who starts one locks this. */
    static final String PORT = "port of agents";

    private static final char[] PASSWORD = "changeit".toCharArray();

    private final FaultyRelease release;
    private final ApiProxy proxy;
    private final Map<String, String> environment = new HashMap<>();
    private final String pod;

    /** A worker of that name; the pool is there, and has no other. */
    StandInWorker(FaultyRelease release, String pool, String pod, int handlerPort) {
        this.release = release;
        this.pod = pod;
        var here = release.jobs();
        var account = "syncjobs-pool-" + pool;
        here.kubectl("wait", "--for=create", "rolebinding/" + account, "--timeout=120s");
        create(here, account, pool);
        var uid = here.kubectl("get", "pod", pod, "-o=jsonpath={.metadata.uid}");
        var folder = "/accounts/" + here.name() + "/" + pod;
        try {
            var files = Files.createDirectories(Path.of(Images.productRoot() + folder));
            Files.writeString(files.resolve("token"), token(here, account, uid));
            proxy = release.proxy(identity(files).getServerSocketFactory());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
        environment.put("KUBERNETES_SERVICE_HOST", "127.0.0.1");
        environment.put("KUBERNETES_SERVICE_PORT", Integer.toString(proxy.port()));
        environment.put("SYNCJOBS_ACCOUNT_DIR", folder);
        environment.put("POD_NAME", pod);
        environment.put("POD_NAMESPACE", here.name());
        environment.put("POD_UID", uid);
        set("POOL", pool);
        set("SLOTS", "20");
        set("HEARTBEAT_SECONDS", "2");
        set("DEAD_AFTER_SECONDS", "300");
        set("GRACE_SECONDS", "10");
        set("DRAIN_PATH", "/drain/stand-in");
        set("HANDLER_CONTAINER", "handler");
        set("HANDLER_PORT", Integer.toString(handlerPort));
        set("HANDLER_PATH", "/jobs");
        set("HANDLER_CANCEL_PATH", "/cancel");
    }

    private void set(String name, String value) {
        environment.put("SYNCJOBS_" + name, value);
    }

    ApiProxy proxy() {
        return proxy;
    }

    /** Starts its agent, as the kubelet does when the one before has ended. */
    ShippedProcess start() {
        return release.start("agent", pod, environment);
    }

    private void create(TestNamespace here, String account, String pool) {
        var pods = here.cluster().client().pods().inNamespace(here.name());
        pods.resource(RestrictedPod.of(here, pod, "handler", "hang")
                        .editMetadata()
                        .addToLabels(Names.POOL, pool)
                        .endMetadata()
                        .editSpec()
                        .withServiceAccountName(account)
                        .endSpec()
                        .build())
                .create();
    }

    private String token(TestNamespace here, String account, String uid) {
        return here.kubectl(
                        "create",
                        "token",
                        account,
                        "--bound-object-kind=Pod",
                        "--bound-object-name=" + pod,
                        "--bound-object-uid=" + uid)
                .strip();
    }

    /** A certificate for the proxy, which the agent takes for the cluster's authority. */
    private static SSLContext identity(Path folder) throws IOException, GeneralSecurityException {
        var file = folder.resolve("proxy.p12");
        Files.deleteIfExists(file);
        var keytool = Path.of(System.getProperty("java.home"), "bin", "keytool").toString();
        var command = List.of(
                keytool,
                "-genkeypair",
                "-alias",
                "proxy",
                "-keyalg",
                "EC",
                "-dname",
                "CN=127.0.0.1",
                "-ext",
                "san=ip:127.0.0.1",
                "-storetype",
                "PKCS12",
                "-keystore",
                file.toString(),
                "-storepass",
                new String(PASSWORD));
        Shell.run(Duration.ofMinutes(1), Map.of(), "", command).orThrow();
        var store = KeyStore.getInstance("PKCS12");
        try (var in = Files.newInputStream(file)) {
            store.load(in, PASSWORD);
        }
        var encoded = Base64.getMimeEncoder(64, "\n".getBytes(US_ASCII))
                .encodeToString(store.getCertificate("proxy").getEncoded());
        Files.writeString(
                folder.resolve("ca.crt"), "-----BEGIN CERTIFICATE-----\n" + encoded + "\n-----END CERTIFICATE-----\n");
        var keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(store, PASSWORD);
        var context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), null, null);
        return context;
    }
}
