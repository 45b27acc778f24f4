package io.syncjobs.core;

import io.syncjobs.api.Reason;
import io.syncjobs.core.PodView.Container.Terminated;
import java.util.Map;

/** What a person can do about what the platform did: the catalogue of proposed resolutions. */
public final class Resolutions {
    private static final Map<Reason, String> BY_REASON = Map.ofEntries(
            Map.entry(
                    Reason.OUT_OF_MEMORY,
                    "Raise resources.limits.memory in the template (of the queue, or of the job), or give the job less to do at once; then annotate syncjobs.io/requeue=now."),
            Map.entry(
                    Reason.DEADLINE_EXCEEDED,
                    "See in the trace where the time went. Raise spec.timeoutSeconds if the work really takes longer; then annotate syncjobs.io/requeue=now."),
            Map.entry(
                    Reason.POD_UNSCHEDULABLE,
                    "Free or add a node, or lower the requests, nodeSelector, affinity or tolerations in the template."),
            Map.entry(
                    Reason.IMAGE_PULL_FAILED,
                    "Check the image name and tag in the template, and that imagePullSecrets let the node pull it."),
            Map.entry(
                    Reason.INVALID_TEMPLATE,
                    "Mend the template: the message names the field. A queue's template can be edited in place; a job's cannot be changed, so delete the job and create it again."),
            Map.entry(
                    Reason.POD_NOT_CREATED,
                    "Look at what the API server asks about new pods: admission webhooks (kubectl get validatingwebhookconfigurations,mutatingwebhookconfigurations), and at itself; it is tried again by itself."),
            Map.entry(
                    Reason.POD_STARTING,
                    "Look at the pod's events (kubectl describe pod) and at its node's container runtime and network."),
            Map.entry(Reason.POD_NAME_TAKEN, "Delete that pod, or find out who makes it: the name is this job's."),
            Map.entry(
                    Reason.QUOTA_EXCEEDED,
                    "Raise the ResourceQuota of the namespace, or lower the requests in the template or the queue's capacity."),
            Map.entry(
                    Reason.POD_SECURITY_FORBIDDEN,
                    "Change the template so that it satisfies the pod security profile that the namespace enforces; the message lists what it lacks."),
            Map.entry(Reason.POD_NEVER_STARTED, "Once that is mended annotate syncjobs.io/requeue=now."),
            Map.entry(
                    Reason.WORKER_LOST,
                    "The worker went away three times in this job: look at the node's memory and disk and at what the job does just before; then annotate syncjobs.io/requeue=now."),
            Map.entry(
                    Reason.PAYLOAD_TOO_LARGE,
                    "Store the data elsewhere (object storage, the ERP itself) and put its address or id into the payload of a new job."),
            Map.entry(
                    Reason.RETRIES_EXHAUSTED,
                    "See the trace and status.history for what failed each time; when it is mended annotate syncjobs.io/requeue=now."));

    private static final String AS_ROOT =
            "The image runs as root, which pods of jobs do not by default: set securityContext.runAsUser in the template to a user of the image, or runAsNonRoot to false.";

    private Resolutions() {}

    /** What to do about a reason; empty where only the worker can know. */
    public static String of(Reason reason) {
        return BY_REASON.getOrDefault(reason, "");
    }

    /** The same, where the platform's words tell more than the reason. */
    private static String of(Reason reason, String words) {
        return words.contains("runAsNonRoot") || words.contains("non-root") ? AS_ROOT : of(reason);
    }

    /** What was wrong, in the platform's words, and what to do about it. */
    static String withResolution(String words, Reason reason) {
        return Text.message(Text.cut(words, 700) + " → " + of(reason, words));
    }

    /** What to do about a pod that did not start in time, for a reason in the platform's words. */
    static String ofNeverStarted(Reason reason, String words) {
        return of(reason, words) + " " + of(Reason.POD_NEVER_STARTED);
    }

    /** What to do about how a container ended; empty where only the worker can know. */
    static String ofExit(Terminated end) {
        if (end.reason().equals("OOMKilled")) return of(Reason.OUT_OF_MEMORY);
        if (end.reason().equals("StartError") || end.reason().equals("ContainerCannotRun")) {
            return "The command of container " + end.container()
                    + " could not be started: check command, args and workingDir in the template against what is in the image.";
        }
        return switch (end.exitCode()) {
            case 126 ->
                "The command was found but cannot be executed: check its permissions and architecture in the image.";
            case 127 ->
                "The command was not found: check command and args in the template against what is in the image.";
            case 137 ->
                "The worker was killed (SIGKILL), often for memory: look at the node's events and raise the memory limit.";
            case 139 -> "The worker crashed (SIGSEGV): look at its native libraries.";
            case 143 -> "The worker was told to stop (SIGTERM) by something inside the pod.";
            default -> "";
        };
    }
}
