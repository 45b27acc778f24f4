package io.syncjobs.core.blame;

import static io.syncjobs.api.Reason.JOB_FAILED;
import static io.syncjobs.api.Reason.OUT_OF_MEMORY;
import static io.syncjobs.api.Reason.POD_REFUSED;
import static io.syncjobs.core.blame.Course.FAIL;
import static io.syncjobs.core.blame.Course.RUN_AGAIN;
import static io.syncjobs.core.blame.Party.NODE;
import static io.syncjobs.core.blame.Party.TEMPLATE;
import static io.syncjobs.core.blame.Row.row;
import static io.syncjobs.core.blame.Source.WORKER;

import java.util.List;

/** Why the worker's process did not begin in its container. Like {@link ContainerRows}, which are about one that is tried again. */
final class UnstartedRows {
    private static final String[] NOT_STARTED = {"StartError", "ContainerCannotRun"};

    static final List<Row> ROWS = List.of(
            row("start-memory", WORKER, NOT_STARTED)
                    .saying(RuntimeWords.tooLittleMemory())
                    .is(
                            TEMPLATE,
                            FAIL,
                            OUT_OF_MEMORY,
                            "Container {container} cannot even start within resources.limits.memory: raise it in {template}."),
            row("start-user", WORKER, NOT_STARTED)
                    .saying(RuntimeWords.aboutTheUser())
                    .is(
                            TEMPLATE,
                            FAIL,
                            JOB_FAILED,
                            "The image of container {container} has no such user: mend runAsUser or runAsGroup in {template}."),
            row("start-security", WORKER, NOT_STARTED)
                    .saying(RuntimeWords.aboutSecurity())
                    .is(
                            TEMPLATE,
                            FAIL,
                            JOB_FAILED,
                            "No container can have what securityContext of container {container}, or of the pod, asks for: mend capabilities, sysctls and seLinuxOptions in {template}."),
            row("start-volume", WORKER, NOT_STARTED)
                    .saying(RuntimeWords.ofStorageThatIsGone())
                    .is(
                            NODE,
                            RUN_AGAIN,
                            POD_REFUSED,
                            "A volume is mounted on node {node}, and its storage has gone away: bring the server of the volume back, or start the node anew."),
            row("start-runtime", WORKER, NOT_STARTED)
                    .saying(RuntimeWords.ofTheRuntime())
                    .is(
                            NODE,
                            RUN_AGAIN,
                            POD_REFUSED,
                            "Look at the container runtime of node {node}: a file of its own is missing or broken."),
            row("start-mount", WORKER, NOT_STARTED)
                    .saying(RuntimeWords.aboutMounts())
                    .is(
                            TEMPLATE,
                            FAIL,
                            JOB_FAILED,
                            "A volume of container {container} cannot be put where the template says: a directory does not go onto a file, and nothing below a mount that is read-only; mend mountPath and subPath in {template}."),
            row("start-disk", WORKER, NOT_STARTED)
                    .saying(RuntimeWords.ofBrokenDisks())
                    .is(NODE, RUN_AGAIN, POD_REFUSED, "The disk of node {node} is full or broken."),
            row("start-busy", WORKER, NOT_STARTED)
                    .saying(RuntimeWords.ofBusyNodes())
                    .is(
                            NODE,
                            RUN_AGAIN,
                            POD_REFUSED,
                            "Node {node} cannot begin another process now: see how many there are, and how much memory is left."),
            row("start-directory", WORKER, NOT_STARTED)
                    .saying(RuntimeWords.aboutTheDirectory())
                    .is(
                            TEMPLATE,
                            FAIL,
                            JOB_FAILED,
                            "Container {container} cannot enter its working directory: mend workingDir or runAsUser in {template} against what is in the image."),
            row("start-profile", WORKER, NOT_STARTED)
                    .saying(RuntimeWords.aboutProfiles())
                    .is(
                            TEMPLATE,
                            FAIL,
                            JOB_FAILED,
                            "Node {node} does not have the AppArmor or seccomp profile of container {container}: load it on the nodes, or mend securityContext in {template}."),
            row("start-other-platform", WORKER, NOT_STARTED)
                    .saying(RuntimeWords.ofOtherPlatforms())
                    .is(
                            TEMPLATE,
                            FAIL,
                            JOB_FAILED,
                            "The program of container {container} is made for another kind of processor than node {node}'s: build the image for it, or choose other nodes with nodeSelector kubernetes.io/arch in {template}."),
            row("start-not-allowed", WORKER, NOT_STARTED)
                    .saying(RuntimeWords.aboutRights())
                    .is(
                            TEMPLATE,
                            FAIL,
                            JOB_FAILED,
                            "The command of container {container} may not be executed: make it executable in its image for the user that runs it (runAsUser in {template})."),
            row("start-missing", WORKER, NOT_STARTED)
                    .saying(RuntimeWords.aboutTheCommand())
                    .is(
                            TEMPLATE,
                            FAIL,
                            JOB_FAILED,
                            "The command of container {container} is not in its image: mend command, args and workingDir in {template}."),
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
                            "Look at the container runtime of node {node}; if container {container} starts on no node, look at its command and mounts in {template}."));

    private UnstartedRows() {}
}
