package io.syncjobs.job;

import io.syncjobs.kube.ApiException;
import io.syncjobs.kube.NamespaceShare;
import io.syncjobs.kube.Ticker;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Runs reads that may take long, such as logs from a silent node, on threads of their own. The first call returns nothing. When
 * the answer has arrived the job is looked at again, and the next call returns the answer.
 */
public final class SlowReads {
    /** No more reads than this are begun; the caller tries again later. */
    private static final int MOST = 1_000;

    /** The same for one namespace. */
    private static final int MOST_OF_ONE = MOST / NamespaceShare.PARTS;

    /** How long an answer is kept that nobody asks for, because its job is gone or goes on without it. */
    private static final Duration KEPT = Duration.ofMinutes(2);

    /** A read whose turn has not come by then fails as one that got no answer: its job must not wait longer for a log. */
    private static final Duration TURN = Duration.ofMinutes(1);

    private record Read(
            String namespace,
            boolean done,
            @Nullable Object answer,
            @Nullable ApiException failure,
            long sinceNanos) {}

    private final Executor threads;
    private final NamespaceShare share;
    private final Ticker ticker;
    private final Map<String, Read> reads = new ConcurrentHashMap<>();

    /** {@code threads} limits how many reads run at once, and {@code share} how many of one namespace. */
    public SlowReads(Executor threads, NamespaceShare share, Ticker ticker) {
        this.threads = threads;
        this.share = share;
        this.ticker = ticker;
    }

    /**
     * The answer, once; empty while the read goes on.
     *
     * @param namespace that of the job
     * @param key names what is read and for whom
     * @param arrived is called when the answer has arrived
     * @throws ApiException the failure of the read
     */
    @SuppressWarnings("unchecked")
    <T> Optional<T> read(String namespace, String key, Supplier<T> source, Runnable arrived) {
        var begun = new Read(namespace, false, null, null, ticker.nanos());
        if (!reads.containsKey(key) && isFull(begun)) return Optional.empty();
        if (reads.putIfAbsent(key, begun) == null) begin(key, begun, source, arrived);
        var read = reads.get(key);
        if (read == null || !read.done()) return Optional.empty();
        reads.remove(key);
        if (read.failure() != null) throw read.failure();
        return Optional.ofNullable((T) read.answer());
    }

    /** Or later, when the namespace has fewer reads under way. */
    private void begin(String key, Read read, Supplier<?> source, Runnable arrived) {
        if (share.take(read.namespace(), key, () -> begin(key, read, source, arrived)))
            threads.execute(() -> run(key, read, source, arrived));
    }

    private void run(String key, Read begun, Supplier<?> source, Runnable arrived) {
        Object answer = null;
        ApiException failure = null;
        try {
            if (ticker.nanos() - begun.sinceNanos() > TURN.toNanos())
                failure = new ApiException(504, "other reads of its namespace got no answer for too long");
            else answer = source.get();
        } catch (ApiException e) {
            failure = e;
        } catch (Throwable e) {
            Containment.endIfInDoubt(e);
            failure = new ApiException("it could not be read: " + e, e);
        }
        share.give(begun.namespace());
        reads.put(key, new Read(begun.namespace(), true, answer, failure, ticker.nanos()));
        arrived.run();
    }

    private boolean isFull(Read next) {
        if (reads.size() < MOST_OF_ONE) return false;
        reads.values().removeIf(read -> read.done() && next.sinceNanos() - read.sinceNanos() > KEPT.toNanos());
        return reads.size() >= MOST
                || reads.values().stream()
                                .filter(read -> read.namespace().equals(next.namespace()))
                                .count()
                        >= MOST_OF_ONE;
    }
}
