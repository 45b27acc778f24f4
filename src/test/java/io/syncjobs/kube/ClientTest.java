package io.syncjobs.kube;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ClientTest {
    private static final Map<String, String> POD = Map.of("KUBERNETES_SERVICE_HOST", "10.96.0.1");

    /** As a policy of the cluster sets it in all pods; Go's programs take each of these words. */
    @ParameterizedTest
    @ValueSource(strings = {"*", "10.96.*", " 10.0.0.0/8", "[fd00::1]", "10.96.0.1:443", ".svc"})
    void inAPodNoProxyIsBetweenItAndTheApiServer(String except) {
        var config = Client.direct(proxied(except), POD);

        assertThat(config.getHttpsProxy()).isNull();
        assertThat(config.getHttpProxy()).isNull();
        Client.connect(config).close();
    }

    @Test
    void aPersonsOwnKubeconfigIsReachedAsTheirEnvironmentSays() {
        var inside = Map.of("KUBERNETES_SERVICE_HOST", "10.96.0.1", "KUBECONFIG", "/kube/config");
        for (var environment : List.of(Map.<String, String>of(), inside)) {
            var config = Client.direct(proxied("localhost"), environment);

            assertThat(config.getHttpsProxy()).isEqualTo("http://proxy.example:3128");
        }
    }

    private static Config proxied(String except) {
        return new ConfigBuilder(Config.empty())
                .withMasterUrl("https://10.96.0.1:443/")
                .withHttpProxy("http://proxy.example:3128")
                .withHttpsProxy("http://proxy.example:3128")
                .withNoProxy(except)
                .build();
    }
}
