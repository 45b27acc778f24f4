package io.syncjobs.kube;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.http.AsyncBody;
import io.fabric8.kubernetes.client.http.HttpClient;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.HttpResponse;
import io.fabric8.kubernetes.client.http.Interceptor;
import io.fabric8.kubernetes.client.impl.KubernetesClientImpl;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;

/** The connection to the API server. */
public final class Client {
    /** The limit of a page for watches of the framework, which list in pages only if they have one. {@link PageLimits} sizes the pages. */
    public static final long PAGE_LIMIT = PageLimits.MOST;

    private static final int CONCURRENT_REQUESTS = 256;

    private Client() {}

    /** Connects by the pod's service account, or by KUBECONFIG outside a cluster. */
    public static KubernetesClient connect() {
        return connect(Config.autoConfigure(null));
    }

    /** Connects as {@code found} says. */
    public static KubernetesClient connect(Config found) {
        return connect(found, (verb, code) -> {});
    }

    /** Told of each request: its verb and its status code, which is 0 if no answer came. */
    public interface Answered {
        void answered(String verb, int code);
    }

    /** As {@link #connect()}; {@code answered} is told of each answer, also of watches. */
    public static KubernetesClient connect(Answered answered) {
        return connect(Config.autoConfigure(null), answered);
    }

    /**
     * A pod reaches the API server of its cluster without a proxy. HTTPS_PROXY, which some clusters set in all pods, is for what is
     * outside, and the library ends the process for words of NO_PROXY that other programs know, such as {@code *}. The builder
     * reads the environment too, so the proxies are removed from what it has built.
     */
    static Config config(Config found, Map<String, String> environment) {
        var config = new ConfigBuilder(found)
                .withMaxConcurrentRequests(CONCURRENT_REQUESTS)
                .withMaxConcurrentRequestsPerHost(CONCURRENT_REQUESTS)
                .withRequestRetryBackoffLimit(3)
                .build();
        if (environment.containsKey("KUBERNETES_SERVICE_HOST") && !environment.containsKey("KUBECONFIG")) {
            config.setHttpProxy(null);
            config.setHttpsProxy(null);
        }
        return config;
    }

    private static KubernetesClient connect(Config found, Answered answered) {
        var config = config(found, System.getenv());
        var http = new CheapTransport().newBuilder(config);
        http.addOrReplaceInterceptor(PageLimits.NAME, new PageLimits())
                .addOrReplaceInterceptor("field-manager", new FieldManager())
                .addOrReplaceInterceptor("answers", new Counted(answered));
        return new KubernetesClientImpl(
                new ReadAhead(watching(http.build(), config, answered)), config, Client::threads, Json.serialization());
    }

    private static HttpClient watching(HttpClient http, Config config, Answered answered) {
        return ClientAccess.of(config)
                .<HttpClient>map(access -> new DirectWatches(http, new PlainApi(access, Api.PATIENCE, answered)))
                .orElse(http);
    }

    /** The client passes each event on from task to task. Between platform threads this takes ten times as long. */
    private static Executor threads() {
        return Executors.newThreadPerTaskExecutor(
                Thread.ofVirtual().name("client-", 0).factory());
    }

    private record Counted(Answered answered) implements Interceptor {
        @Override
        public void after(HttpRequest request, HttpResponse<?> answer, AsyncBody.Consumer<List<ByteBuffer>> body) {
            answered.answered(request.method(), answer.code());
        }

        @Override
        public void afterConnectionFailure(HttpRequest request, Throwable failure) {
            answered.answered(request.method(), 0);
        }
    }
}
