package io.syncjobs.simulation;

import io.syncjobs.enqueuer.IndexThread;
import io.syncjobs.kube.StreamApi;
import io.syncjobs.kube.Ticker;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** One life of a process of the product: it can die or freeze at any moment, while what it has sent is still on its way. */
abstract class SimProcess implements SimThreads.Owner {
    /** Names of the two Leases. */
    static final String LEADER = "syncjobs-operator";

    static final String ENQUEUER = "syncjobs-enqueuer";

    private static final Duration LAST_REQUEST = Duration.ofSeconds(2);

    /** As in Api: then the client gives up. */
    private static final Duration TIMEOUT = Duration.ofSeconds(30);

    final World world;
    final ApiServer api;
    private final String identity;
    private boolean alive = true;
    private boolean givenUp;
    private Instant died = Instant.MAX;
    private final Instant born;
    private Instant frozenUntil = World.START;
    private Instant badLineUntil = World.START;
    private Instant served = World.START;

    SimProcess(World world, ApiServer api, String identity) {
        this.world = world;
        this.api = api;
        this.identity = identity;
        born = world.now();
        world.say(identity, "", "starts", "");
    }

    final String identity() {
        return identity;
    }

    /** Dead for longer than any of its requests can be on their way: with its connections they are dropped. */
    final boolean isOver() {
        return !alive && world.now().isAfter(died.plus(LAST_REQUEST));
    }

    final boolean isAlive() {
        return alive;
    }

    /** Within the effect of a request: true where somebody will get the answer. */
    final boolean isWaiting() {
        return alive && !givenUp;
    }

    final void die(String why) {
        if (!alive) return;
        alive = false;
        died = world.now();
        world.traffic().dies(this);
        api.endWatches(this);
        api.judge().dies(this);
        world.say(identity, "", "dies", why);
    }

    /** One that is frozen already stays so: what it has to do keeps its order. */
    final void freeze(Duration time) {
        if (world.now().isBefore(frozenUntil)) return;
        frozenUntil = world.now().plus(time);
        world.say(identity, "", "is frozen", time);
    }

    /** Answers to it come late for so long; where things go wrong, its connections break too. Its watches are as quick as ever. */
    final void worsenLine(Duration time) {
        badLineUntil = world.now().plus(time);
        world.say(identity, "", "has a bad line", time);
    }

    private boolean isLineBad() {
        return world.now().isBefore(badLineUntil);
    }

    /** For how long it has lived. */
    final Duration age() {
        return Duration.between(born, world.now());
    }

    /** It can be frozen between what a thread has decided and what another one does about it. */
    @Override
    public final void letGoOn(boolean begins, Runnable goOn) {
        if (begins && world.fault(0.01, "processes frozen between two threads")) freeze(world.seconds(5, 150));
        if (world.now().isBefore(frozenUntil)) at(frozenUntil, goOn);
        else goOn.run();
    }

    final boolean isFrozen() {
        return world.now().isBefore(frozenUntil);
    }

    /** True where it was not frozen for so long. */
    final boolean isBriskFor(Duration time) {
        return world.now().isAfter(frozenUntil.plus(time));
    }

    /** True where it may send places by what it knows itself. */
    boolean mayGivePlaces() {
        return true;
    }

    /** A request to a Lease, sent at that time, has been answered well. */
    void renewed(Instant sent) {}

    /** What its watches have told, where it has some. */
    Optional<SimCaches> caches() {
        return Optional.empty();
    }

    /** Within the effect of a request: when it was sent. */
    final Instant sent() {
        return served;
    }

    final void in(Duration wait, Runnable action) {
        at(world.now().plus(wait), action);
    }

    final void at(Instant time, Runnable action) {
        world.at(time, () -> resume(action));
    }

    private void resume(Runnable action) {
        if (!alive) return;
        if (world.now().isBefore(frozenUntil)) world.at(frozenUntil, () -> resume(action));
        else action.run();
    }

    /** Until then no request of it arrives anywhere, and nothing is heard. */
    Instant cutOffUntil() {
        return World.START;
    }

    /** After which its client gives up. */
    Duration timeout() {
        return TIMEOUT;
    }

    /** Something comes over a connection: where that is cut off, when it works again. */
    final void arrives(Instant time, Runnable action) {
        at(time, () -> {
            if (world.now().isBefore(cutOffUntil())) arrives(cutOffUntil(), action);
            else action.run();
        });
    }

    /** A request: it travels, is carried out or refused, and the answer travels back, unless it is lost. */
    final <T> void call(String job, Object what, Supplier<T> effect, Consumer<T> then, Consumer<Refused> otherwise) {
        world.count("requests");
        var traffic = world.traffic();
        var sent = world.now();
        traffic.sent(this, job);
        Consumer<Refused> failed = refusal -> {
            traffic.failed(this, job);
            otherwise.accept(refusal);
        };
        if (world.now().isBefore(cutOffUntil())) {
            at(world.now().plus(timeout()), () -> failed.accept(new Refused(Refused.NO_ANSWER, "cut off")));
            return;
        }
        if (world.fault(0.003, "client timeouts")) {
            at(world.now().plus(timeout()), () -> giveUp(job, what, failed, "no answer within " + timeout()));
            carryOutLate(job, what, effect, sent, timeout().plus(world.seconds(0, 15)));
            return;
        }
        if (meetsSlowStore(job, what) || world.fault(isLineBad() ? 0.2 : 0.005, "broken connections")) {
            at(world.now().plus(world.travel()), () -> giveUp(job, what, failed, "the connection broke"));
            carryOutLate(job, what, effect, sent, world.seconds(0, 20));
            return;
        }
        world.in(world.travel(), () -> {
            if (isOver()) return;
            if (!alive) world.count("requests of the dead");
            traffic.came(job, sent);
            try {
                var result = serve(effect, sent);
                if (world.fault(0.01, "lost answers"))
                    throw new Refused(Refused.NO_ANSWER, "carried out, and the answer is lost");
                world.say(identity, job, what, "");
                world.in(
                        wayBack(),
                        () -> resume(() -> {
                            traffic.done(this, job);
                            traffic.came(job, sent);
                            then.accept(result);
                        }));
            } catch (Refused refusal) {
                world.say(identity, job, what, refusal);
                world.in(world.travel(), () -> resume(() -> failed.accept(refusal)));
            }
        });
    }

    private boolean meetsSlowStore(String job, Object what) {
        return what instanceof SimApi.Told told
                && told.writes()
                && api.isStoreSlow(!job.equals("-"))
                && world.fault(0.5, "writes to a slow store");
    }

    private Duration wayBack() {
        if (isLineBad() && world.pick(2) == 0) return world.seconds(0, 8);
        return world.fault(0.01, "slow answers") ? world.seconds(0, 15) : world.travel();
    }

    private <T> T serve(Supplier<T> effect, Instant sent) {
        if (api.isAway()) throw new Refused(503, "away");
        if (world.fault(0.005, "too many requests")) throw new Refused(429, "too many requests");
        served = sent;
        return effect.get();
    }

    private void giveUp(String job, Object what, Consumer<Refused> failed, String why) {
        world.say(identity, job, what, "gives up: " + why);
        failed.accept(new Refused(Refused.NO_ANSWER, why));
    }

    /** What a client has given up is done all the same. */
    private <T> void carryOutLate(String job, Object what, Supplier<T> effect, Instant sent, Duration late) {
        world.in(late, () -> {
            if (isOver()) return;
            givenUp = true;
            try {
                serve(effect, sent);
                world.count("late effects");
                world.say(identity, job, what, "is done late");
            } catch (Refused refusal) {
                world.say(identity, job, what, refusal);
            } finally {
                givenUp = false;
            }
        });
    }

    /** Does something of the shipped code on a thread of its own. */
    final void start(Runnable task) {
        in(Duration.ZERO, () -> world.threads().start(this, task));
    }

    /** The API server, as the shipped code asks it. */
    final StreamApi api() {
        return new SimApi(this, api.rest());
    }

    /** Its clock for durations. */
    final Ticker ticker() {
        return new Ticker() {
            @Override
            public long nanos() {
                return world.nanos();
            }

            @Override
            public void sleep(Duration time) {
                SimProcess.this.sleep(time);
            }
        };
    }

    /** On a simulated thread. */
    final void sleep(Duration time) {
        var over = new CompletableFuture<Boolean>();
        in(time, () -> over.complete(true));
        SimThreads.await(over);
    }

    /** How a thread of it that handles events waits: in simulated time. */
    final IndexThread.Waiting waiting() {
        return new IndexThread.Waiting() {
            @Override
            public Runnable poll(BlockingQueue<Runnable> events, Duration most) throws InterruptedException {
                var event = events.poll();
                if (event != null) return event;
                var over = new AtomicBoolean();
                in(most, () -> {
                    if (!over.get()) events.add(() -> {});
                });
                event = events.take();
                over.set(true);
                return event;
            }

            @Override
            public <T> T answer(CompletableFuture<T> answer, Duration most)
                    throws InterruptedException, ExecutionException {
                in(most, () -> answer.completeExceptionally(new TimeoutException("no answer within " + most)));
                return answer.get();
            }
        };
    }

    /** One that cannot fail otherwise than by ending this process's task. */
    final <T> void call(String job, Object what, Supplier<T> effect, Consumer<T> then, Runnable failed) {
        call(job, what, effect, then, refusal -> failed.run());
    }
}
