package io.syncjobs.core.pool;

import static io.syncjobs.core.run.TemplateParts.containers;
import static io.syncjobs.core.run.TemplateParts.object;
import static io.syncjobs.core.run.TemplateParts.setDefault;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.syncjobs.api.Names;
import io.syncjobs.api.SyncWorkerPool;
import io.syncjobs.core.run.InvalidTemplate;
import io.syncjobs.core.run.TemplateParts;
import io.syncjobs.core.settings.AgentDefaults;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.SortedMap;
import java.util.stream.Stream;

/**
 * The objects that a pool consists of, ready to be applied: a Deployment, and an account for its workers with exactly the rights
 * that they need. The rights come first, so that a worker has them when it starts.
 */
public final class PoolObjects {
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
    private static final String RBAC = "rbac.authorization.k8s.io";

    /** So many workers are named in a pool's account and rights: as their owners, and by their own accounts as who has them. */
    private static final int MOST_WORKERS = 100;

    private PoolObjects() {}

    /**
     * One object.
     *
     * @param plural the plural of its kind, as in the API server's paths
     */
    public record Child(String apiVersion, String plural, ObjectNode json) {
        /** Its kind, such as {@code Role}. */
        public String kind() {
            return json.path("kind").asText();
        }

        /** Its name, in the namespace of the pool. */
        public String name() {
            return json.at("/metadata/name").asText();
        }

        /**
         * Notes on the workers of a Deployment the uid of their account. If somebody deletes the account, the tokens that they have are
         * worth nothing, and the kubelet renews them after most of an hour. Another uid replaces the workers.
         */
        public void noteAccount(String uid) {
            json.withObject("/spec/template/metadata/annotations").put(Names.ACCOUNT, uid);
        }
    }

    /**
     * A pod of the pool.
     *
     * @param account its account if an agent is in it, otherwise empty
     */
    public record Worker(String name, String account) {}

    /** The name of a pool's own account, Role and RoleBinding. */
    public static String account(String pool) {
        return "syncjobs-pool-" + pool;
    }

    /**
     * All objects of a pool, in the order in which they are applied.
     *
     * @param template the pool's template as a tree
     * @param workers its pods, by their uids
     * @throws InvalidTemplate naming the field, what is wrong and what to do
     */
    public static List<Child> of(
            SyncWorkerPool pool, ObjectNode template, AgentDefaults settings, SortedMap<String, Worker> workers) {
        var deployment = deployment(pool, template, settings);
        var account = deployment.at("/spec/template/spec/serviceAccountName").asText();
        var children = new ArrayList<Child>();
        if (account.equals(account(pool.getMetadata().getName()))) {
            var own = child(pool, "v1", "ServiceAccount", account).put("automountServiceAccountToken", false);
            children.add(new Child("v1", "serviceaccounts", own));
        }
        children.add(new Child(RBAC + "/v1", "roles", role(pool)));
        children.add(new Child(RBAC + "/v1", "rolebindings", binding(pool, account, workers.values())));
        children.forEach(child -> outlivePool(child.json(), workers));
        children.add(new Child("apps/v1", "deployments", deployment));
        return children;
    }

    /**
     * Workers report what they finish after somebody has deleted their pool. Their account and rights belong to them too, and the
     * garbage collector waits until the last owner is gone.
     */
    private static void outlivePool(ObjectNode child, SortedMap<String, Worker> workers) {
        var owners = child.withArray("/metadata/ownerReferences");
        workers.entrySet().stream()
                .limit(MOST_WORKERS)
                .forEach(worker -> owners.addObject()
                        .put("apiVersion", "v1")
                        .put("kind", "Pod")
                        .put("name", worker.getValue().name())
                        .put("uid", worker.getKey()));
    }

    private static ObjectNode child(SyncWorkerPool pool, String apiVersion, String kind, String name) {
        var meta = pool.getMetadata();
        var child = JSON.objectNode().put("apiVersion", apiVersion).put("kind", kind);
        var metadata = child.putObject("metadata").put("name", name).put("namespace", meta.getNamespace());
        metadata.putObject("labels").put(Names.MANAGED_BY, Names.SYNCJOBS).put(Names.POOL, meta.getName());
        metadata.putArray("ownerReferences")
                .addObject()
                .put("apiVersion", Names.API_VERSION)
                .put("kind", "SyncWorkerPool")
                .put("name", meta.getName())
                .put("uid", meta.getUid())
                .put("controller", true);
        return child;
    }

    private static ObjectNode role(SyncWorkerPool pool) {
        var name = pool.getMetadata().getName();
        var role = child(pool, RBAC + "/v1", "Role", account(name));
        var rules = role.putArray("rules");
        // By work the admission policies recognise workers: on syncjobs those of any pool, and on the pool those of
        // this one.
        rule(rules, Names.GROUP, "syncjobs", "get", "list", "watch", "work");
        rule(rules, Names.GROUP, "syncjobs/status", "get", "patch");
        rule(rules, "coordination.k8s.io", "leases", "create", "get", "patch", "watch");
        rule(rules, Names.GROUP, "syncworkerpools", "work")
                .putArray("resourceNames")
                .add(name);
        return role;
    }

    private static ObjectNode rule(ArrayNode rules, String group, String resource, String... verbs) {
        var rule = rules.addObject();
        rule.putArray("apiGroups").add(group);
        rule.putArray("resources").add(resource);
        var list = rule.putArray("verbs");
        for (var verb : verbs) list.add(verb);
        return rule;
    }

    /** Workers with an account that the template named before go on until they are replaced, so they keep their rights until then. */
    private static ObjectNode binding(SyncWorkerPool pool, String account, Collection<Worker> workers) {
        var name = account(pool.getMetadata().getName());
        var binding = child(pool, RBAC + "/v1", "RoleBinding", name);
        binding.putObject("roleRef").put("apiGroup", RBAC).put("kind", "Role").put("name", name);
        var subjects = binding.putArray("subjects");
        Stream.concat(Stream.of(account), workers.stream().map(Worker::account).sorted())
                .filter(one -> !one.isEmpty())
                .distinct()
                .limit(MOST_WORKERS)
                .forEach(one -> subjects.addObject()
                        .put("kind", "ServiceAccount")
                        .put("name", one)
                        .put("namespace", pool.getMetadata().getNamespace()));
        return binding;
    }

    /** During an update a new worker is ready before an old one is told to end. So no job waits for the update. */
    private static ObjectNode deployment(SyncWorkerPool pool, ObjectNode template, AgentDefaults settings) {
        var name = pool.getMetadata().getName();
        var deployment = child(pool, "apps/v1", "Deployment", name);
        var spec = deployment.putObject("spec");
        spec.put("replicas", PoolSize.of(pool.getSpec()).replicas()).put("revisionHistoryLimit", 2);
        // Otherwise a Deployment that somebody has paused would take no update any more, and nobody would say why.
        spec.put("paused", false);
        spec.putObject("selector").putObject("matchLabels").put(Names.POOL, name);
        spec.putObject("strategy")
                .put("type", "RollingUpdate")
                .putObject("rollingUpdate")
                .put("maxSurge", "25%")
                .put("maxUnavailable", 0);
        spec.set("template", worker(pool, template, settings));
        return deployment;
    }

    private static ObjectNode worker(SyncWorkerPool pool, ObjectNode template, AgentDefaults settings) {
        TemplateParts.check(template);
        var spec = object(template, "spec.template", "spec").deepCopy();
        var containers = containers(spec, "containers");
        check(pool, spec, containers);
        var handler = containers.getFirst();
        var name = handler.path("name").asText();
        spec.put("automountServiceAccountToken", false);
        setDefault(spec, "enableServiceLinks", JSON.booleanNode(false));
        spec.set("serviceAccountName", account(pool, spec));
        spec.remove("serviceAccount");
        var lifecycle = object(handler, "spec.template.spec.containers[0]", "lifecycle");
        lifecycle.set("preStop", AgentContainer.drain(pool));
        handler.set("lifecycle", lifecycle);
        TemplateParts.restrictPod(spec);
        TemplateParts.restrictContainers(spec, "containers");
        TemplateParts.restrictContainers(spec, "initContainers");
        list(spec, "initContainers").insert(0, AgentContainer.container(pool, spec, name, settings));
        list(spec, "volumes").add(AgentContainer.token());
        pullSecrets(spec, settings);
        var worker = JSON.objectNode();
        worker.set("metadata", metadata(pool, object(template, "spec.template", "metadata"), name));
        worker.set("spec", spec);
        return worker;
    }

    /** The template's own account, under its name or the older one. An empty name is none, as in a pod. */
    private static JsonNode account(SyncWorkerPool pool, ObjectNode spec) {
        return Stream.of("serviceAccountName", "serviceAccount")
                .filter(spec::hasNonNull)
                .map(spec::get)
                .filter(name -> !JSON.textNode("").equals(name))
                .findFirst()
                .orElseGet(() -> JSON.textNode(account(pool.getMetadata().getName())));
    }

    private static ObjectNode metadata(SyncWorkerPool pool, ObjectNode template, String handler) {
        var metadata = JSON.objectNode();
        var labels = object(template, "spec.template.metadata", "labels").deepCopy();
        // This label marks the pods of jobs.
        labels.remove(Names.MANAGED_BY);
        metadata.set("labels", labels.put(Names.POOL, pool.getMetadata().getName()));
        var annotations =
                object(template, "spec.template.metadata", "annotations").deepCopy();
        setDefault(annotations, "kubectl.kubernetes.io/default-container", JSON.textNode(handler));
        metadata.set("annotations", annotations.put(Names.WORKER, handler));
        if (template.has("finalizers")) metadata.set("finalizers", template.get("finalizers"));
        return metadata;
    }

    private static void pullSecrets(ObjectNode spec, AgentDefaults settings) {
        if (settings.pullSecrets().isEmpty()) return;
        var list = list(spec, "imagePullSecrets");
        for (var secret : settings.pullSecrets()) {
            if (list.findValuesAsText("name").contains(secret)) continue;
            list.addObject().put("name", secret);
        }
    }

    private static ArrayNode list(ObjectNode spec, String field) {
        if (!spec.hasNonNull(field)) return spec.putArray(field);
        if (spec.get(field) instanceof ArrayNode list) return list;
        throw new InvalidTemplate("spec.template.spec." + field + " must be a list of objects");
    }

    /** Refuses what would not work as its author expects. The API server judges everything else. */
    private static void check(SyncWorkerPool pool, ObjectNode spec, List<ObjectNode> containers) {
        if (containers.isEmpty())
            throw new InvalidTemplate(
                    "spec.template.spec.containers is missing or empty; its first container serves the handler's port");
        if (containers.getFirst().at("/lifecycle/preStop").isObject())
            throw new InvalidTemplate(
                    "spec.template.spec.containers[0].lifecycle.preStop: leave it out; SyncJobs puts one"
                            + " there, by which the container is told to end only when its jobs are done or given back. What has"
                            + " to be done at the end can be done on SIGTERM, which comes after it");
        if (TemplateParts.isWindows(spec))
            throw new InvalidTemplate(
                    "spec.template.spec.os.name windows: the agent beside the handler runs on Linux alone; give the queue a"
                            + " template instead of a workerPool, so that each job runs in a pod of its own");
        if (spec.path("automountServiceAccountToken").asBoolean(false))
            throw new InvalidTemplate(
                    "spec.template.spec.automountServiceAccountToken: leave it out; of the pod's containers"
                            + " the agent alone gets a token. A handler that calls the API server mounts one of its own, as a"
                            + " projected volume with serviceAccountToken");
        if (pool.getSpec().handler().port() == AgentContainer.PORT)
            throw new InvalidTemplate(
                    "spec.handler.port " + AgentContainer.PORT + " is the agent's; let the handler serve another one");
        for (var field : List.of("containers", "initContainers")) {
            refuseName(containers(spec, field), "spec.template.spec." + field, AgentContainer.NAME);
            refusePort(containers(spec, field), "spec.template.spec." + field);
        }
        refuseName(containers(spec, "volumes"), "spec.template.spec.volumes", AgentContainer.TOKEN);
    }

    /** Of two containers that listen on a port of their pod one fails, and nobody can tell which. */
    private static void refusePort(List<ObjectNode> containers, String path) {
        for (var i = 0; i < containers.size(); i++) {
            var ports = containers.get(i).path("ports");
            for (var j = 0; j < ports.size(); j++) {
                if (ports.path(j).path("containerPort").asInt() == AgentContainer.PORT)
                    throw new InvalidTemplate(path + "[" + i + "].ports[" + j + "].containerPort " + AgentContainer.PORT
                            + " is the agent's; let the container serve another one");
            }
        }
    }

    private static void refuseName(List<ObjectNode> objects, String path, String name) {
        for (var i = 0; i < objects.size(); i++) {
            if (objects.get(i).path("name").asText().equals(name))
                throw new InvalidTemplate(path + "[" + i + "].name " + name + " is SyncJobs' own; choose another one");
        }
    }
}
