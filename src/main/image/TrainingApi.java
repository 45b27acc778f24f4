import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URLDecoder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/**
 * The training run of the AOT cache: starts the operator, plays its API server for the life of one job, and ends it.
 *
 * <p>It stores objects, tells watches about them over WebSocket and lets each pod succeed; it knows no more of Kubernetes than
 * that. Arguments: a folder for its certificate, then the command that starts the operator.
 */
final class TrainingApi {
    private static final String JOBS = "/apis/syncjobs.io/v1alpha1/syncjobs";
    private static final String PODS = "/api/v1/pods";
    private static final int LIMIT_SECONDS = 300;

    /** The group and version; the namespace; the resource; the name; the subresource. */
    private static final Pattern PATH =
            Pattern.compile("(/api/v1|/apis/[^/]+/[^/]+)(?:/namespaces/([^/]+))?/([a-z]+)(?:/([^/]+))?(?:/([a-z]+))?");

    private static final ObjectMapper JSON = new ObjectMapper();

    private static final String JOB = """
            {"apiVersion": "syncjobs.io/v1alpha1", "kind": "SyncJob", "spec": {"queue": "default", "action": "train",
             "template": {"spec": {"containers": [{"name": "worker", "image": "none"}]}}}}""";
    private static final String POD_STATUS = """
            {"spec": {"nodeName": "node"}, "status": {"phase": "%s", "startTime": "%s", "containerStatuses": [{"name": "worker",
             "image": "none", "imageID": "", "ready": false, "restartCount": 0, "state": %s}]}}""";
    private static final String RUNNING = """
            {"running": {"startedAt": "%s"}}""";
    private static final String SUCCEEDED = """
            {"running": null, "terminated": {"exitCode": 0, "startedAt": "%1$s", "finishedAt": "%1$s"}}""";
    /** What the operator framework asks for before it takes a Lease. */
    private static final String ALL_RIGHTS = """
            {"status": {"incomplete": false, "nonResourceRules": [],
             "resourceRules": [{"apiGroups": ["*"], "resources": ["*"], "verbs": ["*"]}]}}""";

    private static final String NOT_FOUND = """
            {"kind": "Status", "apiVersion": "v1", "status": "Failure", "reason": "NotFound", "code": 404}""";

    private final Map<String, ObjectNode> objects = new TreeMap<>();
    private final Map<DataOutputStream, String> watches = new ConcurrentHashMap<>();
    private final CountDownLatch ended = new CountDownLatch(1);
    private volatile boolean lived;
    private int version = 1;

    public static void main(String[] args) throws Exception {
        var folder = Files.createDirectories(Path.of(args[0]));
        var context = Certificate.in(folder);
        var api = new TrainingApi();
        try (var server =
                context.getServerSocketFactory().createServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            Thread.ofPlatform().daemon().start(() -> {
                while (true) {
                    try {
                        var socket = server.accept();
                        Thread.ofVirtual().start(() -> api.serve(socket));
                    } catch (IOException e) {
                        return;
                    }
                }
            });
            var builder = new ProcessBuilder(Arrays.asList(args).subList(1, args.length)).inheritIO();
            var environment = builder.environment();
            environment.put("KUBECONFIG", "/none");
            environment.put("KUBERNETES_MASTER", "https://127.0.0.1:" + server.getLocalPort());
            environment.put(
                    "KUBERNETES_CERTS_CA_FILE", folder.resolve(Certificate.FILE).toString());
            environment.put("KUBERNETES_AUTH_TOKEN", "training");
            environment.put("SYNCJOBS_NAMESPACE", "training");
            environment.put("SYNCJOBS_RELEASE", "training");
            environment.put("SYNCJOBS_POD", "training-0");
            environment.put("SYNCJOBS_DONE_POD_SECONDS", "1");
            environment.put("SYNCJOBS_HTTP_PORT", freePort());
            environment.put("SYNCJOBS_HEALTH_PORT", freePort());
            var operator = builder.start();
            api.write(JOBS, "training", "job", JSON.readTree(JOB));
            operator.onExit().thenRun(api.ended::countDown);
            api.ended.await(LIMIT_SECONDS, TimeUnit.SECONDS);
            var over = api.lived && operator.isAlive();
            operator.destroy();
            if (!operator.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) operator.destroyForcibly();
            if (over) return;
            System.err.println("the training run of the AOT cache did not come to an end: " + api.objects);
            System.exit(1);
        }
    }

    private static String freePort() throws IOException {
        try (var socket = new ServerSocket(0)) {
            return Integer.toString(socket.getLocalPort());
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            var in = new BufferedInputStream(socket.getInputStream());
            var out = new DataOutputStream(socket.getOutputStream());
            for (var first = line(in); !first.isEmpty(); first = line(in)) {
                var headers = new HashMap<String, String>();
                for (var line = line(in); !line.isEmpty(); line = line(in)) {
                    var parts = line.split(": *", 2);
                    headers.put(parts[0].toLowerCase(Locale.ROOT), parts[1]);
                }
                var body = in.readNBytes(Integer.parseInt(headers.getOrDefault("content-length", "0")));
                var request = first.split(" ");
                var target = request[1].split("\\?", 2);
                var query = target.length > 1 ? URLDecoder.decode(target[1], UTF_8) : "";
                if (headers.containsKey("sec-websocket-key")) {
                    watch(out, target[0], headers.get("sec-websocket-key"));
                    in.transferTo(DataOutputStream.nullOutputStream());
                    return;
                }
                answer(out, request[0], target[0], query.contains("dryRun"), JSON.readTree(body));
            }
        } catch (Exception e) {
            if (ended.getCount() > 0) System.err.println("training: " + e);
        }
    }

    private void answer(DataOutputStream out, String method, String path, boolean dryRun, JsonNode body)
            throws IOException {
        var parts = PATH.matcher(path);
        if (!parts.matches()) {
            send(out, 404, JSON.readTree(NOT_FOUND));
            return;
        }
        var collection = parts.group(1) + "/" + parts.group(3);
        var key = key(collection, parts.group(2), parts.group(4));
        synchronized (objects) {
            if (collection.endsWith("/selfsubjectrulesreviews")) send(out, 201, JSON.readTree(ALL_RIGHTS));
            else if (method.equals("POST")) send(out, 201, write(collection, parts.group(2), name(body), body));
            else if (parts.group(4) == null) send(out, 200, list(collection, parts.group(2)));
            else if (!objects.containsKey(key)) send(out, 404, JSON.readTree(NOT_FOUND));
            else if (method.equals("GET")) send(out, 200, objects.get(key));
            else if (method.equals("DELETE")) send(out, 200, delete(collection, key));
            else if (dryRun) send(out, 200, objects.get(key));
            else send(out, 200, write(collection, parts.group(2), parts.group(4), body));
        }
    }

    private static String name(JsonNode object) {
        return object.at("/metadata/name")
                .asText(object.at("/metadata/generateName").asText("") + "x");
    }

    private static String key(String collection, String namespace, String name) {
        return collection + "/" + namespace + "/" + name;
    }

    private ObjectNode list(String collection, String namespace) {
        var list = JSON.createObjectNode().put("kind", "List").put("apiVersion", "v1");
        list.putObject("metadata").put("resourceVersion", Integer.toString(version));
        var items = list.putArray("items");
        var prefix = collection + "/" + (namespace == null ? "" : namespace + "/");
        objects.forEach((key, object) -> {
            if (key.startsWith(prefix)) items.add(object);
        });
        return list;
    }

    /** Creates or merges an object, tells the watches, and starts what follows: a new pod runs. */
    private ObjectNode write(String collection, String namespace, String name, JsonNode change) {
        synchronized (objects) {
            var key = key(collection, namespace, name);
            var created = !objects.containsKey(key);
            var object = objects.computeIfAbsent(key, absent -> JSON.createObjectNode());
            MergePatch.apply(object, change);
            var meta = object.withObject("/metadata")
                    .put("name", name)
                    .put("resourceVersion", Integer.toString(++version));
            if (namespace != null) meta.put("namespace", namespace);
            if (created)
                meta.put("uid", UUID.randomUUID().toString())
                        .put("generation", 1)
                        .put("creationTimestamp", now());
            tell(created ? "ADDED" : "MODIFIED", collection, object);
            if (created && collection.equals(PODS)) Thread.ofVirtual().start(() -> live(namespace, name));
            return object;
        }
    }

    /** Lets a pod run and succeed. */
    private void live(String namespace, String name) {
        var now = now();
        try {
            Thread.sleep(300);
            write(PODS, namespace, name, JSON.readTree(POD_STATUS.formatted("Running", now, RUNNING.formatted(now))));
            Thread.sleep(300);
            write(
                    PODS,
                    namespace,
                    name,
                    JSON.readTree(POD_STATUS.formatted("Succeeded", now, SUCCEEDED.formatted(now))));
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String now() {
        return Instant.now().truncatedTo(ChronoUnit.SECONDS).toString();
    }

    private ObjectNode delete(String collection, String key) {
        var object = objects.remove(key);
        object.withObject("/metadata").put("resourceVersion", Integer.toString(++version));
        tell("DELETED", collection, object);
        // The operator deletes the pod when the job has ended, so the life is complete.
        if (collection.equals(PODS)) {
            lived = true;
            ended.countDown();
        }
        return object;
    }

    private static void send(DataOutputStream out, int code, JsonNode body) throws IOException {
        var bytes = JSON.writeValueAsBytes(body);
        out.write(("HTTP/1.1 " + code + " Answer\r\nContent-Type: application/json\r\nContent-Length: " + bytes.length
                        + "\r\n\r\n")
                .getBytes(UTF_8));
        out.write(bytes);
        out.flush();
    }

    private void watch(DataOutputStream out, String path, String key) throws Exception {
        var accept = MessageDigest.getInstance("SHA-1")
                .digest((key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11").getBytes(UTF_8));
        var parts = PATH.matcher(path);
        if (!parts.matches()) throw new IOException("cannot watch " + path);
        synchronized (objects) {
            out.write(
                    ("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: "
                                    + Base64.getEncoder().encodeToString(accept) + "\r\n\r\n")
                            .getBytes(UTF_8));
            out.flush();
            watches.put(out, parts.group(1) + "/" + parts.group(3));
        }
    }

    /** Sends one text frame to each watch of the collection. */
    private void tell(String type, String collection, ObjectNode object) {
        watches.forEach((out, watched) -> {
            if (!watched.equals(collection)) return;
            try {
                var event = JSON.createObjectNode().put("type", type);
                event.set("object", object);
                var bytes = JSON.writeValueAsBytes(event);
                out.writeByte(0x81);
                if (bytes.length < 126) out.writeByte(bytes.length);
                else {
                    out.writeByte(126);
                    out.writeShort(bytes.length);
                }
                out.write(bytes);
                out.flush();
            } catch (IOException e) {
                watches.remove(out);
            }
        });
    }

    private static String line(InputStream in) throws IOException {
        var line = new ByteArrayOutputStream();
        for (var next = in.read(); next >= 0 && next != '\n'; next = in.read()) if (next != '\r') line.write(next);
        return line.toString(UTF_8);
    }
}
