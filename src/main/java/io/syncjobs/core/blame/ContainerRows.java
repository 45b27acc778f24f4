package io.syncjobs.core.blame;

import static io.syncjobs.api.Reason.INVALID_TEMPLATE;
import static io.syncjobs.api.Reason.POD_STARTING;
import static io.syncjobs.core.blame.Course.WAIT;
import static io.syncjobs.core.blame.Party.NODE;
import static io.syncjobs.core.blame.Party.TEMPLATE;
import static io.syncjobs.core.blame.Row.row;
import static io.syncjobs.core.blame.Source.START;

import java.util.List;
import java.util.stream.Stream;

/** Why a container that has what it needs is not made, or does not begin. Follows {@link VolumeRows}. */
final class ContainerRows {
    private static final String[] CREATE = {"CreateContainerError", "RunContainerError", "Failed"};
    /** The kubelet makes a sandbox for each pod, in the cgroup of the pod. */
    private static final String[] MAKE = {
        "CreateContainerError", "RunContainerError", "Failed", "FailedCreatePodSandBox"
    };

    static final List<Row> ROWS = List.of(
            row("container-memory", START, MAKE)
                    .saying(RuntimeWords.tooLittleMemory())
                    .is(
                            TEMPLATE,
                            WAIT,
                            INVALID_TEMPLATE,
                            "Container {container} cannot even start within resources.limits.memory: raise it in {template}."),
            row("container-user", START, CREATE)
                    .saying(RuntimeWords.aboutTheUser())
                    .is(
                            TEMPLATE,
                            WAIT,
                            INVALID_TEMPLATE,
                            "The image of container {container} has no such user: mend runAsUser or runAsGroup in {template}."),
            row("container-profile", START, MAKE)
                    .saying(RuntimeWords.aboutProfiles())
                    .is(
                            TEMPLATE,
                            WAIT,
                            INVALID_TEMPLATE,
                            "Node {node} does not have the AppArmor or seccomp profile of container {container}: load it on the nodes, or mend securityContext in {template}."),
            row("container-security", START, MAKE)
                    .saying(RuntimeWords.aboutSecurity())
                    .is(
                            TEMPLATE,
                            WAIT,
                            INVALID_TEMPLATE,
                            "No container can have what securityContext of container {container}, or of the pod, asks for: mend capabilities, sysctls and seLinuxOptions in {template}."),
            row("container-other-platform", START, CREATE)
                    .saying(RuntimeWords.ofOtherPlatforms())
                    .is(
                            TEMPLATE,
                            WAIT,
                            INVALID_TEMPLATE,
                            "The program of container {container} is made for another kind of processor or system than node {node}'s: build the image for it, or choose other nodes with nodeSelector kubernetes.io/arch in {template}."),
            row("container-storage", START, CREATE)
                    .saying(RuntimeWords.ofTheRuntime())
                    .is(
                            NODE,
                            WAIT,
                            POD_STARTING,
                            "Look at the container runtime of node {node}: a file of its own is missing or broken."),
            row("container-host-path", START, CREATE)
                    .saying("failed to generate spec: failed to mkdir", "failed to generate spec: failed to stat")
                    .is(
                            TEMPLATE,
                            WAIT,
                            INVALID_TEMPLATE,
                            "The hostPath of a volume is not on node {node} and cannot be made there: mend path and type in {template}."),
            row("container-busy", START, CREATE)
                    .saying(RuntimeWords.ofBusyNodes())
                    .is(
                            NODE,
                            WAIT,
                            POD_STARTING,
                            "Node {node} cannot begin another process now: see how many there are, and how much memory is left."),
            row(
                            "image-volume",
                            START,
                            "CreateContainerError",
                            "CreateContainerConfigError",
                            "ImageVolumeMountFailed",
                            "Failed")
                    .saying(
                            "only directory subpath",
                            "subpath … does not exist",
                            "does not exist in oci artifact volume")
                    .is(
                            TEMPLATE,
                            WAIT,
                            INVALID_TEMPLATE,
                            "The image that is mounted as a volume has no such directory: mend subPath of volumeMounts in {template}; it cannot be a file."),
            row("command-missing", START, CREATE)
                    .saying(Stream.of(
                                    RuntimeWords.aboutMounts(),
                                    RuntimeWords.aboutTheDirectory(),
                                    RuntimeWords.aboutRights(),
                                    RuntimeWords.aboutTheCommand(),
                                    // What containerd says before it asks runc.
                                    new String[] {"argument list too long", "invalid mount"})
                            .flatMap(Stream::of)
                            .toArray(String[]::new))
                    .is(
                            TEMPLATE,
                            WAIT,
                            INVALID_TEMPLATE,
                            "The container cannot be made as it is written: mend command, args, workingDir, securityContext and volumeMounts in {template} against what is in the image."),
            // Before a container is made, its kubelet writes files of its own, and asks the runtime who the image runs
            // as.
            row("container-config-node", START, "CreateContainerConfigError")
                    .saying(
                            "rpc error:",
                            "deadline exceeded",
                            "/var/lib/kubelet/",
                            "resolv.conf",
                            "checkpoint",
                            "device plugin",
                            "unauthorized")
                    .is(
                            NODE,
                            WAIT,
                            POD_STARTING,
                            "The kubelet of node {node} cannot prepare the container: look at it, its disk and its container runtime."),
            row("container-config", START, "CreateContainerConfigError")
                    .is(
                            TEMPLATE,
                            WAIT,
                            INVALID_TEMPLATE,
                            "The container cannot be configured as it is written: mend env, volumeMounts and securityContext in {template}."),
            row("container-plugin", START, "PreCreateHookError", "PreStartHookError")
                    .is(
                            NODE,
                            WAIT,
                            POD_STARTING,
                            "The kubelet of node {node} cannot get ready for the container what it needs, such as a device: look at the kubelet and its device plugins."),
            row("hook-fails", START, "PostStartHookError", "FailedPostStartHook")
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
                            "ImageVolumeMountFailed",
                            // The event of each of these. Where an image is the cause, it is asked as one.
                            "Failed",
                            "FailedCreatePodContainer")
                    .is(
                            NODE,
                            WAIT,
                            POD_STARTING,
                            "Look at the container runtime of node {node}: it cannot make the container."));

    private ContainerRows() {}
}
