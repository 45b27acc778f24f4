package io.syncjobs.agent;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import io.syncjobs.api.SyncJob;
import io.syncjobs.core.worker.Handler;
import io.syncjobs.core.worker.HandlerAnswer;
import io.syncjobs.core.worker.HandlerAnswer.Answered;
import io.syncjobs.core.worker.HandlerRequest;
import io.syncjobs.kube.Jobs;
import io.syncjobs.kube.MemoryApi;
import io.syncjobs.kube.WorkerLease;
import io.syncjobs.kube.WorkerLease.Owner;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** A worker whose time, API server and handler are in the hands of a test: nothing happens until the test lets it. */
final class TestWorker implements Calls {
    static final String POD = "catalogue-7f-1";
    static final String JOBS = "/apis/syncjobs.io/v1alpha1/namespaces/shop/syncjobs/";
    static final String LEASE = "/apis/coordination.k8s.io/v1/namespaces/shop/leases/" + POD;
    static final Instant START = Instant.parse("2026-03-01T12:00:00Z");

    /** A call that the handler has and has not answered. */
    record Open(HandlerRequest request, Consumer<HandlerAnswer> answered) {
        String job() {
            return String.valueOf(request.headers().get("SyncJob-Name"));
        }
    }

    final MemoryApi api;
    final Deque<Runnable> work = new ArrayDeque<>();
    final Map<String, Open> open = new LinkedHashMap<>();
    final List<HandlerRequest> calls = new ArrayList<>();
    final List<HandlerRequest> cancels = new ArrayList<>();
    final AgentSettings settings;
    final Pulse pulse;
    final Agent agent;
    final Jobs jobs;
    final List<String> abandoned = new ArrayList<>();
    boolean handlerReady = true;
    int asked;

    /** What the handler does before it answers whoever tells it to give up a call. */
    Runnable whileTold = () -> {};

    /** True for a handler that never answers whoever tells it to give up a call. */
    boolean hangsWhenTold;

    /** The thread that would wait for it is not seen again. */
    private static final class Hung extends RuntimeException {
        private static final long serialVersionUID = 1;
    }

    boolean replaced;
    boolean listedAgain;
    Instant now = START;

    /** By so much the clock of its node differs from the operator's. */
    Duration clockIsOff = Duration.ZERO;

    /** What happens while the handler is asked whether it is there. */
    Runnable whileAsked = () -> {};

    TestWorker() {
        this(new MemoryApi(), "first", "/cancel");
    }

    TestWorker(MemoryApi api, String incarnation, String cancelPath) {
        this.api = api;
        var handler = new Handler(
                "catalogue", "shop", 8080, "/jobs", Optional.of(cancelPath).filter(path -> !path.isEmpty()), 16_384);
        settings = new AgentSettings(
                POD,
                "shop",
                "pod-uid",
                2,
                Duration.ofSeconds(10),
                Duration.ofSeconds(300),
                Duration.ofSeconds(30),
                "/drain/pool-uid",
                handler);
        var owner = new Owner("shop", POD, "pod-uid", "catalogue", incarnation, settings.deadAfter());
        jobs = new Jobs(api);
        pulse = new Pulse(
                settings,
                new WorkerLease(api, this::clock, owner),
                this,
                this::clock,
                () -> now,
                this::nanos,
                work::add);
        agent = new Agent(settings, jobs, this, pulse, () -> now, this::nanos, work::add);
        pulse.onTrouble(() -> listedAgain = true, () -> replaced = true);
        watch();
    }

    private void watch() {
        api.watch(job -> work.add(() -> agent.changed(job)));
    }

    private Instant clock() {
        return now.plus(clockIsOff);
    }

    private long nanos() {
        return Duration.between(START, now).toNanos();
    }

    /** As a worker that has seen its jobs and holds its Lease. */
    TestWorker up() {
        list();
        for (var i = 0; i < 3; i++) pass(Duration.ofMillis(200));
        return this;
    }

    /** The same, and it has called its handler for these jobs as far as it has slots. */
    void upWith(String... jobs) {
        up();
        for (var job : jobs) assign(job);
        run();
    }

    void list() {
        var mine = new ArrayList<SyncJob>();
        for (var name : names) {
            var job = api.object(JOBS + name);
            if (job.isPresent() && POD.equals(job.get().at("/status/worker").asText()) && isUnfinished(job.get()))
                mine.add(api.job(JOBS + name));
        }
        listedAgain = false;
        agent.listed(mine);
        run();
    }

    private static boolean isUnfinished(JsonNode job) {
        return List.of("Enqueued", "Started").contains(job.at("/status/state").asText());
    }

    private final List<String> names = new ArrayList<>();

    /** Lets everything happen that is under way. */
    void run() {
        for (var i = 0; !work.isEmpty(); i++) {
            if (i > 10_000) throw new AssertionError("it goes on for ever");
            try {
                work.removeFirst().run();
            } catch (Hung e) {
                // the others go on
            }
        }
    }

    void pass(Duration time) {
        now = now.plus(time);
        agent.tick();
        run();
    }

    /** Time in which the agent's loop works. */
    void live(Duration time) {
        var end = now.plus(time);
        while (now.isBefore(end)) pass(Duration.ofSeconds(1));
    }

    /** The operator gives a job to this worker. */
    void assign(String name) {
        assign(name, "{}");
    }

    void assign(String name, String status) {
        names.add(name);
        api.watch(job -> {});
        api.put(JOBS + name, """
                {"metadata": {"name": "%s", "namespace": "shop", "uid": "uid-%1$s", "generation": 1,
                  "creationTimestamp": "2026-03-01T11:59:00Z"},
                 "spec": {"queue": "default", "action": "export.order", "payload": {"order": 1042}},
                 "status": {"state": "Enqueued", "worker": "%s", "attempt": 1, "enqueuedTime": "2026-03-01T12:00:00.000Z",
                  "effective": {"priority": 10, "timeoutSeconds": 3600, "workerPool": "catalogue",
                    "retry": {"limit": 5, "delaySeconds": 600, "pattern": [], "when": "Retryable"}}}}""".formatted(name, POD));
        watch();
        api.put(JOBS + name, "{\"status\": " + status + "}");
    }

    void put(String name, String change) {
        api.put(JOBS + name, change);
    }

    /** A person or a deadline ends the run. */
    void stop(String name, String target) {
        put(name, """
                {"status": {"reason": "Stopping", "stop": {"target": "%s", "reason": "CancelledByUser", "message": "by hand",
                 "time": "2026-03-01T12:00:10.000Z"}}}""".formatted(target));
    }

    /** The next write of this job is told by the watch before its answer is there. */
    void watchIsFaster(String name) {
        api.watch(job -> {
            if (job.getMetadata().getName().equals(name)) agent.left(job);
        });
    }

    void delete(String name) {
        var job = api.job(JOBS + name);
        api.remove(JOBS + name);
        agent.left(job);
        run();
    }

    JsonNode status(String name) {
        return api.object(JOBS + name).orElseThrow().path("status");
    }

    String state(String name) {
        return status(name).path("state").asText();
    }

    String lease(String pointer) {
        return api.object(LEASE).map(lease -> lease.at(pointer).asText("")).orElse("");
    }

    String slots() {
        return lease("/metadata/annotations/syncjobs.io~1slots");
    }

    String workerState() {
        return lease("/metadata/annotations/syncjobs.io~1worker-state");
    }

    void answer(String name, int status, String body) {
        answer(name, new Answered(status, "application/json", "", body.getBytes(UTF_8), true));
    }

    void answer(String name, HandlerAnswer answer) {
        var call = open.remove(name);
        if (call == null) throw new AssertionError("the handler has no call of " + name + ", but of " + open.keySet());
        call.answered().accept(answer);
        run();
    }

    @Override
    public Call start(HandlerRequest request, Consumer<HandlerAnswer> answered) {
        var call = new Open(request, answered);
        calls.add(request);
        open.put(call.job(), call);
        return () -> {
            open.remove(call.job(), call);
            abandoned.add(call.job());
        };
    }

    @Override
    public void tell(HandlerRequest request) {
        cancels.add(request);
        if (hangsWhenTold) throw new Hung();
        whileTold.run();
    }

    @Override
    public boolean isReady() {
        asked++;
        whileAsked.run();
        return handlerReady;
    }
}
