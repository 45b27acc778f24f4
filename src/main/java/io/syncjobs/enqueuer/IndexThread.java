package io.syncjobs.enqueuer;

import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The one thread that uses the index: what is seen, answered or asked queues up here and is handled one after the other. */
public final class IndexThread implements Runnable {
    private static final Logger LOG = LoggerFactory.getLogger(IndexThread.class);

    /** Events that are handled before there is a look at what they lead to. */
    private static final int BATCH = 1_000;

    private static final Duration AFTER_FAILURE = Duration.ofSeconds(1);
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    /** How the next event is waited for; a simulation brings its own time. */
    public interface Waiting {
        /** The next event, or none when so much time is over. */
        @Nullable
        Runnable poll(BlockingQueue<Runnable> events, Duration most) throws InterruptedException;
    }

    private final LinkedBlockingQueue<Runnable> events = new LinkedBlockingQueue<>();
    private final Waiting waiting;
    private volatile boolean running = true;
    private Supplier<Duration> step = () -> AFTER_FAILURE;

    public IndexThread() {
        this((events, most) -> events.poll(most.toMillis(), TimeUnit.MILLISECONDS));
    }

    public IndexThread(Waiting waiting) {
        this.waiting = waiting;
    }

    /** What is done after events, and when time is over: {@code step} returns until when there is nothing to do. */
    public void each(Supplier<Duration> step) {
        this.step = step;
    }

    /** From any thread: is handled soon. */
    public void post(Runnable event) {
        events.add(event);
    }

    /** From any other thread: waits for the answer. */
    public <T> T ask(Supplier<T> question) {
        var answer = new CompletableFuture<T>();
        post(() -> {
            try {
                answer.complete(question.get());
            } catch (RuntimeException e) {
                answer.completeExceptionally(e);
            }
        });
        try {
            return answer.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while the index was asked", e);
        } catch (ExecutionException | TimeoutException e) {
            throw new IllegalStateException("the index did not answer", e);
        }
    }

    @Override
    public void run() {
        runUntil(() -> !running);
    }

    /** Handles what comes on this thread until {@code end}, or until it is stopped. */
    public void runUntil(BooleanSupplier end) {
        var wait = Duration.ZERO;
        while (running && !end.getAsBoolean()) {
            try {
                var event = waiting.poll(events, wait);
                for (var handled = 0; event != null; event = handled < BATCH ? events.poll() : null) {
                    handle(event);
                    handled++;
                }
                wait = step.get();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            } catch (RuntimeException e) {
                LOG.error("a round failed and is repeated", e);
                wait = AFTER_FAILURE;
            }
        }
    }

    /** An event that cannot be handled touches nothing but itself. */
    private static void handle(Runnable event) {
        try {
            event.run();
        } catch (RuntimeException e) {
            LOG.error("an event was not handled", e);
        }
    }

    /** Ends after the event that is under way. */
    public void stop() {
        running = false;
        post(() -> {});
    }
}
