package io.syncjobs.faults;

import static io.syncjobs.cluster.Manifest.pool;
import static io.syncjobs.cluster.Manifest.queue;

import io.fabric8.kubernetes.client.KubernetesClientException;
import io.syncjobs.cluster.Json;
import io.syncjobs.cluster.TestNamespace;
import io.syncjobs.cluster.Waiting;
import java.net.HttpURLConnection;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

/** A pool, and a steady stream of jobs through it that nothing stops: while the API server is away it waits for it. */
final class WarmLoad implements AutoCloseable {
    private static final String UNFINISHED = "status.state!=Done,status.state!=Failed,status.state!=Cancelled";
    private static final long PAUSE_MILLIS = 400;
    private static final int SLOTS = 4;
    private static final Duration LIMIT = Duration.ofMinutes(3);

    private final TestNamespace namespace;
    private final Shop shop;
    private final String name;
    private final AtomicInteger count = new AtomicInteger();
    private volatile Set<String> jobs = ConcurrentHashMap.newKeySet();
    private final Set<String> hanging = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;
    private long begun;
    private long ended;
    private volatile boolean resting = true;

    /** True before the stream looks whether it rests, until the job that it adds is there. */
    private volatile boolean adding;

    private final Thread thread;

    private WarmLoad(TestNamespace namespace, Shop shop, String name) {
        this.namespace = namespace;
        this.shop = shop;
        this.name = name;
        thread = Thread.ofVirtual().name("load " + name).start(this::stream);
    }

    /** A pool of two workers of which a silent one is dead after so many seconds; its jobs come when they are let flow. */
    static WarmLoad of(TestNamespace namespace, Shop shop, String name, int deadAfterSeconds) {
        namespace.apply(
                pool(name)
                        .spec("replicas", 2)
                        .spec("slots", SLOTS)
                        .spec("deadAfterSeconds", deadAfterSeconds)
                        .spec("heartbeatSeconds", Math.min(10, deadAfterSeconds / 5)),
                queue(name).spec("workerPool", name).spec("capacity", 2 * SLOTS));
        return new WarmLoad(namespace, shop, name);
    }

    String name() {
        return name;
    }

    TestNamespace namespace() {
        return namespace;
    }

    Shop shop() {
        return shop;
    }

    /** Lets jobs flow, and begins to count them anew; returns when some are done and a worker has one. */
    void flow() {
        jobs = ConcurrentHashMap.newKeySet();
        begun = System.nanoTime();
        resting = false;
        Waiting.until("jobs flow through " + name, () -> jobs.size() > 3 + unfinished(), namespace::describe);
    }

    /** No more jobs come; returns when all have ended, and their names since the last time. */
    Set<String> rest() {
        resting = true;
        // 1. A job is noted. 2. The API server is away, and the job is sent again and again. 3. Only then it is there.
        Waiting.until(
                "all jobs of " + name + " have ended", LIMIT, () -> !adding && unfinished() == 0, namespace::describe);
        ended = System.nanoTime();
        return Set.copyOf(jobs);
    }

    /** How long jobs flowed, until the last of them had ended. */
    long seconds() {
        return Duration.ofNanos(ended - begun).toSeconds();
    }

    private int unfinished() {
        return namespace.count("spec.queue=" + name + "," + UNFINISHED);
    }

    /** Waits until no job that is not finished names that worker. */
    void awaitTakenFrom(String worker) {
        Waiting.until(
                "worker " + worker + " has no job",
                LIMIT,
                () -> namespace.count("status.worker=" + worker + "," + UNFINISHED) == 0,
                namespace::describe);
    }

    /** One more job, with a payload of serve.go's order. */
    String add(Map<String, Object> payload, Map<String, Object> spec) {
        var number = count.incrementAndGet();
        var job = name + "-" + number;
        var order = new LinkedHashMap<>(payload);
        order.put("shop", shop.address());
        order.putIfAbsent("sleep", 200 + 100 * (number % 8) + "ms");
        var all = new LinkedHashMap<String, Object>(Map.of("queue", name, "action", "test." + name, "payload", order));
        all.putAll(spec);
        var body = Json.text(Map.of(
                "apiVersion",
                "syncjobs.io/v1alpha1",
                "kind",
                "SyncJob",
                "metadata",
                Map.of("name", job, "namespace", namespace.name()),
                "spec",
                all));
        jobs.add(job);
        while (!closed && !create(body)) sleep();
        return job;
    }

    /** One more job, which never answers and fails when its time is over. */
    String addHanging() {
        var job = add(Map.of("hang", true), Map.of("timeoutSeconds", 3));
        hanging.add(job);
        return job;
    }

    boolean hangs(String job) {
        return hanging.contains(job);
    }

    /** Some jobs whose first attempt takes long, so that it is under way when something happens to its worker. */
    List<String> addLong(int count, Duration first) {
        return IntStream.range(0, count)
                .mapToObj(i -> add(Map.of("first", first.toMillis() + "ms"), Map.of("priority", 0)))
                .toList();
    }

    private boolean create(String body) {
        try {
            namespace
                    .cluster()
                    .client()
                    .raw("/apis/syncjobs.io/v1alpha1/namespaces/" + namespace.name() + "/syncjobs", "POST", body);
            return true;
        } catch (KubernetesClientException e) {
            // It was created, and the answer was lost.
            return e.getCode() == HttpURLConnection.HTTP_CONFLICT;
        }
    }

    private void stream() {
        while (!closed) {
            adding = true;
            if (!resting) add(Map.of(), Map.of());
            adding = false;
            sleep();
        }
    }

    private static void sleep() {
        try {
            TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Waits until its two workers take jobs. */
    WarmLoad awaitReady() {
        Waiting.until(
                "the workers of pool " + name + " are ready",
                LIMIT,
                () -> namespace
                        .kubectl("get", "syncworkerpool", name, "-o=jsonpath={.status.readyReplicas}")
                        .equals("2"),
                namespace::describe);
        return this;
    }

    @Override
    public void close() {
        closed = true;
        thread.interrupt();
    }
}
