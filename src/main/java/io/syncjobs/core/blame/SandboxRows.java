package io.syncjobs.core.blame;

import static io.syncjobs.api.Reason.INVALID_TEMPLATE;
import static io.syncjobs.api.Reason.POD_STARTING;
import static io.syncjobs.api.Reason.POD_UNSCHEDULABLE;
import static io.syncjobs.core.blame.Course.WAIT;
import static io.syncjobs.core.blame.Course.WAIT_QUIETLY;
import static io.syncjobs.core.blame.Party.ACTION;
import static io.syncjobs.core.blame.Party.CLUSTER;
import static io.syncjobs.core.blame.Party.NAMESPACE;
import static io.syncjobs.core.blame.Party.NODE;
import static io.syncjobs.core.blame.Party.TEMPLATE;
import static io.syncjobs.core.blame.Row.row;
import static io.syncjobs.core.blame.Source.START;

import java.util.List;

/** Why a pod has no sandbox, network or devices, and what is known when nobody says more. Follows {@link ContainerRows}. */
final class SandboxRows {

    static final List<Row> ROWS = List.of(
            row("no-runtime", START, "FailedCreatePodSandBox")
                    .saying("no runtime for", "runtime handler", "runtimehandler")
                    .is(
                            NODE,
                            WAIT,
                            POD_STARTING,
                            "The container runtime of node {node} does not have what the pod's RuntimeClass asks for: install it there, or mend runtimeClassName in {template}."),
            row("sandbox-image", START, "FailedCreatePodSandBox")
                    .saying("sandbox image", "pause image", "image \" … /pause")
                    .is(
                            NODE,
                            WAIT,
                            POD_STARTING,
                            "Node {node} cannot pull the image that its container runtime puts under each pod (pause)."),
            row("network-attachment", START, "FailedCreatePodSandBox")
                    .saying("network-attachment-definition")
                    .is(
                            NAMESPACE,
                            WAIT,
                            POD_STARTING,
                            "A NetworkAttachmentDefinition that the annotations of {template} name is not in namespace {namespace}, or wrong: the message names it."),
            row("host-port", START, "FailedCreatePodSandBox")
                    .saying("address already in use")
                    .is(
                            NODE,
                            WAIT,
                            POD_STARTING,
                            "Another program of node {node} has the port: leave hostPort out of {template}, or find out what listens there."),
            row("network-addresses", START, "FailedCreatePodSandBox")
                    .saying(
                            "no ip addresses available",
                            "assign an ip address",
                            "insufficientfreeaddresses",
                            "no more ips",
                            "not enough ips",
                            "no available address",
                            "no more free affine blocks",
                            "no available ip",
                            "range is full",
                            "no free ip",
                            "ip pool",
                            "no addresses available",
                            "no address allocated",
                            "could not allocate ip",
                            "ipnotenough",
                            "pool … exhausted",
                            "_exhausted")
                    .is(
                            NODE,
                            WAIT,
                            POD_STARTING,
                            "The network has no free address for another pod on node {node}: wait for pods to end, or give the node or its subnet more addresses."),
            // Plugins of the network have words about sysctls, users and images that are not the pod's.
            row("network-setup", START, "FailedCreatePodSandBox")
                    .saying("setup network", "failed to set up pod", "(add)", "cni network")
                    .is(
                            NODE,
                            WAIT,
                            POD_STARTING,
                            "Look at the network (CNI) of node {node}: it does not connect the pod."),
            row("sandbox-sysctl", START, "FailedCreatePodSandBox")
                    .saying("/proc/sys/")
                    .is(
                            TEMPLATE,
                            WAIT,
                            INVALID_TEMPLATE,
                            "Node {node} has no such sysctl, or takes no such value: mend securityContext.sysctls in {template}."),
            row("sandbox-users", START, "FailedCreatePodSandBox")
                    .saying("user namespaces", "idmapped", "idmap mount")
                    .is(
                            TEMPLATE,
                            WAIT,
                            INVALID_TEMPLATE,
                            "The container runtime of node {node} has no user namespaces: leave hostUsers out of {template}, or choose other nodes."),
            row(
                            "network",
                            START,
                            "FailedCreatePodSandBox",
                            "NetworkNotReady",
                            "FailedPodSandBoxStatus",
                            "SandboxChanged")
                    .is(
                            NODE,
                            WAIT,
                            POD_STARTING,
                            "Look at the network (CNI) and the container runtime of node {node}."),
            row("claims-not-made", START, "FailedResourceClaimCreation")
                    .is(
                            NAMESPACE,
                            WAIT,
                            POD_UNSCHEDULABLE,
                            "A ResourceClaim of the pod cannot be made: see whether the ResourceClaimTemplate that {template} names is in namespace {namespace}."),
            row("pull-secret", START, "FailedToRetrieveImagePullSecret")
                    .naming("secret", "secrets (", ")")
                    .vague()
                    .is(
                            NAMESPACE,
                            WAIT_QUIETLY,
                            POD_STARTING,
                            "Create Secret {secret} in namespace {namespace}, which imagePullSecrets of {template} or of its ServiceAccount name."),
            row("devices", START, "FailedPrepareDynamicResources")
                    .is(NODE, WAIT, POD_STARTING, "Look at the driver of the pod's ResourceClaims on node {node}."),
            row("cloud-refuses", START, "ProviderFailed", "ProviderCreateFailed")
                    .is(
                            CLUSTER,
                            WAIT,
                            POD_STARTING,
                            "The cloud behind node {node} does not run the pod: mend {template} or the account as the message says, or choose other nodes."),
            row("crash-loop", START, "CrashLoopBackOff")
                    .is(
                            ACTION,
                            WAIT,
                            POD_STARTING,
                            "Container {container} ends again and again before the worker can begin: see kubectl logs -n {namespace} {pod} -c {container}."),
            row("no-scheduler", START, "NoScheduler")
                    .vague()
                    .is(
                            CLUSTER,
                            WAIT_QUIETLY,
                            POD_UNSCHEDULABLE,
                            "See whether the scheduler runs, and whether {template} names one (schedulerName) that exists."),
            row("no-kubelet-of-template", START, "NoKubelet")
                    .where(Fact.NODE_OF_TEMPLATE)
                    .is(
                            TEMPLATE,
                            WAIT_QUIETLY,
                            POD_UNSCHEDULABLE,
                            "See whether node {node} exists and is Ready, to which template.spec.nodeName binds the pod: name another one in {template}, or leave nodeName out, so that the scheduler chooses one."),
            row("no-kubelet", START, "NoKubelet", "NodeNotReady")
                    .is(NODE, WAIT_QUIETLY, POD_STARTING, "See whether node {node} is Ready."),
            row("starting", START)
                    .vague()
                    .is(
                            NODE,
                            WAIT_QUIETLY,
                            POD_STARTING,
                            "Look at the pod's events (kubectl describe pod -n {namespace} {pod}) and at the container runtime and network of node {node}."));

    private SandboxRows() {}
}
