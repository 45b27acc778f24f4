package io.syncjobs.kube;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.http.AsyncBody;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.HttpResponse;
import io.fabric8.kubernetes.client.http.Interceptor;
import io.fabric8.kubernetes.client.impl.KubernetesClientImpl;
import io.syncjobs.api.RawJson;
import io.syncjobs.api.SyncJob;
import io.syncjobs.core.job.Statuses;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/** The connection to the API server. */
public final class Client {
    private static final int CONCURRENT_REQUESTS = 256;

    private Client() {}

    /** Connects by the pod's service account, or by KUBECONFIG outside a cluster. */
    public static KubernetesClient connect() {
        return connect(Config.autoConfigure(null));
    }

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
        return new KubernetesClientImpl(new ReadAhead(http.build()), config, Client::threads, Json.serialization());
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

    /**
     * Drops large parts from a job that goes into a cache: the texts of payload and template, and the trace. Writes are merge
     * patches, so dropped parts stay as they are in the API server.
     */
    public static SyncJob prune(SyncJob job) {
        var spec = job.getSpec();
        if (hasText(spec.payload()) || hasText(spec.template()))
            job.setSpec(spec.with(measured(spec.payload()), measured(spec.template())));
        job.setStatus(Statuses.withoutTrace(job));
        return job;
    }

    private static boolean hasText(@Nullable RawJson value) {
        return value != null && value.text().isPresent();
    }

    private static @Nullable RawJson measured(@Nullable RawJson value) {
        return value == null ? null : value.measured();
    }

    /** Keeps only what {@link PodViews} reads of a pod. Most of a pod is a copy of its template. */
    public static Pod prune(Pod pod) {
        Pruned.pod(pod);
        return pod;
    }

    /** Keeps only what {@link Workers} reads of a worker's Lease. */
    public static Lease prune(Lease lease) {
        Pruned.lease(lease);
        return lease;
    }

    /** Drops from an object what nobody here reads. */
    public static <R extends HasMetadata> R pruneAny(R object) {
        object.getMetadata().setManagedFields(null);
        switch (object) {
            case Pod pod -> prune(pod);
            case Lease lease -> prune(lease);
            case SyncJob job -> prune(job);
            default -> {}
        }
        return object;
    }
}
