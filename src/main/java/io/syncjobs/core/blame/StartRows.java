package io.syncjobs.core.blame;

import static io.syncjobs.api.Reason.INVALID_TEMPLATE;
import static io.syncjobs.api.Reason.POD_STARTING;
import static io.syncjobs.core.blame.Course.WAIT;
import static io.syncjobs.core.blame.Course.WAIT_QUIETLY;
import static io.syncjobs.core.blame.Party.ACTION;
import static io.syncjobs.core.blame.Party.NAMESPACE;
import static io.syncjobs.core.blame.Party.NOBODY;
import static io.syncjobs.core.blame.Party.NODE;
import static io.syncjobs.core.blame.Party.TEMPLATE;
import static io.syncjobs.core.blame.Row.row;
import static io.syncjobs.core.blame.Source.START;

import java.util.List;

/** Why a container has not started, by its waiting reason or by the events of its pod. */
final class StartRows {
    private static final String[] CREATE = {"CreateContainerError", "RunContainerError", "Failed"};
    /** The kubelet makes a sandbox for each pod, in the cgroup of the pod. */
    private static final String[] MAKE = {
        "CreateContainerError", "RunContainerError", "Failed", "FailedCreatePodSandBox"
    };

    private static final String[] CONFIG = {
        "CreateContainerConfigError", "CreateContainerError", "FailedMount", "Failed"
    };

    static final List<Row> ROWS = List.of(
            row("init-runs", START, "InitRunning")
                    .is(
                            ACTION,
                            WAIT_QUIETLY,
                            POD_STARTING,
                            "See what init container {container} waits for: kubectl logs -n {namespace} {pod} -c {container}."),
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
            row("volume-ownership", START, "VolumePermissionChangeInProgress")
                    .is(
                            TEMPLATE,
                            WAIT_QUIETLY,
                            POD_STARTING,
                            "The kubelet gives all files of a volume to fsGroup, which takes long: set securityContext.fsGroupChangePolicy in {template} to OnRootMismatch."),
            row("node-disk", START)
                    .saying("no space left on device", "input/output error", "structure needs cleaning")
                    .is(NODE, WAIT, POD_STARTING, "The disk of node {node} is full or broken."),
            row("run-as-root", START, CONFIG)
                    .saying("runasnonroot", "non-root")
                    .is(
                            TEMPLATE,
                            WAIT,
                            INVALID_TEMPLATE,
                            "The image runs as root, which pods of jobs do not by default: set securityContext.runAsUser in {template} to a user of the image, or runAsNonRoot to false."),
            row("secret-store", START, "FailedMount")
                    .saying("secretproviderclass", "secrets store objects")
                    .is(
                            NAMESPACE,
                            WAIT,
                            POD_STARTING,
                            "The secret store does not give the pod its secrets: see its SecretProviderClass in namespace {namespace}, the names in it, and what the pod's identity may read."),
            row("secret-missing", START, CONFIG)
                    .saying("secret \"")
                    .naming("secret", "secret \"", "\"")
                    .is(
                            NAMESPACE,
                            WAIT,
                            INVALID_TEMPLATE,
                            "Create Secret {secret} in namespace {namespace}, or name another one in {template}."),
            row("config-map-missing", START, CONFIG)
                    .saying("configmap \"")
                    .naming("map", "configmap \"", "\"")
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
                            "no relationship found between node")
                    .vague()
                    .is(
                            NODE,
                            WAIT_QUIETLY,
                            POD_STARTING,
                            "The kubelet of node {node} has not read the volumes' objects yet; if it stays so, restart it."),
            row("claim-missing", START, "FailedMount", "FailedAttachVolume")
                    .saying("persistentvolumeclaim \"")
                    .naming("claim", "persistentvolumeclaim \"", "\"")
                    .is(
                            NAMESPACE,
                            WAIT,
                            INVALID_TEMPLATE,
                            "Create PersistentVolumeClaim {claim} in namespace {namespace}, or name another one in {template}."),
            row("claim-trouble", START, "FailedMount", "FailedAttachVolume")
                    .saying("error processing pvc", "persistentvolumeclaims ")
                    .is(
                            NAMESPACE,
                            WAIT,
                            POD_STARTING,
                            "A PersistentVolumeClaim of the pod has no volume, or is about to go: see kubectl describe pvc -n {namespace}."),
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
            row("host-path", START, "FailedMount")
                    .saying("hostpath type check failed")
                    .is(
                            TEMPLATE,
                            WAIT,
                            INVALID_TEMPLATE,
                            "The hostPath of the volume is not on node {node}, or of another type: mend path and type in {template}."),
            row("volume-in-use", START, "FailedAttachVolume", "FailedMount")
                    .saying(
                            "multi-attach error",
                            "already used by",
                            "already being used by",
                            "is still being used",
                            "already attached to",
                            "already exclusively attached",
                            "volumeinuse")
                    .is(
                            NOBODY,
                            WAIT,
                            POD_STARTING,
                            "The volume is still attached to another node: it is given free when the pod that uses it has ended; with accessMode ReadWriteOnce the queue's jobs must run on one node (capacity 1, or ReadWriteMany)."),
            row("volume-driver", START, "FailedMount", "FailedAttachVolume")
                    .saying("not found in the list of registered csi drivers", "does not contain driver")
                    .is(NODE, WAIT, POD_STARTING, "The driver of the volume does not run on node {node}."),
            row(
                            "volume-fails",
                            START,
                            "FailedMount",
                            "FailedAttachVolume",
                            "FailedMapVolume",
                            "FailedMountOnFilesystemMismatch")
                    .is(
                            NODE,
                            WAIT,
                            POD_STARTING,
                            "The volume cannot be mounted: look at its storage and at node {node}; the pod's events say more (kubectl describe pod -n {namespace} {pod})."),
            row("container-memory", START, MAKE)
                    .saying(WorkerRows.tooLittleMemory())
                    .is(
                            TEMPLATE,
                            WAIT,
                            INVALID_TEMPLATE,
                            "Container {container} cannot even start within resources.limits.memory: raise it in {template}."),
            row("container-storage", START, CREATE)
                    .saying(WorkerRows.ofTheRuntime())
                    .is(
                            NODE,
                            WAIT,
                            POD_STARTING,
                            "Look at the container runtime of node {node}: a file of its own is missing or broken."),
            row("command-missing", START, CREATE)
                    .saying(
                            "executable file not found",
                            "no command specified",
                            "no such file or directory",
                            "exec format error",
                            "permission denied",
                            "unable to find user",
                            "unable to find group",
                            "no users found",
                            "no groups found",
                            "not a directory",
                            "to rootfs at … read-only file system",
                            "invalid mount")
                    .is(
                            TEMPLATE,
                            WAIT,
                            INVALID_TEMPLATE,
                            "The container cannot be made as it is written: mend command, args, workingDir, securityContext and volumeMounts in {template} against what is in the image."),
            row("container-subpath", START, CONFIG)
                    .saying("failed to prepare subpath", "failed to create subpath")
                    .is(
                            TEMPLATE,
                            WAIT,
                            INVALID_TEMPLATE,
                            "A volume cannot be put into the container as it is written: mend volumeMounts (name, subPath) in {template} against what is in the volume."),
            row("container-config", START, "CreateContainerConfigError")
                    .is(
                            TEMPLATE,
                            WAIT,
                            INVALID_TEMPLATE,
                            "The container cannot be configured as it is written: mend env, volumeMounts and securityContext in {template}."),
            row(
                            "hook-fails",
                            START,
                            "PostStartHookError",
                            "FailedPostStartHook",
                            "PreCreateHookError",
                            "PreStartHookError")
                    .is(
                            TEMPLATE,
                            WAIT,
                            INVALID_TEMPLATE,
                            "Mend lifecycle.postStart of container {container} in {template}, or in what adds that container to pods."),
            row(
                            "container-error",
                            START,
                            "CreateContainerError",
                            "RunContainerError",
                            "CreatePodSandboxError",
                            "ConfigPodSandboxError",
                            "KillContainerError",
                            // The event of each of these. Where an image is the cause, it is asked as one.
                            "Failed",
                            "FailedCreatePodContainer")
                    .is(
                            NODE,
                            WAIT,
                            POD_STARTING,
                            "Look at the container runtime of node {node}: it cannot make the container."));

    private StartRows() {}
}
