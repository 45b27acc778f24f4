package io.syncjobs.core.blame;

import static io.syncjobs.api.Reason.INVALID_TEMPLATE;
import static io.syncjobs.api.Reason.POD_STARTING;
import static io.syncjobs.core.blame.Course.WAIT;
import static io.syncjobs.core.blame.Party.CLUSTER;
import static io.syncjobs.core.blame.Party.NAMESPACE;
import static io.syncjobs.core.blame.Party.NOBODY;
import static io.syncjobs.core.blame.Party.NODE;
import static io.syncjobs.core.blame.Party.TEMPLATE;
import static io.syncjobs.core.blame.Row.row;
import static io.syncjobs.core.blame.Source.START;

import java.util.List;

/** Why a volume of a pod is not there. Follows {@link StartRows}. */
final class VolumeRows {
    private static final String[] MOUNT = {"FailedMount", "FailedAttachVolume", "FailedMapVolume"};

    private static final String[] VOLUME = {
        "CreateContainerConfigError", "CreateContainerError", "RunContainerError", "FailedMount", "Failed"
    };

    static final List<Row> ROWS = List.of(
            row("volume-mode", START, MOUNT)
                    .saying("has volumemode")
                    .is(
                            TEMPLATE,
                            WAIT,
                            INVALID_TEMPLATE,
                            "A claim with volumeMode Block goes into volumeDevices, any other one into volumeMounts: mend {template}."),
            row("volume-identity", START, "FailedMount")
                    .saying("podcertificaterequest", "clustertrustbundle", "credential bundle")
                    .is(
                            NAMESPACE,
                            WAIT,
                            POD_STARTING,
                            "The cluster gives the pod no certificate for its projected volume: see kubectl get podcertificaterequests -n {namespace}, and kubectl get clustertrustbundles."),
            row("claim-missing", START, MOUNT)
                    .saying("persistentvolumeclaim \"")
                    .naming("claim", "persistentvolumeclaim \"", "\"")
                    .is(
                            NAMESPACE,
                            WAIT,
                            INVALID_TEMPLATE,
                            "Create PersistentVolumeClaim {claim} in namespace {namespace}, or name another one in {template}."),
            row("claim-trouble", START, MOUNT)
                    .saying("error processing pvc", "persistentvolumeclaims ")
                    .is(
                            NAMESPACE,
                            WAIT,
                            POD_STARTING,
                            "A PersistentVolumeClaim of the pod has no volume, or is about to go: see kubectl describe pvc -n {namespace}."),
            row("host-path", START, "FailedMount")
                    .saying("hostpath type check failed")
                    .is(
                            TEMPLATE,
                            WAIT,
                            INVALID_TEMPLATE,
                            "The hostPath of the volume is not on node {node}, or of another type: mend path and type in {template}."),
            row("volume-program", START, MOUNT)
                    .saying(
                            "helper program",
                            "unknown filesystem type",
                            "bad option",
                            "executable file not found",
                            "rpc.statd is not running")
                    .is(
                            NODE,
                            WAIT,
                            POD_STARTING,
                            "Node {node} lacks a program that mounts such a volume (of nfs-common, open-iscsi, cifs-utils or the like): install it there."),
            row("volume-path", START, "FailedMount")
                    .saying("reason given by server: no such file or directory", "mount error(2)")
                    .is(
                            NAMESPACE,
                            WAIT,
                            INVALID_TEMPLATE,
                            "The server of the volume has no such directory: make it there, or mend path of the volume in {template} or in its PersistentVolume."),
            row("volume-in-use", START, "FailedAttachVolume", "FailedMount")
                    .saying(
                            "multi-attach error",
                            "already used by",
                            "already being used by",
                            "is still being used",
                            "in use by another",
                            "already attached to",
                            "already exclusively attached",
                            "volumeinuse")
                    .is(
                            NOBODY,
                            WAIT,
                            POD_STARTING,
                            "The volume is still attached to another node: it is given free when the pod that uses it has ended; with accessMode ReadWriteOnce the queue's jobs must run on one node (capacity 1, or ReadWriteMany)."),
            row("volume-gone", START, VOLUME)
                    .saying(RuntimeWords.ofStorageThatIsGone())
                    .is(
                            NODE,
                            WAIT,
                            POD_STARTING,
                            "A volume is mounted on node {node}, and its storage has gone away: bring the server of the volume back, or start the node anew."),
            row("volume-label", START, VOLUME)
                    .saying("relabel failed", "failed to relabel", "lsetxattr", "failed to set file label")
                    .is(
                            NODE,
                            WAIT,
                            POD_STARTING,
                            "Node {node} cannot label a volume of the pod for SELinux: mount it with a label (mountOptions of the volume), or set seLinuxOptions in {template}."),
            row("volume-denied", START, MOUNT)
                    .saying(
                            "access denied",
                            "accessdenied",
                            "access is denied",
                            "permissiondenied",
                            "unauthenticated",
                            "mount error(13)",
                            "mount error 13",
                            "mount error(126)",
                            "(13) permission denied",
                            "unauthorized",
                            "not authorized",
                            "forbidden",
                            "authorizationfailed",
                            "error 403",
                            "statuscode: 403")
                    .is(
                            CLUSTER,
                            WAIT,
                            POD_STARTING,
                            "The storage of the volume does not let node {node}, or the volume's driver, in: see what it allows (exports, firewall, the rights of the driver's account), and the Secret with its login."),
            row("volume-machine", START, MOUNT)
                    .saying("code = notfound … instance", "code = notfound … virtual machine")
                    .is(
                            NODE,
                            WAIT,
                            POD_STARTING,
                            "The cloud does not know the machine of node {node}, or not any more: see kubectl get nodes; a pod on another node gets the volume."),
            row("volume-device", START, MOUNT)
                    .saying("device path", "failed to find device")
                    .is(
                            NODE,
                            WAIT,
                            POD_STARTING,
                            "The volume is attached, and node {node} does not see its device: look at the kernel and the volume's driver there, or start the node anew."),
            row("volume-lost", START, MOUNT)
                    .saying(
                            "invalidvolume.notfound",
                            "code = notfound … volume",
                            "code = notfound … disk",
                            "code = notfound … bucket",
                            "code = notfound … image",
                            "bucket does not exist",
                            "nosuchbucket",
                            "marked for deletion",
                            "path \" … does not exist")
                    .is(
                            NAMESPACE,
                            WAIT,
                            POD_STARTING,
                            "The storage does not have the volume, or not any more: see kubectl describe pvc -n {namespace} and its PersistentVolume, and create it again."),
            row("node-full-of-volumes", START, MOUNT)
                    .saying(
                            "attachmentlimitexceeded",
                            "attachment limit",
                            "code = resourceexhausted",
                            "exceeded limit",
                            "maximum number of")
                    .is(
                            NODE,
                            WAIT,
                            POD_STARTING,
                            "Node {node} has as many volumes as it can take: wait for other pods to end there."),
            row("volume-attacher", START, "FailedAttachVolume")
                    .saying("external-attacher")
                    .is(
                            CLUSTER,
                            WAIT,
                            POD_STARTING,
                            "The driver of the volume does not attach it: see whether its controller runs."),
            row("volume-driver", START, MOUNT)
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
                            "The volume cannot be mounted: look at its storage and at node {node}; the pod's events say more (kubectl describe pod -n {namespace} {pod})."));

    private VolumeRows() {}
}
