package io.syncjobs.core.pool;

import static java.util.Objects.requireNonNullElse;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.syncjobs.api.SyncWorkerPool;
import io.syncjobs.core.settings.AgentDefaults;
import io.syncjobs.core.settings.PoolTiming;

/**
 * The agent's container in a worker's pod. It is a native sidecar: it starts before all other containers and ends after them. No
 * other container gets a token.
 */
public final class AgentContainer {
    /** The name of the container. */
    public static final String NAME = "syncjobs-agent";

    /** The name of the volume with the agent's token. */
    static final String TOKEN = "syncjobs-token";

    /** The port of the three paths that the kubelet asks: these two, and the one that drains. */
    public static final int PORT = 9808;

    /** Says whether the worker gets jobs. */
    public static final String READY_PATH = "/ready";

    /** Says whether the agent's loop goes on. */
    public static final String LIVE_PATH = "/live";

    /** Environment variables with what the pod says of itself; {@link AgentVariable} has what the operator says. */
    public static final String POD_NAME = "POD_NAME";

    public static final String POD_NAMESPACE = "POD_NAMESPACE";
    public static final String POD_UID = "POD_UID";

    /** The user of the product's image, for pods whose template would run it as root. */
    private static final int USER = 65532;

    /** The grace period that Kubernetes uses if a template names none. */
    private static final int GRACE_SECONDS = 30;

    /** The kubelet renews the token after four fifths of this time. */
    private static final int TOKEN_SECONDS = 3607;

    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private AgentContainer() {}

    /** The agent's container; {@code pod} is the spec of the pod that it is added to. */
    static ObjectNode container(SyncWorkerPool pool, ObjectNode pod, String handler, AgentDefaults settings) {
        var agent = JSON.objectNode();
        agent.put("name", NAME).put("image", settings.image()).put("imagePullPolicy", settings.pullPolicy());
        // The agent has JVM flags of its own, because it runs beside other programs and must be small.
        agent.putArray("command").add("/opt/java/bin/java").add("@/app/agent");
        agent.putArray("args").add("agent");
        agent.put("restartPolicy", "Always");
        environment(agent, pool, pod, handler, settings);
        agent.putArray("ports")
                .addObject()
                .put("name", NAME)
                .put("containerPort", PORT)
                .put("protocol", "TCP");
        agent.putArray("volumeMounts")
                .addObject()
                .put("name", TOKEN)
                .put("mountPath", "/var/run/secrets/kubernetes.io/serviceaccount")
                .put("readOnly", true);
        agent.set("readinessProbe", probe(READY_PATH, 2));
        agent.set("livenessProbe", probe(LIVE_PATH, 10));
        agent.set("resources", settings.resources().deepCopy());
        restrict(agent.putObject("securityContext"), pod);
        return agent;
    }

    private static ObjectNode probe(String path, int period) {
        var probe = JSON.objectNode()
                .put("periodSeconds", period)
                .put("timeoutSeconds", 2)
                .put("failureThreshold", 3);
        probe.putObject("httpGet").put("path", path).put("port", PORT);
        return probe;
    }

    private static void restrict(ObjectNode context, ObjectNode pod) {
        context.put("allowPrivilegeEscalation", false)
                .put("readOnlyRootFilesystem", true)
                .put("runAsNonRoot", true)
                .putObject("capabilities")
                .putArray("drop")
                .add("ALL");
        context.putObject("seccompProfile").put("type", "RuntimeDefault");
        if (pod.at("/securityContext/runAsUser").asInt(USER) == 0) context.put("runAsUser", USER);
    }

    private static void environment(
            ObjectNode agent, SyncWorkerPool pool, ObjectNode pod, String handler, AgentDefaults settings) {
        var spec = pool.getSpec();
        var timing = PoolTiming.of(spec, settings.timing());
        var list = agent.putArray("env");
        for (var field : new String[][] {
            {POD_NAME, "metadata.name"}, {POD_NAMESPACE, "metadata.namespace"}, {POD_UID, "metadata.uid"}
        }) {
            list.addObject()
                    .put("name", field[0])
                    .putObject("valueFrom")
                    .putObject("fieldRef")
                    .put("apiVersion", "v1")
                    .put("fieldPath", field[1]);
        }
        variable(list, AgentVariable.POOL, pool.getMetadata().getName());
        variable(list, AgentVariable.SLOTS, text(PoolSize.of(spec).slots()));
        variable(list, AgentVariable.HEARTBEAT_SECONDS, text(timing.heartbeat().toSeconds()));
        variable(list, AgentVariable.DEAD_AFTER_SECONDS, text(timing.deadAfter().toSeconds()));
        // A worker that gets no time at all still needs an agent that starts.
        var grace = Math.clamp(pod.path("terminationGracePeriodSeconds").asLong(GRACE_SECONDS), 1, Integer.MAX_VALUE);
        variable(list, AgentVariable.GRACE_SECONDS, text(grace));
        variable(list, AgentVariable.DRAIN_PATH, drainPath(pool));
        variable(list, AgentVariable.HANDLER_CONTAINER, handler);
        variable(list, AgentVariable.HANDLER_PORT, text(spec.handler().port()));
        variable(
                list,
                AgentVariable.HANDLER_PATH,
                requireNonNullElse(spec.handler().path(), "/"));
        variable(
                list,
                AgentVariable.HANDLER_CANCEL_PATH,
                requireNonNullElse(spec.handler().cancelPath(), ""));
        settings.variables().forEach((name, value) -> variable(list, name, value));
    }

    private static void variable(ArrayNode list, AgentVariable variable, String value) {
        variable(list, variable.variable(), value);
    }

    /** {@code $$} protects a value, because the kubelet expands $(NAME) in it. */
    private static void variable(ArrayNode list, String name, String value) {
        list.addObject().put("name", name).put("value", value.replace("$", "$$"));
    }

    private static String text(long number) {
        return Long.toString(number);
    }

    /** The volume with the token. Other pods have it in every container; here only the agent mounts it. */
    static ObjectNode token() {
        var volume = JSON.objectNode().put("name", TOKEN);
        var sources = volume.putObject("projected").putArray("sources");
        sources.addObject()
                .putObject("serviceAccountToken")
                .put("path", "token")
                .put("expirationSeconds", TOKEN_SECONDS);
        var authority = sources.addObject().putObject("configMap").put("name", "kube-root-ca.crt");
        authority.putArray("items").addObject().put("key", "ca.crt").put("path", "ca.crt");
        var namespace =
                sources.addObject().putObject("downwardAPI").putArray("items").addObject();
        namespace
                .put("path", "namespace")
                .putObject("fieldRef")
                .put("apiVersion", "v1")
                .put("fieldPath", "metadata.namespace");
        return volume;
    }

    /** The preStop hook of the handler's container: the container is told to end only after the agent has no job any more. */
    static ObjectNode drain(SyncWorkerPool pool) {
        var hook = JSON.objectNode();
        hook.putObject("httpGet").put("path", drainPath(pool)).put("port", PORT).put("scheme", "HTTP");
        return hook;
    }

    /** Every pod of the cluster may reach the port. Whoever cannot read the pool does not know its uid. */
    private static String drainPath(SyncWorkerPool pool) {
        return "/drain/" + pool.getMetadata().getUid();
    }
}
