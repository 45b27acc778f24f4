package io.syncjobs.kube;

import static java.util.Objects.requireNonNullElse;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.ContainerState;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.ContainerStatusBuilder;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodCondition;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.PodSpecBuilder;
import io.fabric8.kubernetes.api.model.PodStatus;
import io.fabric8.kubernetes.api.model.PodStatusBuilder;
import io.fabric8.kubernetes.api.model.Probe;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import io.fabric8.kubernetes.api.model.ResourceRequirementsBuilder;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.syncjobs.api.Names;
import io.syncjobs.api.RawJson;
import io.syncjobs.api.SyncJob;
import io.syncjobs.core.job.Statuses;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Keeps only those parts of cached objects that are read here. The other parts come from templates and from strangers, and may be
 * as large as etcd allows. So of pods, Deployments and Leases this class lists what is kept, not what is dropped.
 */
public final class Pruned {
    /** The product's own texts are shorter. */
    private static final int LONGEST = 1_024;

    /** The limit for containers, statuses and owners of one pod. More of them play no part in any decision. */
    private static final int MOST = 64;

    private static final Set<String> LABELS =
            Set.of(Names.MANAGED_BY, Names.JOB_NAME, Names.JOB_UID, Names.QUEUE, Names.ATTEMPT, Names.POOL);

    private static final Set<String> NOTES = Set.of(Names.SLOTS, Names.WORKER_STATE, Names.WORKER_MESSAGE, Names.SEEN);

    private static final Set<String> CONDITIONS = Set.of(
            "DisruptionTarget",
            "TerminationTarget",
            "PodScheduled",
            "PodReadyToStartContainers",
            "Initialized",
            "Ready");

    private Pruned() {}

    /** Drops from an object what nobody here reads. */
    public static <R extends HasMetadata> R any(R object) {
        object.getMetadata().setManagedFields(null);
        switch (object) {
            case Pod pod -> of(pod);
            case Lease lease -> of(lease);
            case SyncJob job -> of(job);
            default -> {}
        }
        return object;
    }

    /**
     * Drops large parts of a job: the texts of payload and template, and the trace. Writes are merge patches, so dropped parts stay
     * as they are in the API server.
     */
    public static SyncJob of(SyncJob job) {
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

    /** Keeps what {@link PodViews} and {@link PoolViews} read. Most of a pod is a copy of its template. */
    public static Pod of(Pod pod) {
        var spec = Objects.requireNonNull(pod.getSpec(), "every pod has a spec");
        var worker = requireNonNullElse(pod.getMetadata().getAnnotations(), Map.<String, String>of())
                .getOrDefault(Names.WORKER, "");
        pod.setMetadata(metadata(pod.getMetadata(), PodViews.ANNOTATIONS));
        // Each change of a pod has its owners looked at. Only one of them can be the job of its label.
        var owners = owners(pod.getMetadata().getOwnerReferences()).stream();
        pod.getMetadata()
                .setOwnerReferences(
                        owners.filter(owner -> PodViews.isOwner(owner, pod)).toList());
        pod.setSpec(spec(spec, worker));
        if (pod.getStatus() != null) pod.setStatus(status(pod.getStatus(), worker));
        return pod;
    }

    /** Keeps what {@link PoolViews} reads, and the owners. */
    public static Deployment of(Deployment deployment) {
        deployment.setMetadata(metadata(deployment.getMetadata(), Set.of()));
        deployment.setSpec(null);
        return deployment;
    }

    /** Keeps what {@link Workers} reads. */
    public static Lease of(Lease lease) {
        lease.setMetadata(metadata(lease.getMetadata(), NOTES));
        var spec = lease.getSpec();
        if (spec == null) return lease;
        spec.setHolderIdentity(cut(spec.getHolderIdentity()));
        spec.setPreferredHolder(null);
        spec.setStrategy(null);
        return lease;
    }

    private static ObjectMeta metadata(ObjectMeta meta, Set<String> annotations) {
        return new ObjectMetaBuilder()
                .withName(meta.getName())
                .withNamespace(meta.getNamespace())
                .withUid(meta.getUid())
                .withResourceVersion(meta.getResourceVersion())
                .withGeneration(meta.getGeneration())
                .withCreationTimestamp(meta.getCreationTimestamp())
                .withDeletionTimestamp(meta.getDeletionTimestamp())
                .withDeletionGracePeriodSeconds(meta.getDeletionGracePeriodSeconds())
                .withLabels(kept(meta.getLabels(), LABELS))
                .withAnnotations(kept(meta.getAnnotations(), annotations))
                .withOwnerReferences(owners(meta.getOwnerReferences()))
                .build();
    }

    private static Map<String, String> kept(@Nullable Map<String, String> all, Set<String> names) {
        var kept = new HashMap<String, String>();
        if (all == null) return kept;
        for (var name : names) {
            var value = all.get(name);
            if (value != null && value.length() <= LONGEST) kept.put(name, value);
        }
        return kept;
    }

    private static List<OwnerReference> owners(@Nullable List<OwnerReference> all) {
        return requireNonNullElse(all, List.<OwnerReference>of()).stream()
                .filter(owner -> Stream.of(owner.getApiVersion(), owner.getKind(), owner.getName(), owner.getUid())
                        .allMatch(text -> text != null && text.length() <= LONGEST))
                .limit(MOST)
                .toList();
    }

    private static PodSpec spec(PodSpec spec, String worker) {
        return new PodSpecBuilder()
                .withNodeName(cut(spec.getNodeName()))
                .withSchedulerName(cut(spec.getSchedulerName()))
                .withServiceAccountName(cut(spec.getServiceAccountName()))
                .withRestartPolicy(cut(spec.getRestartPolicy()))
                .withActiveDeadlineSeconds(spec.getActiveDeadlineSeconds())
                .withResources(memory(spec.getResources()))
                .withContainers(containers(spec.getContainers(), worker))
                .withInitContainers(containers(spec.getInitContainers(), ""))
                .build();
    }

    /** The first containers, and the worker's container wherever it is in the list. */
    private static List<Container> containers(@Nullable List<Container> all, String worker) {
        var containers = requireNonNullElse(all, List.<Container>of());
        var beyond = containers.stream().skip(MOST).filter(one -> worker.equals(one.getName()));
        return Stream.concat(containers.stream().limit(MOST), beyond)
                .map(one -> new ContainerBuilder()
                        .withName(one.getName())
                        .withRestartPolicy(one.getRestartPolicy())
                        .withTerminationMessagePolicy(one.getTerminationMessagePolicy())
                        .withResources(memory(one.getResources()))
                        .withLivenessProbe(ContainerViews.isWatched(one) ? new Probe() : null)
                        .build())
                .toList();
    }

    private static @Nullable ResourceRequirements memory(@Nullable ResourceRequirements resources) {
        var limits = resources == null ? null : resources.getLimits();
        Quantity limit = limits == null ? null : limits.get(ContainerViews.MEMORY);
        return limit == null
                ? null
                : new ResourceRequirementsBuilder()
                        .addToLimits(ContainerViews.MEMORY, limit)
                        .build();
    }

    private static PodStatus status(PodStatus status, String worker) {
        return new PodStatusBuilder()
                .withPhase(status.getPhase())
                .withStartTime(status.getStartTime())
                .withReason(status.getReason())
                .withMessage(status.getMessage())
                .withConditions(requireNonNullElse(status.getConditions(), List.<PodCondition>of()).stream()
                        .filter(condition -> CONDITIONS.contains(condition.getType()))
                        .toList())
                .withContainerStatuses(states(status.getContainerStatuses(), worker))
                .withInitContainerStatuses(states(status.getInitContainerStatuses(), ""))
                .build();
    }

    private static List<ContainerStatus> states(@Nullable List<ContainerStatus> all, String worker) {
        var statuses = requireNonNullElse(all, List.<ContainerStatus>of());
        var beyond = statuses.stream().skip(MOST).filter(one -> worker.equals(one.getName()));
        return Stream.concat(statuses.stream().limit(MOST), beyond)
                .map(one -> new ContainerStatusBuilder()
                        .withName(one.getName())
                        .withState(one.getState())
                        .withLastState(ofLast(one))
                        .withStarted(one.getStarted())
                        .withReady(one.getReady())
                        .withContainerID(cut(one.getContainerID()))
                        .withImageID(cut(one.getImageID()))
                        .build())
                .toList();
    }

    /** The end that a container had before; its running or waiting state of then is nowhere read. */
    private static @Nullable ContainerState ofLast(ContainerStatus one) {
        var last = one.getLastState();
        return last == null || last.getTerminated() == null ? null : last;
    }

    private static @Nullable String cut(@Nullable String text) {
        return text == null || text.length() <= LONGEST ? text : text.substring(0, LONGEST);
    }
}
