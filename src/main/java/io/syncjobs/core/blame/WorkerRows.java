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
import static io.syncjobs.core.blame.Course.RUN_AGAIN_COUNTED;
import static io.syncjobs.core.blame.Course.SUCCEED;
import static io.syncjobs.core.blame.Party.ACTION;
import static io.syncjobs.core.blame.Party.CLUSTER;
import static io.syncjobs.core.blame.Party.NOBODY;
import static io.syncjobs.core.blame.Party.TEMPLATE;
import static io.syncjobs.core.blame.Row.row;
import static io.syncjobs.core.blame.Source.WORKER;

import java.util.List;

/** How the worker's container ended. */
final class WorkerRows {
    /** How it ended whatever else is known. {@link UnstartedRows} follow. */
    static final List<Row> FIRST = List.of(
            // First, because a worker that is told to end may end with any code, also with 0.
            row("active-deadline", WORKER, "DeadlineExceeded")
                    .error("the pod ran longer than template.spec.activeDeadlineSeconds allows")
                    .is(
                            TEMPLATE,
                            FAIL,
                            JOB_FAILED,
                            "Raise activeDeadlineSeconds in {template}, or leave it out and set spec.timeoutSeconds of the job."),
            row("killed-with-success", WORKER, "KilledByKubelet")
                    .is(
                            ACTION,
                            FAIL,
                            JOB_FAILED,
                            "The kubelet told the worker to end, because livenessProbe, startupProbe or lifecycle.postStart of container {container} failed, and the worker ended with code 0 without having said that it is done: mend the probe or hook in {template}, or end with another code on SIGTERM. A worker that has done its work may write done: true into its termination message."),
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
            row("exit-75", WORKER, "exit 75").is(ACTION, RETRY, RETRY_BACKOFF));

    /** Any other end. */
    static final List<Row> ROWS = List.of(
            // Before the exit codes, because CRI-O gives this reason beside another code.
            row("seccomp-killed", WORKER, "seccomp killed", "exit 159")
                    .is(
                            ACTION,
                            FAIL,
                            JOB_FAILED,
                            "The worker called what its seccomp profile forbids (SIGSYS): mend securityContext.seccompProfile of container {container} in {template}, or the profile."),
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
            row("exit-124", WORKER, "exit 124")
                    .is(
                            ACTION,
                            FAIL,
                            JOB_FAILED,
                            "The worker ended with 124, as the program timeout does when its time is over: give it more, or leave it out and set spec.timeoutSeconds of the job."),
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
            row("exit-132", WORKER, "exit 132")
                    .is(
                            ACTION,
                            FAIL,
                            JOB_FAILED,
                            "The worker met an instruction that the processor of node {node} does not know (SIGILL): build the image for older processors too, or choose other nodes with nodeSelector in {template}."),
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
            row(
                            "exit-signal",
                            WORKER,
                            "exit 129",
                            "exit 131",
                            "exit 133",
                            "exit 138",
                            "exit 140",
                            "exit 142",
                            "exit 144",
                            "exit 152",
                            "exit 153",
                            "exit 154",
                            "exit 155",
                            "exit 157",
                            "exit 158")
                    .is(
                            ACTION,
                            FAIL,
                            JOB_FAILED,
                            "The worker was ended by a signal, whose number is its exit code less 128: 129 is SIGHUP, 131 SIGQUIT, 133 SIGTRAP, 138 SIGUSR1, 140 SIGUSR2, 142 SIGALRM, 144 SIGSTKFLT, 152 SIGXCPU, 153 SIGXFSZ, 154 SIGVTALRM, 155 SIGPROF, 157 SIGIO, 158 SIGPWR."),
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
}
