package io.syncjobs.kube;

import io.fabric8.kubernetes.client.vertx.VertxHttpClientFactory;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.IdentityCipherSuiteFilter;
import io.netty.handler.ssl.JdkSslContext;
import io.vertx.core.net.JdkSSLEngineOptions;
import io.vertx.core.spi.tls.SslContextFactory;
import io.vertx.ext.web.client.WebClientOptions;
import java.util.List;
import java.util.Set;
import javax.net.ssl.SSLException;

/**
 * Makes the client's connections cost little. They offer all ciphers of the JVM, {@link Connection#cheapFirst cheap ones first}: by
 * itself the client offers AES alone. And they take compressed answers: the API server compresses long lists, and a list of jobs
 * shrinks to a tenth.
 */
final class CheapTransport extends VertxHttpClientFactory {
    @Override
    protected void additionalConfig(WebClientOptions options) {
        options.setDecompressionSupported(true);
        if (!(options.getSslEngineOptions() instanceof JdkSSLEngineOptions found)) return;
        var protocols = options.getEnabledSecureTransportProtocols();
        options.setSslEngineOptions(new JdkSSLEngineOptions() {
            @Override
            public JdkSSLEngineOptions copy() {
                return this;
            }

            @Override
            public SslContextFactory sslContextFactory() {
                return () -> cheap(found.sslContextFactory(), protocols);
            }
        });
    }

    private static JdkSslContext cheap(SslContextFactory factory, Set<String> protocols) throws SSLException {
        var context = ((JdkSslContext) factory.create()).context();
        return new JdkSslContext(
                context,
                true,
                Connection.cheapFirst(List.of(context.getDefaultSSLParameters().getCipherSuites())),
                IdentityCipherSuiteFilter.INSTANCE,
                ApplicationProtocolConfig.DISABLED,
                ClientAuth.NONE,
                protocols.toArray(String[]::new),
                false);
    }
}
