package io.syncjobs.cluster;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;

/**
 * The pod of a job in a queue whose pods nobody schedules: the test writes its status as a kubelet would, so that what nodes
 * and registries do can be had in seconds, without one.
 */
public final class FakePod {
    private final TestNamespace namespace;
    private final String name;

    private FakePod(TestNamespace namespace, String name) {
        this.namespace = namespace;
        this.name = name;
    }

    /** A queue whose pods stay as they are. */
    public static Manifest queue(String name) {
        return Manifest.queue(name)
                .worker("exit=0")
                .spec("capacity", 100)
                .spec("template.spec.schedulerName", "nobody");
    }

    /** The pod of an attempt, once it is there. */
    public static FakePod of(TestNamespace namespace, TestJob job, int attempt) {
        var status = job.await(
                "attempt " + attempt + " has a pod",
                s -> s.attempt() == attempt
                        && !s.worker().isEmpty()
                        && job.pods().stream()
                                .anyMatch(pod -> pod.getMetadata().getName().equals(s.worker())));
        return new FakePod(namespace, status.worker());
    }

    /** Its kubelet did not take it, or ended it. */
    public void failed(String reason, String message) {
        status(Map.of("phase", "Failed", "reason", reason, "message", message));
    }

    /** Its worker waits. */
    public void waits(String reason, String message) {
        var waiting = Map.of("reason", reason, "message", message);
        status(Map.of(
                "phase", "Pending", "containerStatuses", List.of(container("worker", Map.of("waiting", waiting)))));
    }

    /** The scheduler has found no node for it. */
    public void unschedulable(String message) {
        status(Map.of(
                "phase",
                "Pending",
                "conditions",
                List.of(Map.of(
                        "type", "PodScheduled", "status", "False", "reason", "Unschedulable", "message", message))));
    }

    /** Its init container works. */
    public void initRuns(String init) {
        status(Map.of(
                "phase",
                "Pending",
                "initContainerStatuses",
                List.of(container(init, Map.of("running", Map.of("startedAt", now())))),
                "containerStatuses",
                List.of(container("worker", Map.of("waiting", Map.of("reason", "PodInitializing"))))));
    }

    /** Its init container has failed, so its worker never begins. */
    public void initExits(String init, int code, String reason) {
        status(Map.of(
                "phase",
                "Failed",
                "initContainerStatuses",
                List.of(container(init, ended(code, reason))),
                "containerStatuses",
                List.of(container("worker", Map.of("waiting", Map.of("reason", "PodInitializing"))))));
    }

    /** Its worker works. */
    public void runs() {
        var running = Map.of("running", Map.of("startedAt", now()));
        status(Map.of("phase", "Running", "containerStatuses", List.of(container("worker", running))));
    }

    /** Its worker has ended by itself. */
    public void exits(int code, String reason) {
        status(Map.of(
                "phase",
                code == 0 ? "Succeeded" : "Failed",
                "containerStatuses",
                List.of(container("worker", ended(code, reason)))));
    }

    /** Its worker was killed, and its kubelet does not say yet how the pod ended. It has time until {@code finished}, and a bit more. */
    public void workerWasKilled(Instant finished) {
        var end = Map.of("exitCode", 137, "reason", "Error", "startedAt", now(), "finishedAt", finished.toString());
        status(Map.of(
                "phase", "Running", "containerStatuses", List.of(container("worker", Map.of("terminated", end)))));
    }

    /** The kubelet has ended it while its worker worked. */
    public void evicted(String message) {
        var target = Map.of(
                "type", "DisruptionTarget",
                "status", "True",
                "reason", "TerminationByKubelet",
                "message", message,
                "lastTransitionTime", now());
        status(Map.of(
                "phase",
                "Failed",
                "reason",
                "Evicted",
                "message",
                message,
                "conditions",
                List.of(target),
                "containerStatuses",
                List.of(container("worker", ended(137, "Error")))));
    }

    private static Map<String, Object> ended(int code, String reason) {
        var times = Map.of("exitCode", code, "reason", reason, "startedAt", now(), "finishedAt", now());
        return Map.of("terminated", times);
    }

    private static Map<String, Object> container(String name, Map<String, ?> state) {
        return Map.of("name", name, "image", "i", "imageID", "i", "ready", false, "restartCount", 0, "state", state);
    }

    private void status(Map<String, Object> status) {
        namespace.kubectl(
                "patch",
                "pod",
                name,
                "--subresource=status",
                "--type=merge",
                "--patch",
                Json.text(Map.of("status", status)));
    }

    private static String now() {
        return Instant.now().truncatedTo(ChronoUnit.SECONDS).toString();
    }
}
