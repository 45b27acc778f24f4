package io.syncjobs.kube;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.syncjobs.api.SyncJob;
import io.vertx.core.net.JdkSSLEngineOptions;
import io.vertx.core.spi.tls.SslContextFactory;
import io.vertx.ext.web.client.WebClientOptions;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.NoSuchAlgorithmException;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import org.junit.jupiter.api.Test;

class CheapTransportTest {
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

        new CheapTransport().additionalConfig(options);

        var made = options.getSslEngineOptions().sslContextFactory().create();
        assertThat(made.cipherSuites())
                .containsExactlyInAnyOrder(
                        SSLContext.getDefault().getDefaultSSLParameters().getCipherSuites())
                .element(0)
                .asString()
                .contains("CHACHA20");
    }

    @Test
    void listsComeCompressed() throws IOException {
        var server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            try (exchange) {
                var takes = String.valueOf(exchange.getRequestHeaders().getFirst("Accept-Encoding"));
                exchange.getResponseHeaders().set("Content-Encoding", "gzip");
                exchange.sendResponseHeaders(takes.contains("gzip") ? 200 : 406, 0);
                try (var body = new GZIPOutputStream(exchange.getResponseBody())) {
                    body.write("{\"metadata\":{},\"items\":[{\"metadata\":{\"name\":\"order-1\"}}]}".getBytes(UTF_8));
                }
            }
        });
        server.start();
        var config = new ConfigBuilder(Config.empty())
                .withMasterUrl("http://127.0.0.1:" + server.getAddress().getPort())
                .build();
        try (var client = Client.connect(config)) {
            assertThat(new Lists(Api.of(client)).read(SyncJob.class, List.of(), "", Pruned::of))
                    .extracting(job -> job.getMetadata().getName())
                    .containsExactly("order-1");
        } finally {
            server.stop(0);
        }
    }
}
