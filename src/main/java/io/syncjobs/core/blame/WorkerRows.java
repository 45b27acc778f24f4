package io.syncjobs.core.blame;

import static io.syncjobs.api.Reason.COMPLETED;
import static io.syncjobs.api.Reason.JOB_FAILED;
import static io.syncjobs.api.Reason.OUT_OF_MEMORY;
import static io.syncjobs.api.Reason.POD_REFUSED;
import static io.syncjobs.api.Reason.RETRY_BACKOFF;
import static io.syncjobs.api.Reason.WORKER_DIED;
import static io.syncjobs.core.blame.Course.FAIL;
import static io.syncjobs.core.blame.Course.MAKE_AGAIN;
import static io.syncjobs.core.blame.Course.RETRY;
import static io.syncjobs.core.blame.Course.RUN_AGAIN;
import static io.syncjobs.core.blame.Course.RUN_AGAIN_COUNTED;
import static io.syncjobs.core.blame.Course.SUCCEED;
import static io.syncjobs.core.blame.Party.ACTION;
import static io.syncjobs.core.blame.Party.CLUSTER;
import static io.syncjobs.core.blame.Party.NOBODY;
import static io.syncjobs.core.blame.Party.NODE;
import static io.syncjobs.core.blame.Party.TEMPLATE;
import static io.syncjobs.core.blame.Row.row;
import static io.syncjobs.core.blame.Source.WORKER;

import java.util.List;

/** How the worker's container ended. */
final class WorkerRows {
    private static final String[] NOT_STARTED = {"StartError", "ContainerCannotRun"};

    static final List<Row> ROWS = List.of(
            // First, because a worker that is told to end may end with any code, also with 0.
            row("active-deadline", WORKER, "DeadlineExceeded")
                    .error("the pod ran longer than template.spec.activeDeadlineSeconds allows")
                    .is(
                            TEMPLATE,
                            FAIL,
                            JOB_FAILED,
                            "Raise activeDeadlineSeconds in {template}, or leave it out and set spec.timeoutSeconds of the job."),
            row("exit-0", WORKER, "exit 0").is(ACTION, SUCCEED, COMPLETED),
            row("status-unknown", WORKER, "ContainerStatusUnknown", "Unknown", "NotFound")
                    .is(
                            NOBODY,
                            RUN_AGAIN_COUNTED,
                            WORKER_DIED,
                            "Node {node} lost sight of container {container}: look at its kubelet and container runtime."),
            row("init-added", WORKER)
                    .where(Fact.INIT, Fact.ADDED)
                    .is(
                            CLUSTER,
                            MAKE_AGAIN,
                            POD_REFUSED,
                            "Init container {container} is not of {template}: admission has added it, as a service mesh or an injector of secrets does. See kubectl logs -n {namespace} {pod} -c {container}, and what adds it."),
            row("exit-75", WORKER, "exit 75").is(ACTION, RETRY, RETRY_BACKOFF),
            row("start-memory", WORKER, NOT_STARTED)
                    .saying(tooLittleMemory())
                    .is(
                            TEMPLATE,
                            FAIL,
                            OUT_OF_MEMORY,
                            "Container {container} cannot even start within resources.limits.memory: raise it in {template}."),
            row("start-user", WORKER, NOT_STARTED)
                    .saying(aboutTheUser())
                    .is(
                            TEMPLATE,
                            FAIL,
                            JOB_FAILED,
                            "The image of container {container} has no such user: mend runAsUser or runAsGroup in {template}."),
            row("start-security", WORKER, NOT_STARTED)
                    .saying(aboutSecurity())
                    .is(
                            TEMPLATE,
                            FAIL,
                            JOB_FAILED,
                            "No container can have what securityContext of container {container}, or of the pod, asks for: mend capabilities, sysctls and seLinuxOptions in {template}."),
            row("start-volume", WORKER, NOT_STARTED)
                    .saying(ofStorageThatIsGone())
                    .is(
                            NODE,
                            RUN_AGAIN,
                            POD_REFUSED,
                            "A volume is mounted on node {node}, and its storage has gone away: bring the server of the volume back, or start the node anew."),
            row("start-runtime", WORKER, NOT_STARTED)
                    .saying(ofTheRuntime())
                    .is(
                            NODE,
                            RUN_AGAIN,
                            POD_REFUSED,
                            "Look at the container runtime of node {node}: a file of its own is missing or broken."),
            row("start-mount", WORKER, NOT_STARTED)
                    .saying(
                            "to rootfs at … inside /proc",
                            "to rootfs at … not a directory",
                            "to rootfs at … is a directory",
                            "to rootfs at … read-only file system")
                    .is(
                            TEMPLATE,
                            FAIL,
                            JOB_FAILED,
                            "A volume of container {container} cannot be put where the template says: a directory does not go onto a file, and nothing below a mount that is read-only; mend mountPath and subPath in {template}."),
            row("start-disk", WORKER, NOT_STARTED)
                    .saying("no space left on device", "input/output error", "structure needs cleaning")
                    .is(NODE, RUN_AGAIN, POD_REFUSED, "The disk of node {node} is full or broken."),
            row("start-directory", WORKER, NOT_STARTED)
                    .saying("chdir to cwd", "container init: mkdir", "cannot chdir to")
                    .is(
                            TEMPLATE,
                            FAIL,
                            JOB_FAILED,
                            "Container {container} cannot enter its working directory: mend workingDir or runAsUser in {template} against what is in the image."),
            row("start-profile", WORKER, NOT_STARTED)
                    .saying(aboutProfiles())
                    .is(
                            TEMPLATE,
                            FAIL,
                            JOB_FAILED,
                            "Node {node} does not have the AppArmor or seccomp profile of container {container}: load it on the nodes, or mend securityContext in {template}."),
            row("start-missing", WORKER, NOT_STARTED)
                    .saying(
                            "executable file not found",
                            "no such file or directory",
                            "not a directory",
                            "is a directory",
                            "no command specified",
                            "cannot find the file specified")
                    .is(
                            TEMPLATE,
                            FAIL,
                            JOB_FAILED,
                            "The command of container {container} is not in its image: mend command, args and workingDir in {template}."),
            row("start-not-allowed", WORKER, NOT_STARTED)
                    .saying("exec … permission denied", "exec … operation not permitted")
                    .is(
                            TEMPLATE,
                            FAIL,
                            JOB_FAILED,
                            "The command of container {container} may not be executed: make it executable in its image for the user that runs it (runAsUser in {template})."),
            row("start-other-platform", WORKER, NOT_STARTED)
                    .saying(ofOtherPlatforms())
                    .is(
                            TEMPLATE,
                            FAIL,
                            JOB_FAILED,
                            "The program of container {container} is made for another kind of processor than node {node}'s: build the image for it, or choose other nodes with nodeSelector kubernetes.io/arch in {template}."),
            row("start-too-long", WORKER, NOT_STARTED)
                    .saying("argument list too long")
                    .is(
                            TEMPLATE,
                            FAIL,
                            JOB_FAILED,
                            "Linux takes no environment or argument of more than 128 KiB: shorten env and args of container {container} in {template}."),
            row("start-failed", WORKER, NOT_STARTED)
                    .is(
                            NODE,
                            RUN_AGAIN,
                            POD_REFUSED,
                            "Look at the container runtime of node {node}; if container {container} starts on no node, look at its command and mounts in {template}."),
            row("out-of-memory", WORKER, "OOMKilled")
                    .where(Fact.MEMORY_LIMITED)
                    .error("container {container} used more memory than its limit and was killed")
                    .is(
                            ACTION,
                            FAIL,
                            OUT_OF_MEMORY,
                            "Raise resources.limits.memory of container {container} in {template}, or give the job less to do at once."),
            row("out-of-memory-of-node", WORKER, "OOMKilled")
                    .error(
                            "container {container}, which has no memory limit, was killed since its node {node} was short of memory")
                    .is(
                            NOBODY,
                            RUN_AGAIN_COUNTED,
                            OUT_OF_MEMORY,
                            "Set resources.requests.memory and resources.limits.memory of container {container} in {template}, so that it is put where there is as much as it needs; see what else uses the memory of node {node}."),
            row("out-of-memory-beside", WORKER, "exit 137")
                    .where(Fact.OTHER_OUT_OF_MEMORY)
                    .error("container {container} was killed, and another container of its pod was out of memory")
                    .is(
                            ACTION,
                            FAIL,
                            OUT_OF_MEMORY,
                            "Raise resources.limits.memory of the containers of the pod in {template}, or give the job less to do at once."),
            row("init-killed", WORKER, "exit 137")
                    .where(Fact.INIT)
                    .is(
                            ACTION,
                            FAIL,
                            JOB_FAILED,
                            "Init container {container} was killed (SIGKILL), often for memory, so that the worker did not begin: see kubectl logs -n {namespace} {pod} -c {container}, the events of node {node}, and resources.limits.memory of container {container} in {template}."),
            row("init-failed", WORKER)
                    .where(Fact.INIT)
                    .is(
                            ACTION,
                            FAIL,
                            JOB_FAILED,
                            "Init container {container} failed, so that the worker did not begin: see kubectl logs -n {namespace} {pod} -c {container}, and mend what it waits for, or it in {template}."),
            row("killed-by-kubelet", WORKER, "exit 137", "exit 143")
                    .where(Fact.WATCHED)
                    .is(
                            ACTION,
                            FAIL,
                            JOB_FAILED,
                            "The worker was killed. Its kubelet does so if livenessProbe, startupProbe or lifecycle.postStart of container {container} fails: see kubectl describe pod -n {namespace} {pod}, and mend it in {template}. If it did not fail, look at the events of node {node}, and at resources.limits.memory."),
            row("exit-126", WORKER, "exit 126")
                    .is(
                            ACTION,
                            FAIL,
                            JOB_FAILED,
                            "The command was found but cannot be executed: check its permissions and architecture in the image."),
            row("exit-127", WORKER, "exit 127")
                    .is(
                            ACTION,
                            FAIL,
                            JOB_FAILED,
                            "The command was not found: check command and args in {template}, and what they call, against what is in the image."),
            row("exit-130", WORKER, "exit 130")
                    .is(ACTION, FAIL, JOB_FAILED, "The worker was interrupted (SIGINT) by something inside the pod."),
            row("exit-134", WORKER, "exit 134")
                    .is(
                            ACTION,
                            FAIL,
                            JOB_FAILED,
                            "The worker gave itself up (SIGABRT): a failed assertion, or a runtime that was out of heap; the end of its log says which."),
            row("exit-135", WORKER, "exit 135")
                    .is(
                            ACTION,
                            FAIL,
                            JOB_FAILED,
                            "The worker crashed (SIGBUS): often a file or shared memory (/dev/shm) that was cut short below it."),
            row("exit-136", WORKER, "exit 136")
                    .is(ACTION, FAIL, JOB_FAILED, "The worker crashed (SIGFPE): a division by zero in native code."),
            row("exit-137", WORKER, "exit 137")
                    .is(
                            ACTION,
                            FAIL,
                            JOB_FAILED,
                            "The worker was killed (SIGKILL), often for memory: look at the events of node {node}, and at resources.limits.memory of container {container} in {template}."),
            row("exit-139", WORKER, "exit 139")
                    .is(ACTION, FAIL, JOB_FAILED, "The worker crashed (SIGSEGV): look at its native libraries."),
            row("exit-141", WORKER, "exit 141")
                    .is(ACTION, FAIL, JOB_FAILED, "The worker wrote to a pipe that nobody reads any more (SIGPIPE)."),
            row("exit-143", WORKER, "exit 143")
                    .is(ACTION, FAIL, JOB_FAILED, "The worker was told to stop (SIGTERM) by something inside the pod."),
            // On Windows an exit code is a number of 32 bits, and those of the system itself are negative here.
            row("exit-windows-crash", WORKER, "exit -1073741819", "exit -1073740791", "exit -1073741571")
                    .is(
                            ACTION,
                            FAIL,
                            JOB_FAILED,
                            "The worker crashed in native code. Windows calls -1073741819 an access violation (0xC0000005), -1073740791 a check that failed (0xC0000409) and -1073741571 a stack overflow (0xC00000FD)."),
            row("exit-windows-library", WORKER, "exit -1073741515", "exit -1073741502")
                    .is(
                            ACTION,
                            FAIL,
                            JOB_FAILED,
                            "A library (DLL) of the worker is not in its image or does not load, which Windows calls 0xC0000135 and 0xC0000142: add it, or build the image on a larger base, such as servercore instead of nanoserver."),
            row("exit-windows-stopped", WORKER, "exit -1073741510")
                    .is(
                            ACTION,
                            FAIL,
                            JOB_FAILED,
                            "The worker was told to stop (Ctrl+C, which Windows calls 0xC000013A) by something inside the pod."),
            row("exit-other", WORKER).is(ACTION, FAIL, JOB_FAILED));

    private WorkerRows() {}

    /** Phrases of a container runtime about a limit that is too low for its own program. */
    static String[] tooLittleMemory() {
        return new String[] {"memory limit too low", "set memory limit", "minimum memory limit", "memory.limit_in_bytes"
        };
    }

    /** Phrases of a container runtime about files of its own. Like a mistake in a template, they say that a file is missing. */
    static String[] ofTheRuntime() {
        return new String[] {
            "/var/lib/containerd/",
            "/var/lib/containers/storage",
            "/run/containers/storage",
            "/sys/fs/cgroup",
            "unable to retrieve oci runtime error",
            "failed to start shim",
            "containerd-shim",
            "nvidia-container",
            "error mounting \"/var/lib/kubelet/ … no such file or directory",
            // The command of a container is looked for only later, when its process begins.
            "create containerd container: … executable file not found"
        };
    }

    /** Phrases of a container runtime about a user or group that the container cannot run as. */
    static String[] aboutTheUser() {
        return new String[] {
            "unable to find user",
            "unable to find group",
            "no matching entries in",
            "no users found",
            "no groups found",
            "is specified without user",
            "setup user:"
        };
    }

    /** Phrases about what securityContext asks for and no node has. */
    static String[] aboutSecurity() {
        return new String[] {
            "invalid capability",
            "unknown capability",
            "unable to apply caps",
            "in a separate kernel namespace",
            "/proc/self/attr/ … invalid argument"
        };
    }

    /** Phrases about an AppArmor or seccomp profile that is not on the node. */
    static String[] aboutProfiles() {
        return new String[] {
            "apparmor profile", "seccomp profile", "seccomp: unable to load", "seccomp: … no such file or directory"
        };
    }

    /** Phrases about a program for another processor or system. */
    static String[] ofOtherPlatforms() {
        return new String[] {"exec format error", "operating system does not match"};
    }

    /** Phrases about a mounted volume whose storage has gone away. */
    static String[] ofStorageThatIsGone() {
        return new String[] {
            "stale nfs file handle", "stale file handle", "transport endpoint is not connected", "host is down"
        };
    }
}
