package io.syncjobs.simulation;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import io.syncjobs.agent.AgentLife;
import io.syncjobs.agent.AgentSettings;
import io.syncjobs.agent.Calls;
import io.syncjobs.core.JobFields;
import io.syncjobs.core.worker.Handler;
import io.syncjobs.core.worker.HandlerAnswer;
import io.syncjobs.core.worker.HandlerRequest;
import io.syncjobs.simulation.WarmJudge.Attempt;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * A worker: the shipped agent, and a handler. It can be killed, frozen, cut off and told to end; and its agent can be started anew
 * while its handler goes on.
 */
final class SimWorker extends SimProcess implements Calls {
    private static final Duration GRACE = Duration.ofSeconds(30);
    private static final Duration REQUEST = Duration.ofSeconds(10);
    private static final String CANCEL = "/cancel";
    private static final Duration MOMENT = Duration.ofSeconds(1);

    /** Nobody may write to a terminal what stands in it. */
    private static final String BODY = "{\"detail\":\"rings\\u0007\",\"re\\u001b[31md\":{\"\\u009b2J\":1}}";

    /** A call that the handler has. */
    private final class Running {
        private final Attempt attempt;
        private final String job;
        private final Consumer<HandlerAnswer> answered;
        private boolean ended;

        Running(HandlerRequest request, Consumer<HandlerAnswer> answered) {
            attempt = attemptOf(request);
            job = header(request, "SyncJob-Name");
            this.answered = answered;
        }

        void end(boolean complete, HandlerAnswer answer) {
            if (ended) return;
            ended = true;
            running.remove(attempt);
            judge.ends(attempt, complete);
            world.say(identity(), job, "its handler ends", complete ? "done" : answer);
            start(() -> answered.accept(answer));
        }
    }

    private final WarmJudge judge;
    private final AgentLife agent;
    private final Map<Attempt, Running> running = new LinkedHashMap<>();
    private boolean draining;
    private boolean podEnds;
    private Instant cutOffUntil = World.START;
    private Instant freshUntil = World.START;
    private Instant busyUntil = World.START;
    private Instant handlerBack = World.START;
    private Instant afterRestart = World.START;

    SimWorker(World world, ApiServer server, WarmJudge judge, String identity, String incarnation) {
        super(world, server, identity);
        this.judge = judge;
        if (server.pool().pods().find(identity).isEmpty()) server.pool().putPod(identity, world.now());
        var settings = new AgentSettings(
                identity,
                ApiServer.NAMESPACE,
                server.pool().pods().get(identity).at("/metadata/uid").asText(),
                SimPool.SLOTS,
                Duration.ofSeconds(10),
                SimPool.DEAD_AFTER,
                GRACE,
                "/drain",
                new Handler(SimPool.NAME, "handler", 8080, "/", Optional.of(CANCEL), 16_384));
        agent = new AgentLife(settings, api(), this, incarnation, world::now, ticker(), this::start);
        in(world.seconds(1, 4), () -> start(this::run));
    }

    private void run() {
        try {
            agent.run();
            judge.agentEnds(identity());
            die("its agent ends");
        } catch (InterruptedException e) {
            throw new IllegalStateException("nobody interrupts it", e);
        }
    }

    @Override
    Duration timeout() {
        return REQUEST;
    }

    // --- what happens to it ---

    /** Its pod is deleted by force. */
    void kill() {
        podEnds = true;
        judge.harmed(identity());
        judge.dies(identity());
        die("killed");
        world.in(world.seconds(0, 3), () -> api.pool().removePod(identity()));
    }

    /** Its node is lost: nobody tells of its end. */
    void loseNode() {
        podEnds = true;
        judge.harmed(identity());
        judge.dies(identity());
        die("its node is lost");
    }

    /** So many calls has its handler. */
    int runs() {
        return running.size();
    }

    /** Its agent is killed, and will be started anew; its handler goes on. */
    void killAgent() {
        if (draining) return;
        judge.harmed(identity());
        List.copyOf(running.values())
                .forEach(call -> world.in(world.seconds(0, 40), () -> judge.ends(call.attempt, true)));
        die("its agent is killed");
    }

    void stopFor(Duration time) {
        judge.harmed(identity());
        freeze(time);
    }

    /** No request of it arrives; its handler goes on. */
    void cutOff(Duration time) {
        judge.cutOff(identity());
        cutOffUntil = world.now().plus(time);
        world.say(identity(), "", "is cut off", time);
    }

    /** Another agent of the same pod is cut off as this one. */
    void cutOffAs(SimWorker before) {
        cutOffUntil = before.cutOffUntil;
    }

    @Override
    Instant cutOffUntil() {
        return cutOffUntil;
    }

    @Override
    void renewed(Instant sent) {
        freshUntil = sent.plus(SimPool.DEAD_AFTER.multipliedBy(2).dividedBy(3));
    }

    /** True where its agent lives, reaches the API server and knows that its Lease is renewed in time. */
    boolean mayWork() {
        var now = world.now();
        return isAlive()
                && !draining
                && !isFrozen()
                && !now.isBefore(cutOffUntil)
                && !now.isBefore(afterRestart)
                && now.isBefore(freshUntil);
    }

    /** The jobs that its handler is at. */
    List<String> calls() {
        return running.values().stream().map(call -> call.job).toList();
    }

    boolean hasPod() {
        return !podEnds;
    }

    /** Its pod is told to end: it gives back what does not end in time. */
    void drain() {
        drain(world.fault(0.3, "kubelets that are late") ? world.seconds(5, 90) : world.seconds(0, 2));
    }

    /** The same, and its kubelet tells it so long after its pod was deleted. */
    void drain(Duration told) {
        if (draining) return;
        draining = true;
        judge.drained(identity());
        api.pool().deletePod(identity(), world.now().plus(GRACE), GRACE);
        in(
                told,
                () -> start(() -> {
                    agent.drain();
                    endPod();
                }));
        world.in(told.plus(GRACE).plusSeconds(1), this::endPod);
    }

    /** Its kubelet restarts the handler alone, as after a failed probe: the hook drains the worker, which goes on afterwards. */
    void restartHandler() {
        if (draining || world.now().isBefore(afterRestart)) return;
        judge.harmed(identity());
        afterRestart = world.now().plus(GRACE).plusSeconds(60);
        start(() -> {
            agent.drain();
            handlerBack = world.now().plus(world.seconds(0, 10));
            List.copyOf(running.values()).forEach(call -> call.end(false, new HandlerAnswer.Broken("it was killed")));
        });
    }

    /** The calls that its handler has, and those that come meanwhile, take so long at least. */
    void keepBusy(Duration time) {
        busyUntil = world.now().plus(time);
    }

    private void endPod() {
        if (!isAlive()) return;
        podEnds = true;
        judge.dies(identity());
        die("ended");
        world.in(world.seconds(0, 3), () -> api.pool().removePod(identity()));
    }

    // --- its handler ---

    private static Attempt attemptOf(HandlerRequest request) {
        return new Attempt(header(request, "SyncJob-Uid"), Integer.parseInt(header(request, "SyncJob-Attempt")));
    }

    private static String header(HandlerRequest request, String name) {
        return requireNonNull(request.headers().get(name));
    }

    @Override
    public Call start(HandlerRequest request, Consumer<HandlerAnswer> answered) {
        if (isHandlerAway() || world.fault(0.02, "handlers that take no connection")) {
            start(() -> answered.accept(new HandlerAnswer.NotSent("accepts no connection")));
            return () -> {};
        }
        var call = new Running(request, answered);
        running.put(call.attempt, call);
        world.judged(() -> {
            knowsOfNoStop(call);
            judge.begins(identity(), call.attempt, call.job);
        });
        var length = world.fault(0.05, "warm runs that hang")
                ? Duration.ofMinutes(5)
                : world.fault(0.1, "warm runs that take long") ? world.seconds(40, 115) : world.seconds(0, 40);
        var code = world.isTrouble() ? world.pick(List.of(200, 200, 200, 200, 200, 422, 503, 0)) : 200;
        endsAfter(length, call, code);
        // Closing a connection stops no code.
        return () -> {};
    }

    /** What is to end is not begun any more. */
    private void knowsOfNoStop(Running call) {
        api.jobNamed(call.job)
                .filter(job -> SimCaches.attempt(job) == call.attempt.number())
                .filter(job -> JobFields.statusOf(job).stop() != null && isBriskFor(MOMENT))
                .ifPresent(job -> Judge.hold(
                        job,
                        !api.hadTold(this, job),
                        "its handler is called though " + identity() + " knows that it is to end"));
    }

    private void endsAfter(Duration length, Running call, int code) {
        in(length, () -> {
            if (world.now().isBefore(busyUntil)) {
                endsAfter(Duration.between(world.now(), busyUntil), call, code);
                return;
            }
            if (code == 0 && !call.ended) judge.harmed(identity());
            call.end(code == 200, code == 0 ? new HandlerAnswer.Broken("it crashed") : answer(code));
        });
    }

    private static HandlerAnswer answer(int status) {
        return new HandlerAnswer.Answered(status, "application/json", "", BODY.getBytes(UTF_8), true);
    }

    @Override
    public void tell(HandlerRequest request) {
        var call = running.get(attemptOf(request));
        if (call == null) return;
        judge.told(call.attempt);
        if (world.fault(0.3, "handlers that do not listen")) return;
        if (world.pick(2) == 0) {
            in(world.seconds(0, 4), () -> obey(call));
            return;
        }
        // It answers this only when the call is over.
        sleep(world.seconds(0, 4));
        obey(call);
        sleep(Duration.ofMillis(100));
    }

    private void obey(Running call) {
        if (!call.ended) judge.obeyed(call.attempt);
        call.end(false, answer(500));
    }

    @Override
    public boolean isReady() {
        return !isHandlerAway() && !world.fault(0.01, "handlers that are not ready");
    }

    private boolean isHandlerAway() {
        return world.now().isBefore(handlerBack);
    }
}
