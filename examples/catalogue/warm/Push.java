import module java.net.http;
import module jdk.httpserver;

import static java.nio.charset.StandardCharsets.UTF_8;

// The handler of a warm worker: pushes one product to the shop at SHOP_URL for each call of the agent. Only the agent can call it, because it
// listens on the pod's own 127.0.0.1.

final HttpClient shop = HttpClient.newHttpClient();
final Map<String, Thread> running = new ConcurrentHashMap<>();

void main(String[] args) throws IOException {
    var port = args.length == 0 ? 8080 : Integer.parseInt(args[0]);
    var server = HttpServer.create(new InetSocketAddress("127.0.0.1", port), 0);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext("/push.product", this::push);
    server.createContext("/cancel", this::cancel);
    // The agent has seen to it that no call is left when this comes.
    Runtime.getRuntime().addShutdownHook(new Thread(() -> server.stop(1)));
    server.start();
}

void push(HttpExchange call) throws IOException {
    var job = call.getRequestHeaders().getFirst("SyncJob-Uid");
    running.put(job, Thread.currentThread());
    try {
        // The same key through retries and lost attempts, so that a repeated push makes no second record.
        var request = HttpRequest.newBuilder(URI.create(System.getenv("SHOP_URL") + "/products"))
                .timeout(Duration.ofSeconds(30))
                .header("Content-Type", "application/json")
                .header("Idempotency-Key", call.getRequestHeaders().getFirst("Idempotency-Key"))
                .POST(HttpRequest.BodyPublishers.ofByteArray(call.getRequestBody().readAllBytes()))
                .build();
        var answer = shop.send(request, HttpResponse.BodyHandlers.ofString());
        // This shop speaks as a handler should: a result, a problem document, 429 with Retry-After.
        answer.headers().firstValue("Retry-After").ifPresent(time -> call.getResponseHeaders().set("Retry-After", time));
        answer(call, answer.statusCode(), withResolution(answer.body()));
    } catch (IOException e) {
        problem(call, 503, "ShopUnreachable", e);
    } catch (Exception e) {
        problem(call, 500, e.getClass().getName(), e);
    } finally {
        running.remove(job, Thread.currentThread());
    }
}

void cancel(HttpExchange call) throws IOException {
    var thread = running.get(call.getRequestHeaders().getFirst("SyncJob-Uid"));
    if (thread != null) thread.interrupt();
    answer(call, thread == null ? 404 : 200, "");
}

String withResolution(String problem) {
    var type = "\"type\":\"UnknownCategory\"";
    var resolution = ",\"resolution\":\"Add the category to the shop or correct the product, then requeue the job.\"";
    return problem.replace(type, type + resolution);
}

void problem(HttpExchange call, int status, String type, Exception e) throws IOException {
    var trace = new StringWriter();
    e.printStackTrace(new PrintWriter(trace));
    answer(call, status, "{\"type\":" + json(type) + ",\"detail\":" + json(e.toString()) + ",\"trace\":" + json(trace.toString()) + "}");
}

String json(String text) {
    var escaped = text.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n").replace("\r", "").replace("\t", "\\t");
    return '"' + escaped + '"';
}

void answer(HttpExchange call, int status, String body) throws IOException {
    var bytes = body.getBytes(UTF_8);
    call.getResponseHeaders().set("Content-Type", status < 300 ? "application/json" : "application/problem+json");
    call.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
    call.getResponseBody().write(bytes);
    call.close();
}
