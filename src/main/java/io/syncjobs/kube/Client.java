package io.syncjobs.kube;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.syncjobs.api.SyncJob;
import io.syncjobs.api.SyncJobSpec;
import io.syncjobs.core.Observation;
import io.syncjobs.core.Statuses;
import java.util.Objects;

/** The connection to the API server. */
public final class Client {
    private static final int CONCURRENT_REQUESTS = 256;
    private static final String LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration";

    private Client() {}

    /** Connects by the pod's service account, or by KUBECONFIG outside a cluster. */
    public static KubernetesClient connect() {
        return connect(Config.autoConfigure(null));
    }

    public static KubernetesClient connect(Config found) {
        var config = new ConfigBuilder(found)
                .withMaxConcurrentRequests(CONCURRENT_REQUESTS)
                .withMaxConcurrentRequestsPerHost(CONCURRENT_REQUESTS)
                .withRequestRetryBackoffLimit(3)
                .build();
        return new KubernetesClientBuilder()
                .withConfig(config)
                .withKubernetesSerialization(Json.serialization())
                .build();
    }

    /**
     * Drops what nobody here reads from a job that goes into a cache: of a finished one also payload, template and trace, which may
     * be large. Writes are differences, so that what is dropped here stays as it is there.
     */
    public static SyncJob prune(SyncJob job) {
        if (Observation.statusOf(job).state().finished()) {
            var spec = job.getSpec();
            job.setSpec(new SyncJobSpec(
                    spec.queue(),
                    spec.action(),
                    null,
                    spec.priority(),
                    spec.eta(),
                    spec.timeoutSeconds(),
                    spec.retry(),
                    null));
            job.setStatus(Statuses.withoutTrace(job));
        }
        job.getMetadata().setManagedFields(null);
        var annotations = job.getMetadata().getAnnotations();
        if (annotations != null) annotations.remove(LAST_APPLIED);
        return job;
    }

    /** Keeps of a pod what {@link PodViews} reads: most of it is a template that is known anyway. */
    public static Pod prune(Pod pod) {
        pod.getMetadata().setManagedFields(null);
        pod.getMetadata().setAnnotations(null);
        var spec = Objects.requireNonNull(pod.getSpec(), "every pod has a spec");
        spec.setVolumes(null);
        spec.setTolerations(null);
        spec.setAffinity(null);
        for (var container : spec.getContainers()) {
            container.setEnv(null);
            container.setEnvFrom(null);
            container.setVolumeMounts(null);
            container.setCommand(null);
            container.setArgs(null);
        }
        return pod;
    }
}
