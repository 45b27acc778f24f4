package io.syncjobs.kube;

import static java.util.Objects.requireNonNullElse;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.internal.SSLUtils;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.security.GeneralSecurityException;
import java.util.Map;
import java.util.Optional;
import javax.net.ssl.SSLContext;

/** The access of a client of the library, which renews the token in its configuration by itself. */
final class ClientAccess implements Access {
    private final Config config;

    private ClientAccess(Config config) {
        this.config = config;
    }

    /** Empty if requests need more than an address, a token and certificates. Then the client itself must send them. */
    static Optional<Access> of(Config config) {
        var server = URI.create(config.getMasterUrl());
        var isPlain = server.getHost() != null
                && requireNonNullElse(server.getPath(), "").length() <= 1
                && requireNonNullElse(config.getCustomHeaders(), Map.of()).isEmpty()
                && config.getHttpProxy() == null
                && config.getHttpsProxy() == null
                && config.getTlsServerName() == null
                && !config.isDisableHostnameVerification()
                && config.getUsername() == null
                && config.getImpersonateUsername() == null;
        return isPlain ? Optional.of(new ClientAccess(config)) : Optional.empty();
    }

    @Override
    public String server() {
        return config.getMasterUrl();
    }

    @Override
    public Optional<String> token() {
        var given = config.getOauthTokenProvider() == null
                ? config.getOauthToken()
                : config.getOauthTokenProvider().getToken();
        return Optional.ofNullable(given == null || given.isEmpty() ? config.getAutoOAuthToken() : given)
                .filter(token -> !token.isEmpty());
    }

    @Override
    public void forgetToken() {
        // the client renews it with the next request that it sends itself
    }

    @Override
    public Optional<SSLContext> trust() {
        if (server().startsWith("http:")) return Optional.empty();
        try {
            return Optional.of(SSLUtils.sslContext(config));
        } catch (IOException e) {
            throw new UncheckedIOException("the certificates for the API server cannot be read", e);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("the certificates for the API server cannot be used", e);
        }
    }
}
