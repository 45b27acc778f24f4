package io.syncjobs.simulation;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.Pod;
import io.syncjobs.api.Names;
import io.syncjobs.core.index.QueueKey;
import io.syncjobs.core.run.PodEdit;
import io.syncjobs.core.run.PodView;
import io.syncjobs.core.run.PodView.Container;
import io.syncjobs.core.run.PodView.Deletion;
import io.syncjobs.core.run.PodView.Disruption;
import io.syncjobs.kube.Wire;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Consumer;

/** A pod as the API server stores it; {@code node} is empty until one has taken it. */
record SimPod(PodView view, String jobUid, QueueKey queue, String node) {

    static SimPod created(String name, String uid, int attempt, String jobUid, QueueKey queue, Instant now) {
        return new SimPod(
                PodEdit.pod(name, uid, attempt, now, "", "worker", new Container.Waiting("ContainerCreating", "")),
                jobUid,
                queue,
                "");
    }

    /** As it is sent to be created. */
    static SimPod created(JsonNode pod, Instant now) {
        var meta = pod.path("metadata");
        var labels = meta.path("labels");
        var name = meta.path("name").asText();
        return created(
                name,
                name + "@" + now,
                labels.path(Names.ATTEMPT).asInt(),
                labels.path(Names.JOB_UID).asText(),
                new QueueKey(ApiServer.NAMESPACE, labels.path(Names.QUEUE).asText()),
                now);
    }

    Pod toPod() {
        return Wire.value(json(), Pod.class);
    }

    /** As the API server tells of it. */
    ObjectNode json() {
        var pod = JsonNodeFactory.instance.objectNode().put("apiVersion", "v1").put("kind", "Pod");
        var meta = pod.putObject("metadata")
                .put("name", view.name())
                .put("namespace", ApiServer.NAMESPACE)
                .put("uid", view.uid())
                .put("resourceVersion", view.version())
                .put("creationTimestamp", view.created().toString());
        view.deletion()
                .ifPresent(deletion -> meta.put(
                                "deletionTimestamp", deletion.deadline().toString())
                        .put("deletionGracePeriodSeconds", deletion.grace().toSeconds()));
        meta.putObject("labels")
                .put(Names.MANAGED_BY, Names.SYNCJOBS)
                .put(Names.JOB_UID, jobUid)
                .put(Names.QUEUE, queue.name())
                .put(Names.ATTEMPT, Integer.toString(view.attempt()));
        meta.putObject("annotations").put(Names.WORKER, "worker");
        meta.putArray("ownerReferences").addObject().put("name", job()).put("uid", jobUid);
        var spec = pod.putObject("spec");
        if (!node.isEmpty()) spec.put("nodeName", node);
        var containers = spec.putArray("containers");
        if (hasProxy()) containers.addObject().put("name", "proxy");
        containers.addObject().put("name", "worker");
        status(pod.putObject("status"));
        return pod;
    }

    private void status(ObjectNode status) {
        status.put("phase", view.phase());
        if (!view.reason().isEmpty()) status.put("reason", view.reason()).put("message", view.message());
        view.disruption()
                .ifPresent(told -> status.putArray("conditions")
                        .addObject()
                        .put("type", "DisruptionTarget")
                        .put("status", "True")
                        .put("reason", told.reason())
                        .put("lastTransitionTime", told.since().toString()));
        var containers = status.putArray("containerStatuses");
        // It ends well whenever the worker ends.
        if (hasProxy()) state(containers.addObject().put("name", "proxy").putObject("state"), 0);
        var code = view.worker() instanceof Container.Terminated end ? end.exitCode() : 0;
        state(containers.addObject().put("name", "worker").putObject("state"), code);
    }

    /** Some admission puts a container before the worker. */
    private boolean hasProxy() {
        return queue.name().equals("narrow");
    }

    private void state(ObjectNode state, int code) {
        switch (view.worker()) {
            case Container.Waiting waiting -> state.putObject("waiting").put("reason", waiting.reason());
            case Container.Running running ->
                state.putObject("running").put("startedAt", running.started().toString());
            case Container.Terminated end -> {
                var ended = state.putObject("terminated").put("exitCode", code).put("reason", end.reason());
                end.started().ifPresent(at -> ended.put("startedAt", at.toString()));
                end.finished().ifPresent(at -> ended.put("finishedAt", at.toString()));
            }
        }
    }

    /** The name of its job. */
    String job() {
        return jobUid.substring("uid-".length());
    }

    SimPod onNode(String name) {
        return new SimPod(view, jobUid, queue, name);
    }

    SimPod withVersion(String version) {
        return with(edit -> edit.version = version);
    }

    SimPod deleting(Instant deadline, Duration grace) {
        return with(edit -> edit.deletion = Optional.of(new Deletion(deadline, grace)));
    }

    SimPod disrupted(String reason, Instant since) {
        return with(edit -> edit.disruption = Optional.of(new Disruption(reason, "", since)));
    }

    SimPod running(Instant since) {
        return with(edit -> {
            edit.phase = "Running";
            edit.worker = new Container.Running(since);
        });
    }

    SimPod ended(int code, Optional<Instant> started, Instant finished) {
        return with(edit -> {
            edit.phase = code == 0 ? "Succeeded" : "Failed";
            edit.worker = new Container.Terminated("worker", code, "", "", started, Optional.of(finished));
        });
    }

    /** Its kubelet lets go of it before its containers were made, and tells an end of them all the same. */
    SimPod unmade() {
        return with(edit -> {
            edit.phase = "Failed";
            edit.worker = new Container.Terminated(
                    "worker", 137, "ContainerStatusUnknown", "", Optional.empty(), Optional.empty());
        });
    }

    /** Its kubelet has not taken it again. */
    SimPod rejected(int code, Optional<Instant> started, Instant finished) {
        return ended(code, started, finished).with(edit -> {
            edit.phase = "Failed";
            edit.reason = "NodeAffinity";
            edit.message = "Pod was rejected: Predicate NodeAffinity failed: node(s) didn't match Pod's node affinity";
        });
    }

    private SimPod with(Consumer<PodEdit> change) {
        return new SimPod(PodEdit.with(view, change), jobUid, queue, node);
    }
}
