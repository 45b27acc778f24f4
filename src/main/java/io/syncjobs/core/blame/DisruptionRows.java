package io.syncjobs.core.blame;

import static io.syncjobs.api.Reason.INVALID_TEMPLATE;
import static io.syncjobs.api.Reason.POD_REFUSED;
import static io.syncjobs.api.Reason.POD_UNSCHEDULABLE;
import static io.syncjobs.api.Reason.WORKER_DIED;
import static io.syncjobs.core.blame.Course.MAKE_AGAIN;
import static io.syncjobs.core.blame.Course.RUN_AGAIN;
import static io.syncjobs.core.blame.Course.RUN_AGAIN_COUNTED;
import static io.syncjobs.core.blame.Party.ACTION;
import static io.syncjobs.core.blame.Party.NOBODY;
import static io.syncjobs.core.blame.Party.NODE;
import static io.syncjobs.core.blame.Party.TEMPLATE;
import static io.syncjobs.core.blame.Row.row;
import static io.syncjobs.core.blame.Source.DISRUPTION;

import java.util.List;

/** Who ended a pod that did not end by itself, and why. */
final class DisruptionRows {
    private static final String[] BY_KUBELET = {"Evicted", "TerminationByKubelet"};

    static final List<Row> ROWS = List.of(
            row("preempted-by-kubelet", DISRUPTION, "Preempting")
                    .is(
                            NOBODY,
                            RUN_AGAIN,
                            WORKER_DIED,
                            "A critical pod of the cluster needed the place on node {node}."),
            row("node-shutdown", DISRUPTION, "NodeShutdown", "Shutdown", "Terminated")
                    .is(NODE, RUN_AGAIN, WORKER_DIED, "Node {node} was shut down."),
            row("evicted-empty-dir", DISRUPTION, BY_KUBELET)
                    .saying("usage of emptydir volume")
                    .naming("volume", "EmptyDir volume \"", "\"")
                    .is(
                            TEMPLATE,
                            RUN_AGAIN_COUNTED,
                            WORKER_DIED,
                            "The job writes more to the emptyDir volume {volume} than its sizeLimit: raise it in {template}, or let the job write less."),
            row("evicted-own-disk-limit", DISRUPTION, BY_KUBELET)
                    .saying("exceeded its local ephemeral storage limit", "ephemeral local storage usage exceeds")
                    .naming("container", "Container ", " ")
                    .is(
                            TEMPLATE,
                            RUN_AGAIN_COUNTED,
                            WORKER_DIED,
                            "The job writes more to its disk than resources.limits.ephemeral-storage allows: raise it in {template}, or let the job write less."),
            row("evicted-own-consumption", DISRUPTION, BY_KUBELET)
                    .saying("has larger consumption of", "which exceeds its request of")
                    .naming("resource", "has larger consumption of ", ".")
                    .naming("container", "Container ", " was using ")
                    .is(
                            ACTION,
                            RUN_AGAIN_COUNTED,
                            WORKER_DIED,
                            "The node was short of {resource|memory or disk}, and container {container|of the pod} used more of it than it requests: request what it needs in resources.requests of {template}, set a limit, or let the job use less."),
            row("evicted-by-others", DISRUPTION, BY_KUBELET)
                    .is(
                            NODE,
                            RUN_AGAIN,
                            WORKER_DIED,
                            "Node {node} was short of memory, disk or processes through others; see kubectl describe node."),
            row("evicted-by-api", DISRUPTION, "EvictionByEvictionAPI")
                    .is(NOBODY, RUN_AGAIN, WORKER_DIED, "Somebody drained the node or evicted the pod."),
            row("preempted-by-scheduler", DISRUPTION, "PreemptionByScheduler")
                    .is(
                            NOBODY,
                            RUN_AGAIN,
                            WORKER_DIED,
                            "A pod of higher priority needed the place: give the jobs a priorityClassName in {template} if that must not be."),
            row("taint-manager", DISRUPTION, "DeletionByTaintManager", "DeletionByDeviceTaintManager")
                    .is(
                            NODE,
                            RUN_AGAIN,
                            WORKER_DIED,
                            "Node {node}, or a device there, got a taint that {template} does not tolerate, as a node that is not ready does."),
            row("node-missing", DISRUPTION, "DeletionByPodGC")
                    .where(Fact.NODE_OF_TEMPLATE)
                    .is(
                            TEMPLATE,
                            MAKE_AGAIN,
                            POD_UNSCHEDULABLE,
                            "There is no node {node}, to which template.spec.nodeName binds the pod: name one that exists in {template}, or leave nodeName out, so that the scheduler chooses one."),
            row("node-removed", DISRUPTION, "DeletionByPodGC")
                    .is(NODE, RUN_AGAIN, WORKER_DIED, "Node {node} was removed from the cluster."),
            row("deadline-before-start", DISRUPTION, "DeadlineExceeded")
                    .is(
                            TEMPLATE,
                            MAKE_AGAIN,
                            INVALID_TEMPLATE,
                            "The pod's activeDeadlineSeconds were over before its worker had begun: raise them in {template}, or leave them out and set spec.timeoutSeconds of the job."),
            row("rejected-after-start", DISRUPTION, "Rejected")
                    .where(Fact.BEGUN)
                    .is(
                            NODE,
                            RUN_AGAIN,
                            WORKER_DIED,
                            "Node {node} restarted, or its kubelet, and did not take the running pod again: its labels, taints, devices or room have changed."),
            row("disrupted", DISRUPTION, "Disruption")
                    .is(
                            NOBODY,
                            RUN_AGAIN,
                            WORKER_DIED,
                            "A controller of the cluster ended the pod for a reason of its own, which the message names."),
            row("deleted-worker", DISRUPTION, "Deleted")
                    .where(Fact.BEGUN)
                    .is(NOBODY, RUN_AGAIN_COUNTED, WORKER_DIED, "See who deletes pods in namespace {namespace}."),
            row("deleted-before-start", DISRUPTION, "Deleted")
                    .is(NOBODY, MAKE_AGAIN, POD_REFUSED, "See who deletes pods in namespace {namespace}."),
            row("ended-somehow", DISRUPTION)
                    .where(Fact.BEGUN)
                    .is(
                            NOBODY,
                            RUN_AGAIN_COUNTED,
                            WORKER_DIED,
                            "Look at memory and disk of node {node} and at what the job does just before."),
            row("ended-before-start", DISRUPTION)
                    .is(
                            NODE,
                            RUN_AGAIN,
                            POD_REFUSED,
                            "Look at node {node}: it ended the pod before any container had run."));

    private DisruptionRows() {}
}
