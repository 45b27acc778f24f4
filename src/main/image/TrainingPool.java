import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/**
 * The training run of the agent's AOT cache: starts the agent, plays its API server and its handler for some jobs that end in
 * different ways, and ends it. Arguments: a folder for the account's files, then the command that starts the agent.
 */
final class TrainingPool {
    private static final String JOBS = "/apis/syncjobs.io/v1alpha1/namespaces/training/syncjobs";
    private static final String LEASES = "/apis/coordination.k8s.io/v1/namespaces/training/leases";
    private static final int LIMIT_SECONDS = 120;
    private static final ObjectMapper JSON = new ObjectMapper();

    private static final String JOB = """
            {"apiVersion": "syncjobs.io/v1alpha1", "kind": "SyncJob",
             "metadata": {"name": "%s", "namespace": "training", "uid": "%1$s", "generation": 1, "creationTimestamp": "%s"},
             "spec": {"queue": "default", "action": "train", "payload": {"order": 1042}},
             "status": {"state": "Enqueued", "worker": "pod", "attempt": 1, "enqueuedTime": "%2$s",
              "effective": {"priority": 10, "timeoutSeconds": 3600, "workerPool": "pool",
               "retry": {"limit": 5, "delaySeconds": 600, "pattern": [], "when": "Retryable"}}}}""";
    private static final String NOT_FOUND = """
            {"kind": "Status", "apiVersion": "v1", "status": "Failure", "reason": "NotFound", "code": 404}""";
    private static final String NOTED = """
            {"type": "ADDED", "object": {"metadata": {"annotations": {"syncjobs.io/seen": "2026-03-01T12:00:00.123Z 0"}},
             "spec": {"renewTime": "2026-03-01T12:00:00.123000Z"}}}""".replace("\n", "");
    private static final String PROBLEM = """
            {"type": "Training", "detail": "it fails", "trace": "java.lang.IllegalStateException: no\\n\\tat a.B.c(B.java:1)"}""";

    /** The jobs. Each is named after the status code that the handler answers. */
    private static final List<String> ENDS = List.of("200", "204", "500", "503");

    private final Map<String, ObjectNode> objects = new TreeMap<>();
    private final List<OutputStream> watches = new CopyOnWriteArrayList<>();
    private final CountDownLatch watched = new CountDownLatch(1);
    private final CountDownLatch ended = new CountDownLatch(ENDS.size());
    private int version = 1;

    public static void main(String[] args) throws Exception {
        var folder = Files.createDirectories(Path.of(args[0]));
        var context = Certificate.in(folder);
        Files.writeString(folder.resolve("token"), "training");
        var pool = new TrainingPool();
        var api = HttpsServer.create(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), 0), 0);
        api.setHttpsConfigurator(new HttpsConfigurator(context));
        var handler = HttpServer.create(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), 0), 0);
        for (var server : List.of(api, handler)) server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        api.createContext("/", pool::answer);
        handler.createContext("/", TrainingPool::handle);
        api.start();
        handler.start();
        var builder = new ProcessBuilder(Arrays.asList(args).subList(1, args.length)).inheritIO();
        environment(
                builder.environment(),
                folder,
                api.getAddress().getPort(),
                handler.getAddress().getPort());
        var agent = builder.start();
        var over = pool.watched.await(LIMIT_SECONDS, TimeUnit.SECONDS);
        for (var name : ENDS) pool.write(JOBS + "/" + name, JSON.readTree(JOB.formatted(name, Instant.now())));
        over = over && pool.ended.await(LIMIT_SECONDS, TimeUnit.SECONDS) && agent.isAlive();
        agent.destroy();
        if (!agent.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) agent.destroyForcibly();
        if (over) System.exit(0);
        System.err.println("the training run of the agent's AOT cache did not come to an end: " + pool.objects);
        System.exit(1);
    }

    private static void environment(Map<String, String> environment, Path folder, int api, int handler) {
        environment.put("KUBERNETES_SERVICE_HOST", "127.0.0.1");
        environment.put("KUBERNETES_SERVICE_PORT", Integer.toString(api));
        environment.put("SYNCJOBS_ACCOUNT_DIR", folder.toString());
        environment.put("POD_NAME", "pod");
        environment.put("POD_NAMESPACE", "training");
        environment.put("POD_UID", "pod-uid");
        environment.put("SYNCJOBS_POOL", "pool");
        environment.put("SYNCJOBS_SLOTS", "2");
        environment.put("SYNCJOBS_HEARTBEAT_SECONDS", "1");
        environment.put("SYNCJOBS_DEAD_AFTER_SECONDS", "300");
        environment.put("SYNCJOBS_GRACE_SECONDS", "30");
        environment.put("SYNCJOBS_DRAIN_PATH", "/drain/training");
        environment.put("SYNCJOBS_HANDLER_CONTAINER", "handler");
        environment.put("SYNCJOBS_HANDLER_PORT", Integer.toString(handler));
        environment.put("SYNCJOBS_HANDLER_PATH", "/");
        environment.put("SYNCJOBS_HANDLER_CANCEL_PATH", "/");
    }

    private static void handle(HttpExchange exchange) throws IOException {
        var code = Integer.parseInt(exchange.getRequestHeaders().getFirst("SyncJob-Name"));
        exchange.getResponseHeaders().set("Retry-After", "60");
        send(exchange, code, code == 500 ? PROBLEM : code == 204 ? "" : "{\"done\": true}");
    }

    private void answer(HttpExchange exchange) throws IOException {
        var path = exchange.getRequestURI().getPath().replaceAll("/status$", "");
        var query = String.valueOf(exchange.getRequestURI().getQuery());
        var body = JSON.readTree(exchange.getRequestBody());
        var method = exchange.getRequestMethod();
        if (path.equals(LEASES) && query.contains("watch=1")) {
            exchange.sendResponseHeaders(200, 0);
            tell(exchange.getResponseBody(), NOTED);
        } else if (query.contains("watch=1")) {
            exchange.sendResponseHeaders(200, 0);
            tell(exchange.getResponseBody(), "{\"type\": \"BOOKMARK\", \"object\": {}}");
            watches.add(exchange.getResponseBody());
            watched.countDown();
        } else if (method.equals("POST")) {
            send(
                    exchange,
                    201,
                    write(path + "/" + body.at("/metadata/name").asText(), body).toString());
        } else if (method.equals("PATCH")) {
            send(exchange, 200, write(path, body).toString());
        } else if (path.equals(JOBS)) {
            send(exchange, 200, "{\"metadata\": {\"resourceVersion\": \"" + version + "\"}, \"items\": []}");
        } else if (objects.containsKey(path)) {
            send(exchange, 200, objects.get(path).toString());
        } else send(exchange, 404, NOT_FOUND);
    }

    private static void send(HttpExchange exchange, int code, String text) throws IOException {
        try (exchange) {
            var bytes = text.getBytes(UTF_8);
            exchange.sendResponseHeaders(code, bytes.length == 0 ? -1 : bytes.length);
            exchange.getResponseBody().write(bytes);
        }
    }

    private synchronized ObjectNode write(String path, JsonNode change) throws IOException {
        var object = objects.computeIfAbsent(path, absent -> JSON.createObjectNode());
        MergePatch.apply(object, change);
        object.withObject("/metadata").put("resourceVersion", Integer.toString(++version));
        if (path.startsWith(LEASES)) return object;
        var before = object.at("/status/history").isMissingNode();
        var event = JSON.createObjectNode().put("type", before ? "MODIFIED" : "DELETED");
        event.set("object", object);
        for (var watch : watches) tell(watch, event.toString());
        if (!before) ended.countDown();
        return object;
    }

    private static void tell(OutputStream watch, String event) throws IOException {
        watch.write((event + "\n").getBytes(UTF_8));
        watch.flush();
    }
}
