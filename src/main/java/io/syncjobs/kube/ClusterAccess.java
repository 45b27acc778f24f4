package io.syncjobs.kube;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/** The address of the API server, and the credentials of a pod: mounted files that change while the process runs. */
public final class ClusterAccess implements Access {
    private static final String ACCOUNT = "/var/run/secrets/kubernetes.io/serviceaccount";

    /** The environment variable that names another directory with the files of the account. */
    private static final String ACCOUNT_DIR = "SYNCJOBS_ACCOUNT_DIR";

    private static final long TOKEN_NANOS = Duration.ofMinutes(1).toNanos();

    private final String server;
    private final Path folder;
    private final Ticker ticker;
    private @Nullable String token;
    private long read;

    /** {@code folder} contains {@code token} and, for https, {@code ca.crt}. */
    public ClusterAccess(String server, Path folder, Ticker ticker) {
        this.server = server;
        this.folder = folder;
        this.ticker = ticker;
    }

    /**
     * The access of the pod that this process runs in.
     *
     * @throws IllegalArgumentException if it does not run in a pod
     */
    public static ClusterAccess ofPod(Map<String, String> environment, Ticker ticker) {
        var host = environment.getOrDefault("KUBERNETES_SERVICE_HOST", "");
        if (host.isEmpty())
            throw new IllegalArgumentException(
                    "KUBERNETES_SERVICE_HOST is not set: this runs in a pod of a SyncWorkerPool only");
        var named = host.contains(":") ? "[" + host + "]" : host;
        var port = environment.getOrDefault("KUBERNETES_SERVICE_PORT", "443");
        var folder = Path.of(environment.getOrDefault(ACCOUNT_DIR, ACCOUNT));
        return new ClusterAccess("https://" + named + ":" + port, folder, ticker);
    }

    @Override
    public String server() {
        return server;
    }

    /** The token in the file. It is read again each minute, because the kubelet replaces it long before it expires. */
    @Override
    public synchronized Optional<String> token() {
        if (token == null || ticker.nanos() - read > TOKEN_NANOS) {
            try {
                token = Files.readString(folder.resolve("token")).strip();
                read = ticker.nanos();
            } catch (IOException e) {
                throw new ApiException("the token of the pod cannot be read: " + e, e);
            }
        }
        return Optional.of(token).filter(text -> !text.isEmpty());
    }

    @Override
    public synchronized void forgetToken() {
        token = null;
    }

    /** Trusts only the certificate authority of the cluster; empty if the connection is not encrypted. */
    @Override
    public Optional<SSLContext> trust() {
        if (server.startsWith("http:")) return Optional.empty();
        var file = folder.resolve("ca.crt");
        try (var pem = Files.newInputStream(file)) {
            var store = KeyStore.getInstance(KeyStore.getDefaultType());
            store.load(null, null);
            var number = 0;
            for (var certificate : CertificateFactory.getInstance("X.509").generateCertificates(pem)) {
                store.setCertificateEntry("ca-" + number++, certificate);
            }
            var trusted = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trusted.init(store);
            var context = SSLContext.getInstance("TLS");
            context.init(null, trusted.getTrustManagers(), null);
            return Optional.of(context);
        } catch (IOException e) {
            throw new UncheckedIOException("the cluster's certificate " + file + " cannot be read", e);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("the cluster's certificate " + file + " cannot be used", e);
        }
    }
}
