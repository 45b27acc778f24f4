package io.syncjobs.core.blame;

import static io.syncjobs.api.Reason.INVALID_TEMPLATE;
import static io.syncjobs.api.Reason.POD_STARTING;
import static io.syncjobs.core.blame.Course.WAIT;
import static io.syncjobs.core.blame.Course.WAIT_QUIETLY;
import static io.syncjobs.core.blame.Party.ACTION;
import static io.syncjobs.core.blame.Party.CLUSTER;
import static io.syncjobs.core.blame.Party.NAMESPACE;
import static io.syncjobs.core.blame.Party.NOBODY;
import static io.syncjobs.core.blame.Party.NODE;
import static io.syncjobs.core.blame.Party.TEMPLATE;
import static io.syncjobs.core.blame.Row.row;
import static io.syncjobs.core.blame.Source.START;

import java.util.List;

/** Why a container has not what it needs to start, by its waiting reason or by the events of its pod. */
final class StartRows {
    private static final String[] CONFIG = {
        "CreateContainerConfigError", "CreateContainerError", "FailedMount", "Failed"
    };

    static final List<Row> ROWS = List.of(
            row("container-added", START)
                    .where(Fact.ADDED)
                    .is(
                            CLUSTER,
                            WAIT,
                            POD_STARTING,
                            "Container {container} is not of {template}: admission has added it, as a service mesh or an injector of secrets does. Mend what adds it; the message says what it lacks."),
            row("init-runs", START, "InitRunning")
                    .is(
                            ACTION,
                            WAIT_QUIETLY,
                            POD_STARTING,
                            "See what init container {container} waits for: kubectl logs -n {namespace} {pod} -c {container}."),
            row("network-agent", START, "FailedCreatePodSandBox")
                    .saying("setup network … dial unix", "(add) … dial unix", "(add) … dial tcp 127.0.0.1:")
                    .is(
                            NODE,
                            WAIT,
                            POD_STARTING,
                            "The agent of the network (CNI) does not answer on node {node}: see whether its pod there runs."),
            row("runtime-down", START)
                    .saying("dial unix", "containerd.sock", "crio.sock")
                    .is(
                            NODE,
                            WAIT,
                            POD_STARTING,
                            "The container runtime of node {node}, or a plugin of its kubelet, does not answer: see whether it runs."),
            row("node-cgroups", START)
                    .saying("/sys/fs/cgroup … no space left on device")
                    .is(
                            NODE,
                            WAIT,
                            POD_STARTING,
                            "The kernel of node {node} has no room for more cgroups: drain the node and start it anew."),
            row("cgroup-memory", START)
                    .saying("/sys/fs/cgroup … cannot allocate memory")
                    .is(
                            NODE,
                            WAIT,
                            POD_STARTING,
                            "The kernel of node {node} makes no cgroup for the pod: resources.limits.memory in {template} is next to nothing (128m is less than a byte, 128Mi is meant), or the node has no room for more cgroups: drain it and start it anew."),
            row("volume-ownership", START, "VolumePermissionChangeInProgress")
                    .is(
                            TEMPLATE,
                            WAIT_QUIETLY,
                            POD_STARTING,
                            "The kubelet gives all files of a volume to fsGroup, which takes long: set securityContext.fsGroupChangePolicy in {template} to OnRootMismatch."),
            row("volume-broken", START, "FailedMount")
                    .saying("superblock on /dev/", "structure needs cleaning", "fsck' found errors")
                    .is(
                            NAMESPACE,
                            WAIT,
                            POD_STARTING,
                            "The file system of the volume is damaged, or of a type that node {node} does not know: see kubectl describe pvc -n {namespace}, and check the volume."),
            row("node-disk", START)
                    .saying(RuntimeWords.ofBrokenDisks())
                    .is(NODE, WAIT, POD_STARTING, "The disk of node {node} is full or broken."),
            row("run-as-root", START, CONFIG)
                    .saying("runasnonroot", "non-root policy")
                    .is(
                            TEMPLATE,
                            WAIT,
                            INVALID_TEMPLATE,
                            "The image runs as root, which pods of jobs do not by default: set securityContext.runAsUser in {template} to a user of the image, or runAsNonRoot to false."),
            row("secret-store-provider", START, "FailedMount")
                    .saying("error connecting to provider", "provider not found")
                    .naming("provider", "provider \"", "\"")
                    .is(
                            NODE,
                            WAIT,
                            POD_STARTING,
                            "The secret store's provider {provider} does not run on node {node}: look at its DaemonSet."),
            row("secret-store", START, "FailedMount")
                    .saying("secretproviderclass", "secrets store objects")
                    .is(
                            NAMESPACE,
                            WAIT,
                            POD_STARTING,
                            "The secret store does not give the pod its secrets: see its SecretProviderClass in namespace {namespace}, the names in it, and what the pod's identity may read."),
            row("volume-secret", START, "FailedMount", "FailedAttachVolume")
                    .saying("nodestagesecretref", "controllerpublishsecretref", "secretref kube-system/")
                    .naming("secret", "SecretRef ", " failed")
                    .is(
                            CLUSTER,
                            WAIT,
                            POD_STARTING,
                            "The driver of the volume needs Secret {secret}, which the StorageClass or the PersistentVolume names: create it there, or mend them."),
            row("secret-missing", START, CONFIG)
                    .saying("secret \"", "secrets \" … not found")
                    .naming("secret", "secret \"", "\"")
                    .naming("secret", "secrets \"", "\"")
                    .is(
                            NAMESPACE,
                            WAIT,
                            INVALID_TEMPLATE,
                            "Create Secret {secret} in namespace {namespace}, or name another one in {template}."),
            row("root-certificate-missing", START, CONFIG)
                    .saying("configmap \"kube-root-ca.crt\"")
                    .is(
                            CLUSTER,
                            WAIT,
                            POD_STARTING,
                            "The cluster puts ConfigMap kube-root-ca.crt into each namespace: if it does not come to namespace {namespace} within a minute, look at kube-controller-manager."),
            row("config-map-missing", START, CONFIG)
                    .saying("configmap \"", "configmaps \" … not found")
                    .naming("map", "configmap \"", "\"")
                    .naming("map", "configmaps \"", "\"")
                    .is(
                            NAMESPACE,
                            WAIT,
                            INVALID_TEMPLATE,
                            "Create ConfigMap {map} in namespace {namespace}, or name another one in {template}."),
            row("key-missing", START, CONFIG)
                    .saying("couldn't find key")
                    .naming("key", "couldn't find key ", " in ")
                    .naming("object", " in ", "")
                    .is(
                            NAMESPACE,
                            WAIT,
                            INVALID_TEMPLATE,
                            "Add key {key} to {object}, or name another one in {template}."),
            row("key-of-volume-missing", START, CONFIG)
                    .saying("references non-existent")
                    .naming("key", "key: ", "")
                    .naming("volume", "for volume \"", "\"")
                    .is(
                            NAMESPACE,
                            WAIT,
                            INVALID_TEMPLATE,
                            "Add key {key} to the Secret or ConfigMap of volume {volume} in namespace {namespace}, or mend items of the volume in {template}."),
            row("object-not-registered", START, "FailedMount", "CreateContainerConfigError")
                    .saying(
                            "not registered",
                            "failed to sync secret cache",
                            "failed to sync configmap cache",
                            "have not yet been read",
                            "cannot find volume",
                            "no relationship found between node")
                    .vague()
                    .is(
                            NODE,
                            WAIT_QUIETLY,
                            POD_STARTING,
                            "The kubelet of node {node} has not read the volumes' objects yet; if it stays so, restart it."),
            row("token-account", START, "FailedMount")
                    .saying("failed to fetch token: serviceaccounts \"")
                    .naming("account", "serviceaccounts \"", "\"")
                    .is(
                            NAMESPACE,
                            WAIT,
                            INVALID_TEMPLATE,
                            "Create ServiceAccount {account} in namespace {namespace}, or name another one in {template}."),
            row("token", START, "FailedMount")
                    .saying("failed to fetch token")
                    .is(
                            NODE,
                            WAIT,
                            POD_STARTING,
                            "The kubelet of node {node} gets no token for the pod: see whether it reaches the API server."),
            row("kubelet-unready", START, "CreateContainerConfigError", "Failed")
                    .saying("host ip unknown", "/var/log/pods")
                    .is(
                            NODE,
                            WAIT,
                            POD_STARTING,
                            "The kubelet of node {node} lacks an address or a directory of its own: look at it, and at what sets the node up."),
            row("kubelet-cut-off", START, CONFIG)
                    .saying("/api/v1/namespaces/", "(get secrets ", "(get configmaps ", "etcdserver")
                    .is(
                            NODE,
                            WAIT,
                            POD_STARTING,
                            "The kubelet of node {node} does not reach the API server, or gets no answer from it."),
            row("container-subpath", START, CONFIG)
                    .saying("failed to prepare subpath", "failed to create subpath")
                    .is(
                            TEMPLATE,
                            WAIT,
                            INVALID_TEMPLATE,
                            "A volume cannot be put into the container as it is written: mend volumeMounts (name, subPath) in {template} against what is in the volume."),
            row("image-being-pulled", START, "Pulling")
                    .naming("image", "image \"", "\"")
                    .is(
                            NOBODY,
                            WAIT_QUIETLY,
                            POD_STARTING,
                            "Node {node} pulls {image|the image}, and a large one takes its time: make it smaller, or have the nodes keep it."));

    private StartRows() {}
}
