package io.syncjobs.core.run;

import static io.syncjobs.core.run.TemplateParts.check;
import static io.syncjobs.core.run.TemplateParts.containers;
import static io.syncjobs.core.run.TemplateParts.object;
import static io.syncjobs.core.run.TemplateParts.restrictContainers;
import static io.syncjobs.core.run.TemplateParts.restrictPod;
import static io.syncjobs.core.run.TemplateParts.setDefault;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.syncjobs.api.Names;
import io.syncjobs.api.RawJson;
import io.syncjobs.api.SyncJob;
import io.syncjobs.api.SyncQueueSpec;
import io.syncjobs.core.JobFields;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Makes the pod of one attempt from a template, as JSON. What the template says stays as written, and the API server judges it.
 * Security settings that the template leaves open are set to restricted values.
 */
public final class PodTemplates {
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private PodTemplates() {}

    /** The template that a job runs with: its own, otherwise its queue's. */
    public static Optional<RawJson> of(SyncJob job, SyncQueueSpec queue) {
        return Optional.ofNullable(job.getSpec().template()).or(() -> Optional.ofNullable(queue.template()));
    }

    /** True if the job has a template of its own, and this installation does not run such templates. */
    public static boolean isForbidden(SyncJob job, boolean jobTemplates) {
        return !jobTemplates && job.getSpec().template() != null;
    }

    /**
     * The pod for an attempt.
     *
     * @param job the job with the text of its payload
     * @param deadline when the attempt should be over; the worker is told this
     * @throws InvalidTemplate naming the field, what is wrong and what to do
     */
    public static ObjectNode pod(SyncJob job, ObjectNode template, int attempt, String name, Instant deadline) {
        check(template);
        var pod = JSON.objectNode();
        pod.put("apiVersion", "v1").put("kind", "Pod");
        var metadata = metadata(job, object(template, "spec.template", "metadata"), attempt, name);
        pod.set("metadata", metadata);
        var spec = object(template, "spec.template", "spec").deepCopy();
        pod.set("spec", spec);
        spec.put("restartPolicy", "Never");
        setDefault(spec, "automountServiceAccountToken", JSON.booleanNode(false));
        setDefault(spec, "enableServiceLinks", JSON.booleanNode(false));
        restrictPod(spec);
        var containers = containers(spec, "containers");
        if (containers.isEmpty()) {
            throw new InvalidTemplate(
                    "spec.template.spec.containers is missing or empty; give it one container, the worker");
        }
        note(spec, containers.getFirst(), metadata);
        environment(job, attempt, deadline).forEach((key, value) -> addEnvironment(containers.getFirst(), key, value));
        refuseRestarts(spec);
        restrictContainers(spec, "containers");
        restrictContainers(spec, "initContainers");
        return pod;
    }

    /** Notes on the pod the fingerprint of its template, so that a later change of the template is noticed. */
    public static ObjectNode noted(ObjectNode pod, RawJson template) {
        pod.withObject("/metadata/annotations").put(Names.TEMPLATE, template.fingerprint());
        return pod;
    }

    /** Notes on the pod what must still be known after admission has changed the pod. */
    private static void note(ObjectNode spec, ObjectNode worker, ObjectNode metadata) {
        var annotations =
                object(metadata, "spec.template.metadata", "annotations").deepCopy();
        annotations.put(Names.WORKER, worker.path("name").asText(""));
        annotations.put(
                Names.CONTAINERS,
                Stream.of("containers", "initContainers")
                        .flatMap(field -> containers(spec, field).stream())
                        .map(container -> container.path("name").asText(""))
                        .collect(Collectors.joining(",")));
        if (!spec.path("schedulingGates").isEmpty()) annotations.put(Names.GATED, "true");
        var node = spec.path("nodeName").asText("");
        if (!node.isEmpty()) annotations.put(Names.NODE, node);
        metadata.set("annotations", annotations);
    }

    /**
     * An attempt is one run. If the node restarted a container by itself, no delay and no limit would apply, and nobody would see
     * it.
     */
    private static void refuseRestarts(ObjectNode spec) {
        for (var field : List.of("containers", "initContainers")) {
            var all = containers(spec, field);
            for (var i = 0; i < all.size(); i++) {
                var policy = all.get(i).path("restartPolicy").asText("Never");
                var name = all.get(i).has("restartPolicyRules")
                        ? "restartPolicyRules"
                        : field.equals("containers") && !policy.equals("Never") ? "restartPolicy" : "";
                if (name.isEmpty()) continue;
                throw new InvalidTemplate("spec.template.spec." + field + "[" + i + "]." + name
                        + ": leave it out; a worker runs once in each attempt, see retry of the job and its queue");
            }
        }
    }

    /** The environment variables of the worker. */
    static Map<String, String> environment(SyncJob job, int attempt, Instant deadline) {
        var meta = job.getMetadata();
        var payload = job.getSpec().payload();
        var variables = new LinkedHashMap<String, String>();
        variables.put("SYNCJOB_NAME", meta.getName());
        variables.put("SYNCJOB_NAMESPACE", meta.getNamespace());
        variables.put("SYNCJOB_UID", meta.getUid());
        variables.put("SYNCJOB_ATTEMPT", Integer.toString(attempt));
        variables.put("SYNCJOB_ACTION", job.getSpec().action());
        variables.put(
                "SYNCJOB_PAYLOAD", payload == null ? "null" : payload.text().orElseThrow());
        variables.put("SYNCJOB_DEADLINE", deadline.toString());
        variables.put("SYNCJOB_IDEMPOTENCY_KEY", JobFields.idempotencyKeyOf(job));
        return variables;
    }

    private static ObjectNode metadata(SyncJob job, ObjectNode template, int attempt, String name) {
        var metadata = JSON.objectNode();
        metadata.put("name", name).put("namespace", job.getMetadata().getNamespace());
        var labels = object(template, "spec.template.metadata", "labels").deepCopy();
        // This label marks the workers of a pool.
        labels.remove(Names.POOL);
        labels.put(Names.MANAGED_BY, Names.SYNCJOBS)
                .put(Names.JOB_NAME, PodNames.label(job))
                .put(Names.JOB_UID, job.getMetadata().getUid())
                .put(Names.QUEUE, JobFields.queueOf(job))
                .put(Names.ATTEMPT, Integer.toString(attempt));
        metadata.set("labels", labels);
        if (template.has("annotations")) metadata.set("annotations", template.get("annotations"));
        if (template.has("finalizers")) metadata.set("finalizers", template.get("finalizers"));
        metadata.putArray("ownerReferences")
                .addObject()
                .put("apiVersion", Names.API_VERSION)
                .put("kind", "SyncJob")
                .put("name", job.getMetadata().getName())
                .put("uid", job.getMetadata().getUid())
                .put("controller", true);
        return metadata;
    }

    /**
     * {@code $$} protects the payload, because the kubelet expands $(NAME) in values. Our variables replace the template's
     * variables of the same name.
     */
    private static void addEnvironment(ObjectNode container, String name, String value) {
        if (container.hasNonNull("env") && !container.path("env").isArray()) {
            throw new InvalidTemplate("spec.template.spec.containers[0].env must be a list of objects");
        }
        var list = container.path("env") instanceof ArrayNode present ? present : container.putArray("env");
        for (var i = list.size() - 1; i >= 0; i--) {
            if (list.get(i).path("name").asText().equals(name)) list.remove(i);
        }
        list.insertObject(0).put("name", name).put("value", value.replace("$", "$$"));
    }
}
