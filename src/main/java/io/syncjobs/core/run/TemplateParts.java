package io.syncjobs.core.run;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.syncjobs.core.Text;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * What the pods of jobs and of workers have in common: how a template is read, and which restrictions are added to it. Methods
 * that read a template throw an {@link InvalidTemplate} that names the field.
 */
public final class TemplateParts {
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    /** The fields of a PodTemplateSpec, and the additional fields of a whole Pod that was pasted in its place. */
    private static final Set<String> KNOWN = Set.of("metadata", "spec", "apiVersion", "kind", "status");

    /** The fields of an ObjectMeta. */
    private static final Set<String> KNOWN_METADATA = Set.of(
            "annotations",
            "creationTimestamp",
            "deletionGracePeriodSeconds",
            "deletionTimestamp",
            "finalizers",
            "generateName",
            "generation",
            "labels",
            "managedFields",
            "name",
            "namespace",
            "ownerReferences",
            "resourceVersion",
            "selfLink",
            "uid");

    private TemplateParts() {}

    /** Refuses fields that would be left out silently. The API server judges everything else. */
    public static void check(ObjectNode template) {
        checkNames(template, KNOWN, "spec.template.", "a template has metadata and spec, as in a Deployment");
        checkNames(
                template.path("metadata"),
                KNOWN_METADATA,
                "spec.template.metadata.",
                "of a template's metadata labels, annotations and finalizers are taken");
        if (template.at("/spec/template").isObject())
            throw new InvalidTemplate(
                    "spec.template.spec.template: a whole Job or Deployment stands here; put what stands in"
                            + " its spec.template into spec.template");
    }

    private static void checkNames(JsonNode object, Set<String> known, String path, String has) {
        object.fieldNames().forEachRemaining(field -> {
            if (!known.contains(field))
                throw new InvalidTemplate(path + Text.cut(field, 64) + " is an unknown field; " + has);
        });
    }

    /** The object in a field; an empty object if the field is missing. */
    public static ObjectNode object(JsonNode parent, String path, String name) {
        var node = parent.path(name);
        if (node.isMissingNode() || node.isNull()) return JSON.objectNode();
        if (node instanceof ObjectNode object) return object;
        throw new InvalidTemplate(path + "." + name + " must be an object");
    }

    /** The containers in a list such as {@code containers}; empty if the list is missing. */
    public static List<ObjectNode> containers(ObjectNode spec, String field) {
        var found = new ArrayList<ObjectNode>();
        if (spec.hasNonNull(field) && !spec.path(field).isArray()) {
            throw new InvalidTemplate("spec.template.spec." + field + " must be a list of objects");
        }
        for (var container : spec.path(field)) {
            if (!(container instanceof ObjectNode object)) {
                throw new InvalidTemplate("spec.template.spec." + field + " must be a list of objects");
            }
            found.add(object);
        }
        return found;
    }

    /** Unless the template says otherwise, the pod does not run as root and has the seccomp profile of the node. */
    public static void restrictPod(ObjectNode spec) {
        var context = securityContext(spec, "spec.template.spec");
        setDefault(context, "runAsNonRoot", JSON.booleanNode(true));
        if (!isWindows(spec))
            setDefault(context, "seccompProfile", JSON.objectNode().put("type", "RuntimeDefault"));
    }

    /** Unless the template says otherwise, containers have no capabilities and cannot gain privileges. */
    public static void restrictContainers(ObjectNode spec, String field) {
        if (isWindows(spec)) return;
        var containers = containers(spec, field);
        for (var i = 0; i < containers.size(); i++) {
            restrictContainer(securityContext(containers.get(i), "spec.template.spec." + field + "[" + i + "]"));
        }
    }

    /** True for a pod for Windows. The API server refuses settings in it that Linux alone has. */
    public static boolean isWindows(ObjectNode spec) {
        return spec.at("/os/name").asText().equals("windows");
    }

    private static void restrictContainer(ObjectNode context) {
        if (context.path("privileged").asBoolean(false)) return;
        setDefault(context, "allowPrivilegeEscalation", JSON.booleanNode(false));
        var drop = JSON.objectNode();
        drop.putArray("drop").add("ALL");
        setDefault(context, "capabilities", drop);
    }

    private static ObjectNode securityContext(ObjectNode parent, String path) {
        var present = object(parent, path, "securityContext");
        parent.set("securityContext", present);
        return present;
    }

    /** Sets a field that the template leaves open. */
    public static void setDefault(ObjectNode object, String name, JsonNode value) {
        if (!object.hasNonNull(name)) object.set(name, value);
    }
}
