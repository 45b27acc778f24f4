package io.syncjobs.kube;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.http.AsyncBody;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.HttpResponse;
import io.fabric8.kubernetes.client.http.Interceptor;
import io.syncjobs.api.RawJson;
import io.syncjobs.api.SyncJob;
import io.syncjobs.core.Statuses;
import java.nio.ByteBuffer;
import java.util.List;
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

    /** Who wants to know of each request: its verb and the status code, 0 where no answer came. */
    public interface Answered {
        void answered(String verb, int code);
    }

    /** As {@link #connect()}, with somebody who is told of each answer; watches are among them. */
    public static KubernetesClient connect(Answered answered) {
        return connect(Config.autoConfigure(null), answered);
    }

    private static KubernetesClient connect(Config found, Answered answered) {
        var config = new ConfigBuilder(found)
                .withMaxConcurrentRequests(CONCURRENT_REQUESTS)
                .withMaxConcurrentRequestsPerHost(CONCURRENT_REQUESTS)
                .withRequestRetryBackoffLimit(3)
                .build();
        return new KubernetesClientBuilder()
                .withConfig(config)
                .withHttpClientBuilderConsumer(http -> http.addOrReplaceInterceptor(PageLimits.NAME, new PageLimits())
                        .addOrReplaceInterceptor("field-manager", new FieldManager())
                        .addOrReplaceInterceptor("answers", new Counted(answered)))
                .withKubernetesSerialization(Json.serialization())
                .build();
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
     * Drops from a job that goes into a cache what may be large: the texts of payload and template, and the trace. Writes are
     * differences, so that what is dropped here stays as it is there.
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

    /** Keeps of a pod what {@link PodViews} reads: most of it is a template that is known anyway. */
    public static Pod prune(Pod pod) {
        Pruned.pod(pod);
        return pod;
    }

    /** Keeps of a worker's Lease what {@link Workers} reads. */
    public static Lease prune(Lease lease) {
        Pruned.lease(lease);
        return lease;
    }

    /** Drops from an object of any kind what none of its readers here reads. */
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
