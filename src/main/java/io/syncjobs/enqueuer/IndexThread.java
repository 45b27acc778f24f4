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

/** The one thread that uses the index. Events, answers and questions queue up here and are handled one after the other. */
public final class IndexThread implements Runnable {
    private static final Logger LOG = LoggerFactory.getLogger(IndexThread.class);

    /** How many events are handled before the step that follows from them. */
    private static final int BATCH = 1_000;

    private static final Duration AFTER_FAILURE = Duration.ofSeconds(1);
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    /** How to wait; a simulation supplies its own time. */
    public interface Waiting {
        /** The next event, or null after {@code most}. */
        @Nullable
        Runnable poll(BlockingQueue<Runnable> events, Duration most) throws InterruptedException;

        /** The answer to a question; it fails after {@code most}. */
        <T> T answer(CompletableFuture<T> answer, Duration most)
                throws InterruptedException, ExecutionException, TimeoutException;
    }

    private static final Waiting IN_REAL_TIME = new Waiting() {
        @Override
        public @Nullable Runnable poll(BlockingQueue<Runnable> events, Duration most) throws InterruptedException {
            return events.poll(most.toMillis(), TimeUnit.MILLISECONDS);
        }

        @Override
        public <T> T answer(CompletableFuture<T> answer, Duration most)
                throws InterruptedException, ExecutionException, TimeoutException {
            return answer.get(most.toMillis(), TimeUnit.MILLISECONDS);
        }
    };

    private final LinkedBlockingQueue<Runnable> events = new LinkedBlockingQueue<>();
    private final Waiting waiting;
    private volatile boolean running = true;
    private Supplier<Duration> step = () -> AFTER_FAILURE;

    /** Waits in real time. */
    public IndexThread() {
        this(IN_REAL_TIME);
    }

    /** Nothing runs before {@link #run} or {@link #runUntil}. */
    public IndexThread(Waiting waiting) {
        this.waiting = waiting;
    }

    /** What to do after events and when time has passed; {@code step} returns after how long there may be more to do. */
    public void each(Supplier<Duration> step) {
        this.step = step;
    }

    /** Queues an event; callable from any thread. */
    public void post(Runnable event) {
        events.add(event);
    }

    /** Asks on the index's thread and waits for the answer; callable from any other thread. */
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
            return waiting.answer(answer, PATIENCE);
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

    /** Handles events on the calling thread until {@code end} is true or the thread is stopped. */
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

    /** An event that fails affects only itself. */
    private static void handle(Runnable event) {
        try {
            event.run();
        } catch (RuntimeException e) {
            LOG.error("an event was not handled", e);
        }
    }

    /** Stops after the current event. */
    public void stop() {
        running = false;
        post(() -> {});
    }
}
