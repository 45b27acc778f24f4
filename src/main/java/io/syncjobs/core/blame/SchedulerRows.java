package io.syncjobs.core.blame;

import static io.syncjobs.api.Reason.POD_UNSCHEDULABLE;
import static io.syncjobs.core.blame.Course.WAIT;
import static io.syncjobs.core.blame.Course.WAIT_QUIETLY;
import static io.syncjobs.core.blame.Party.CLUSTER;
import static io.syncjobs.core.blame.Party.NAMESPACE;
import static io.syncjobs.core.blame.Party.NOBODY;
import static io.syncjobs.core.blame.Party.NODE;
import static io.syncjobs.core.blame.Party.TEMPLATE;
import static io.syncjobs.core.blame.Row.row;
import static io.syncjobs.core.blame.Source.SCHEDULER;

import java.util.List;

/** Why no node accepts a pod. If the scheduler gives several reasons, one that passes by itself comes first. */
final class SchedulerRows {
    static final List<Row> ROWS = List.of(
            row("gated-by-cluster", SCHEDULER, "SchedulingGated")
                    .where(Fact.ADDED)
                    .is(
                            CLUSTER,
                            WAIT,
                            POD_UNSCHEDULABLE,
                            "The gate is not of {template}: admission has added it, as Kueue does until it admits the pod. See spec.schedulingGates in kubectl get pod -n {namespace} {pod} -o yaml, and who minds the gate (for Kueue: kubectl get workloads -n {namespace})."),
            row("gated", SCHEDULER, "SchedulingGated")
                    .is(
                            TEMPLATE,
                            WAIT,
                            POD_UNSCHEDULABLE,
                            "Whoever minds the gate has to open it; or leave schedulingGates out of {template}."),
            row("scheduler-conflict", SCHEDULER, "SchedulerError")
                    .saying("the object has been modified")
                    .is(
                            NOBODY,
                            WAIT_QUIETLY,
                            POD_UNSCHEDULABLE,
                            "Something else changed an object of the pod at the same moment; the scheduler tries again, and that passes."),
            row("claim-lost", SCHEDULER)
                    .saying("bound to non-existent persistentvolume", "persistentvolumeclaim … is being deleted")
                    .naming("claim", "persistentvolumeclaim \"", "\"")
                    .is(
                            NAMESPACE,
                            WAIT,
                            POD_UNSCHEDULABLE,
                            "PersistentVolumeClaim {claim} has lost its volume, or is being deleted: see kubectl describe pvc -n {namespace} {claim}, and create it again."),
            row("claim-not-there", SCHEDULER)
                    .saying("persistentvolumeclaim \"")
                    .naming("claim", "persistentvolumeclaim \"", "\"")
                    .is(
                            NAMESPACE,
                            WAIT,
                            POD_UNSCHEDULABLE,
                            "Create PersistentVolumeClaim {claim} in namespace {namespace}, or name another one in {template}."),
            row("claim-unbound", SCHEDULER)
                    .saying(
                            "unbound immediate persistentvolumeclaim",
                            "find available persistent volumes",
                            "enough free storage",
                            "non-existent pv",
                            "volume binding",
                            "binding volumes",
                            "\"volumebinding\"",
                            "pod is not owner",
                            "storageclass")
                    .is(
                            NAMESPACE,
                            WAIT,
                            POD_UNSCHEDULABLE,
                            "A PersistentVolumeClaim of the pod gets no volume: see kubectl describe pvc -n {namespace}."),
            row("fargate-unsupported", SCHEDULER)
                    .saying("pod not supported on fargate", "not supported on fargate")
                    .is(
                            TEMPLATE,
                            WAIT,
                            POD_UNSCHEDULABLE,
                            "Fargate runs no such pod: leave out of {template} what the message names, or give the jobs a namespace or labels that no Fargate profile selects."),
            row("fargate", SCHEDULER)
                    .saying("fargate", "account has reached its", "pod provisioning timed out")
                    .is(
                            CLUSTER,
                            WAIT,
                            POD_UNSCHEDULABLE,
                            "The cloud gives the pod no place: wait, raise the account's limits, or mend the Fargate profile (its subnets and its role), as the message says."),
            row("full", SCHEDULER)
                    .saying("insufficient ", "too many pods")
                    .naming("resource", "Insufficient ", " ")
                    .is(
                            NOBODY,
                            WAIT,
                            POD_UNSCHEDULABLE,
                            "No node has as much {resource|room} free: wait for other pods to end, add a node, or lower resources.requests in {template}; no node may have as much at all."),
            row("ports-taken", SCHEDULER)
                    .saying("free ports")
                    .is(
                            NOBODY,
                            WAIT,
                            POD_UNSCHEDULABLE,
                            "Another pod has the port of the node: wait for it to end, or leave hostPort and hostNetwork out of {template}."),
            row("volumes-too-many", SCHEDULER)
                    .saying("max volume count", "volume attachment capacity")
                    .is(
                            NOBODY,
                            WAIT,
                            POD_UNSCHEDULABLE,
                            "The nodes have as many volumes as they can take: wait for other pods to end, or add a node."),
            row("volume-driver-missing", SCHEDULER)
                    .saying("csi driver is not installed")
                    .is(
                            CLUSTER,
                            WAIT,
                            POD_UNSCHEDULABLE,
                            "The driver of the pod's volume runs on no node that would take the pod: see kubectl get csinodes."),
            row("volume-elsewhere", SCHEDULER)
                    .saying(
                            "volume node affinity",
                            "persistentvolume's node affinity",
                            "no available volume zone",
                            "no available disk",
                            "already in-use by another pod",
                            "readwriteoncepod")
                    .is(
                            NOBODY,
                            WAIT,
                            POD_UNSCHEDULABLE,
                            "The pod's volume is on another node, in another zone, or in use: see kubectl describe pvc -n {namespace}."),
            row("nodes-not-ready", SCHEDULER)
                    .saying(
                            "were unschedulable",
                            "unknown conditions",
                            "{ … node.kubernetes.io/",
                            "{ … not-ready",
                            "{ … uninitialized",
                            "{ … tobedeletedbyclusterautoscaler",
                            "{ … deletioncandidateofclusterautoscaler",
                            "taint {karpenter.sh/",
                            // What clouds and their controllers put on a node that is about to go, or has not come yet.
                            "{ … impending-node-termination",
                            "{ … node-termination-handler",
                            "{ … gke-quick-remove",
                            "{ … node.cloudprovider.kubernetes.io/",
                            "{ … startup-taint",
                            "{ … ignore-taint",
                            "{ … readiness.k8s.io/",
                            "{ … medik8s.io/",
                            "{ … unhealthy",
                            "{ … impaired",
                            "{ … /drain",
                            "{ … remediator.")
                    .is(
                            NODE,
                            WAIT,
                            POD_UNSCHEDULABLE,
                            "The nodes are not ready, short of something, cordoned, or about to go: see kubectl get nodes."),
            row("others-near", SCHEDULER)
                    .saying("anti-affinity", "topology spread")
                    .is(
                            NOBODY,
                            WAIT,
                            POD_UNSCHEDULABLE,
                            "Other pods are where this one may run (anti-affinity, topologySpreadConstraints in {template}): wait for them to end."),
            // Before the rows of taints, because nearly every message names the taints of the control plane.
            row("own-selector", SCHEDULER)
                    .saying(
                            "node affinity/selector",
                            "requested node name",
                            "pod affinity rules",
                            "node(s) didn't match")
                    .is(
                            TEMPLATE,
                            WAIT,
                            POD_UNSCHEDULABLE,
                            "No node is as nodeSelector and affinity ask: mend them in {template}, or label a node so."),
            // Kubernetes 1.36 no longer names the taints, so a node that is not ready looks like one that is kept for
            // others.
            row("tainted-unnamed", SCHEDULER)
                    .saying("untolerated taint(s).", "untolerated taint(s),")
                    .is(
                            NOBODY,
                            WAIT,
                            POD_UNSCHEDULABLE,
                            "The nodes have taints: see kubectl get nodes for nodes that are not ready or cordoned. For other taints (kubectl describe nodes), add a toleration to {template}, or a node without them."),
            row("tainted", SCHEDULER)
                    .saying("untolerated taint", "didn't tolerate")
                    .naming("taint", "taint {", "}")
                    .naming("taint", "taint(s) {", "}")
                    .is(
                            TEMPLATE,
                            WAIT,
                            POD_UNSCHEDULABLE,
                            "The nodes are kept for others by a taint {taint}: add a toleration to {template}, or a node without it."),
            row("no-nodes", SCHEDULER)
                    .saying("no nodes available", "0/0 nodes")
                    .is(CLUSTER, WAIT, POD_UNSCHEDULABLE, "The cluster has no node: add one."),
            row("devices-taken", SCHEDULER)
                    .saying("allocate all claims", "not available on the node", "trying to allocate devices")
                    .is(
                            NOBODY,
                            WAIT,
                            POD_UNSCHEDULABLE,
                            "No node has the devices free that the pod's ResourceClaims ask for: wait for other pods to end, add a node with them (kubectl get resourceslices), or mend the claims."),
            row("claims-of-devices", SCHEDULER)
                    .saying("resourceclaim", "device class")
                    .is(
                            NAMESPACE,
                            WAIT,
                            POD_UNSCHEDULABLE,
                            "A ResourceClaim of the pod is not there or not met: see kubectl get resourceclaims -n {namespace}."),
            row("gang", SCHEDULER)
                    .saying("podgroup", "pod group", " gang", "mincount")
                    .is(
                            NOBODY,
                            WAIT,
                            POD_UNSCHEDULABLE,
                            "The pod waits for the others of its group: a job has one pod, so leave the group out of {template}."),
            row("scheduler-error", SCHEDULER, "SchedulerError")
                    .is(
                            CLUSTER,
                            WAIT,
                            POD_UNSCHEDULABLE,
                            "The scheduler met an error of its own and tries again: see its log if that stays so."),
            row("no-node", SCHEDULER)
                    .is(
                            NOBODY,
                            WAIT,
                            POD_UNSCHEDULABLE,
                            "Free or add a node, or lower requests, nodeSelector, affinity or tolerations in {template}."));

    private SchedulerRows() {}
}
