package io.syncjobs.simulation;

import java.util.ArrayDeque;
import java.util.Map;
import java.util.Optional;
import java.util.WeakHashMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;

/**
 * The threads on which the shipped code runs: virtual ones, of which this schedules one at a time, until it waits. They go on in
 * the order in which they were woken. A thread that one of them starts is another one of them, of the same process. Those of a
 * frozen process wait. The JDK lets such a scheduler be chosen, but only by the name of a class that it keeps to itself.
 */
final class SimThreads implements Executor {
    private static final int MOST_AT_ONCE = 1_000_000;

    /** Whose threads they are; it may be frozen. */
    interface Owner {
        /** Lets a thread go on as soon as this is not frozen; {@code begins} where another thread has just started it. */
        void letGoOn(boolean begins, Runnable goOn);
    }

    private final Thread.Builder.OfVirtual builder;
    private final ArrayDeque<Runnable> ready = new ArrayDeque<>();
    private final Map<Runnable, Owner> owners = new WeakHashMap<>();
    private Optional<Owner> running = Optional.empty();
    private boolean fromOutside;
    private final Thread carrier = Thread.currentThread();
    private Throwable broken = new Throwable();
    private boolean isBroken;
    private volatile String foreign = "";

    SimThreads() {
        try {
            var type = Class.forName("java.lang.ThreadBuilders$VirtualThreadBuilder")
                    .getDeclaredConstructor(Executor.class);
            type.setAccessible(true);
            builder = (Thread.Builder.OfVirtual) type.newInstance(this);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("this JDK has no scheduler of virtual threads that can be chosen", e);
        }
        builder.uncaughtExceptionHandler((thread, error) -> fail(error));
    }

    /** Something has gone wrong on one of the threads: the history ends with it. */
    void fail(Throwable error) {
        if (!isBroken) broken = error;
        isBroken = true;
    }

    void start(Owner owner, Runnable task) {
        running = Optional.of(owner);
        fromOutside = true;
        builder.start(task);
        fromOutside = false;
        running = Optional.empty();
    }

    @Override
    public void execute(Runnable goOn) {
        var asks = Thread.currentThread();
        if (!asks.isVirtual() && asks != carrier) {
            foreign = "real time, or a real thread, wakes a simulated one: " + asks;
            return;
        }
        var known = owners.get(goOn);
        var owner = known == null ? running.orElseThrow() : known;
        if (known == null) owners.put(goOn, owner);
        owner.letGoOn(known == null && !fromOutside, () -> ready.add(goOn));
    }

    /** Lets all go on that can, until each of them waits for something that is still to come. */
    void run() {
        for (var i = 0; !ready.isEmpty(); i++) {
            if (i > MOST_AT_ONCE) throw new IllegalStateException("the simulated threads never wait");
            var next = ready.remove();
            running = Optional.ofNullable(owners.get(next));
            next.run();
            running = Optional.empty();
        }
        if (!foreign.isEmpty()) throw new IllegalStateException(foreign);
        if (isBroken) throw new IllegalStateException("a simulated thread has failed: " + broken, broken);
    }

    /** Waits on a simulated thread. */
    static <T> T await(CompletableFuture<T> answer) {
        try {
            return answer.join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof RuntimeException cause) throw cause;
            throw e;
        }
    }
}
