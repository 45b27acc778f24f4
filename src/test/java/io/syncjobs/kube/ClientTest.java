package io.syncjobs.kube;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ClientTest {
    private static final Map<String, String> POD = Map.of("KUBERNETES_SERVICE_HOST", "10.96.0.1");

    /** Where the library reads what it otherwise finds in HTTPS_PROXY and NO_PROXY. */
    private static final List<String> READ = List.of("kubernetes.master", "https.proxy", "no.proxy");

    @AfterEach
    void forget() {
        READ.forEach(System::clearProperty);
    }

    /** As a policy of the cluster sets it in all pods; Go's programs take each of these words. */
    @ParameterizedTest
    @CsvSource({
        "http://proxy:3128, *",
        "http://proxy:3128, 10.96.*",
        "http://proxy:3128, ' 10.0.0.0/8 , .svc'",
        "http://proxy:3128, [fd00::1]",
        "http://proxy:3128, 10.96.0.1:443",
        "http://proxy, .svc",
        "proxy, .svc",
    })
    void inAPodNoProxyIsBetweenItAndTheApiServer(String proxy, String except) {
        var config = Client.config(environment(proxy, except), POD);

        assertThat(config.getHttpsProxy()).isNull();
        new KubernetesClientBuilder().withConfig(config).build().close();
    }

    @Test
    void aPersonsOwnKubeconfigIsReachedAsTheirEnvironmentSays() {
        var found = environment("http://proxy:3128", "localhost");
        var inside = Map.of("KUBERNETES_SERVICE_HOST", "10.96.0.1", "KUBECONFIG", "/kube/config");

        for (var environment : List.of(Map.<String, String>of(), inside)) {
            assertThat(Client.config(found, environment).getHttpsProxy()).isEqualTo("http://proxy:3128");
        }
    }

    private static Config environment(String proxy, String except) {
        System.setProperty("kubernetes.master", "https://10.96.0.1:443/");
        System.setProperty("https.proxy", proxy);
        System.setProperty("no.proxy", except);
        return Config.autoConfigure(null);
    }
}
