package io.syncjobs.kube;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.vertx.core.net.JdkSSLEngineOptions;
import io.vertx.core.spi.tls.SslContextFactory;
import io.vertx.ext.web.client.WebClientOptions;
import java.security.NoSuchAlgorithmException;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import org.junit.jupiter.api.Test;

class CheapCiphersTest {
    @Test
    void theCheapOneIsOfferedFirstAndTheOthersStay() throws SSLException, NoSuchAlgorithmException {
        var options = new WebClientOptions().setSslEngineOptions(new JdkSSLEngineOptions() {
            @Override
            public SslContextFactory sslContextFactory() {
                return () -> SslContextBuilder.forClient()
                        .sslProvider(SslProvider.JDK)
                        .build();
            }

            @Override
            public JdkSSLEngineOptions copy() {
                return this;
            }
        });

        new CheapCiphers().additionalConfig(options);

        var made = options.getSslEngineOptions().sslContextFactory().create();
        assertThat(made.cipherSuites())
                .containsExactlyInAnyOrder(
                        SSLContext.getDefault().getDefaultSSLParameters().getCipherSuites())
                .element(0)
                .asString()
                .contains("CHACHA20");
    }
}
