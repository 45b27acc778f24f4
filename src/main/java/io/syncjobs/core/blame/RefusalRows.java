package io.syncjobs.core.blame;

import static io.syncjobs.api.Reason.INVALID_TEMPLATE;
import static io.syncjobs.api.Reason.POD_REFUSED;
import static io.syncjobs.api.Reason.POD_UNSCHEDULABLE;
import static io.syncjobs.core.blame.Course.MAKE_AGAIN;
import static io.syncjobs.core.blame.Course.RUN_AGAIN;
import static io.syncjobs.core.blame.Party.NODE;
import static io.syncjobs.core.blame.Party.TEMPLATE;
import static io.syncjobs.core.blame.Row.row;
import static io.syncjobs.core.blame.Source.REFUSAL;

import java.util.List;

/** Why a kubelet refused a pod before it created any container. */
final class RefusalRows {
    /** The node is not as the pod asks for. */
    private static final String[] NOT_FITTING = {
        "NodeAffinity",
        "NodeName",
        "NodePorts",
        "PodFits*",
        "NodeUnschedulable",
        "TaintToleration",
        "MatchNodeSelector",
        "PodToleratesNodeTaints"
    };

    static final List<Row> ROWS = List.of(
            row("app-armor", REFUSAL, "AppArmor")
                    .is(
                            TEMPLATE,
                            MAKE_AGAIN,
                            INVALID_TEMPLATE,
                            "The node cannot enforce the AppArmor profile: mend it in {template}, or load it on the nodes."),
            row("sysctl", REFUSAL, "SysctlForbidden", "SysctlNotAllowed")
                    .is(
                            TEMPLATE,
                            MAKE_AGAIN,
                            INVALID_TEMPLATE,
                            "The node allows no such sysctl: leave it out of securityContext.sysctls in {template}, or allow it with the kubelet's allowedUnsafeSysctls."),
            row(
                            "other-os",
                            REFUSAL,
                            "PodOSSelectorNodeLabelDoesNotMatch",
                            "PodOSSelectorDoesNotMatch",
                            "PodOSNotSupported")
                    .is(
                            TEMPLATE,
                            MAKE_AGAIN,
                            INVALID_TEMPLATE,
                            "The node has another operating system than the pod asks for: mend spec.os or nodeSelector kubernetes.io/os in {template}."),
            row(
                            "feature-unsupported",
                            REFUSAL,
                            "PodFeatureUnsupported",
                            "PodLevelResourcesNotSupported",
                            "PodLevelResourcesNotAdmittedReason",
                            "SupplementalGroupsPolicyNotSupported",
                            "InitContainerRestartPolicyForbidden",
                            "InPlacePodVerticalScaling*",
                            "HostUsers*",
                            "UserNamespaces*")
                    .is(
                            TEMPLATE,
                            MAKE_AGAIN,
                            INVALID_TEMPLATE,
                            "The node does not have what the pod asks for: leave it out of {template}, or choose other nodes with nodeSelector."),
            row("node-full-of-template", REFUSAL, "OutOf*")
                    .where(Fact.NODE_OF_TEMPLATE)
                    .is(
                            TEMPLATE,
                            MAKE_AGAIN,
                            POD_UNSCHEDULABLE,
                            "Node {node}, to which template.spec.nodeName binds the pod, has no room for it: leave nodeName out of {template}, so that the scheduler waits for room."),
            row("node-of-template", REFUSAL, NOT_FITTING)
                    .where(Fact.NODE_OF_TEMPLATE)
                    .is(
                            TEMPLATE,
                            MAKE_AGAIN,
                            POD_UNSCHEDULABLE,
                            "Node {node}, to which template.spec.nodeName binds the pod, does not fit the rest of the template: leave nodeName out of {template}, or mend nodeSelector, affinity, tolerations and hostPort."),
            row("node-full", REFUSAL, "OutOf*")
                    .is(
                            NODE,
                            RUN_AGAIN,
                            POD_REFUSED,
                            "Node {node} had less room than the scheduler thought; that passes."),
            row("node-full-anyway", REFUSAL, "UnexpectedAdmissionError")
                    .saying("pods to preempt", "to reclaim resources")
                    .is(
                            NODE,
                            RUN_AGAIN,
                            POD_REFUSED,
                            "Node {node} had less room than the scheduler thought, and no pod there gives way; that passes."),
            row("node-does-not-fit", REFUSAL, NOT_FITTING)
                    .is(
                            NODE,
                            RUN_AGAIN,
                            POD_REFUSED,
                            "Node {node} has changed since the scheduler chose it (labels, taints, ports); that passes."),
            row("cores-not-whole", REFUSAL, "SMTAlignmentError")
                    .saying("not multiple cpus per core")
                    .is(
                            TEMPLATE,
                            MAKE_AGAIN,
                            INVALID_TEMPLATE,
                            "Node {node} gives away whole cores only: set resources.requests.cpu and resources.limits.cpu in {template} to a multiple of the number that the message names."),
            row(
                            "node-topology",
                            REFUSAL,
                            "TopologyAffinityError",
                            "SMTAlignmentError",
                            "PodNotAligned*",
                            "EmptyPodSharedPool*")
                    .is(
                            NODE,
                            RUN_AGAIN,
                            POD_REFUSED,
                            "Node {node} has no processors and devices left that lie as its topology manager wants them."),
            row("node-devices", REFUSAL, "UnexpectedAdmissionError")
                    .is(NODE, RUN_AGAIN, POD_REFUSED, "Look at the device plugins and the kubelet of node {node}."),
            row("node-volumes", REFUSAL, "VolumeAttachmentLimitExceeded")
                    .is(NODE, RUN_AGAIN, POD_REFUSED, "Node {node} has as many volumes as it can take."),
            row("node-pressure", REFUSAL, "Evicted")
                    .is(
                            NODE,
                            RUN_AGAIN,
                            POD_REFUSED,
                            "Node {node} is short of memory, disk or processes; see kubectl describe node."),
            row("node-stops", REFUSAL, "NodeShutdown", "Shutdown", "Terminated")
                    .is(NODE, RUN_AGAIN, POD_REFUSED, "Node {node} is being shut down."),
            row("node-unknown", REFUSAL, "InvalidNodeInfo", "UnknownReason", "UnexpectedPredicateFailureType")
                    .is(NODE, RUN_AGAIN, POD_REFUSED, "Look at the kubelet of node {node}."),
            row("refused-somehow", REFUSAL)
                    .is(NODE, RUN_AGAIN, POD_REFUSED, "Look at the kubelet of node {node}; it did not take the pod."));

    private RefusalRows() {}
}
