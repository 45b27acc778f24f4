package io.syncjobs.job;

import io.syncjobs.kube.ApiException;
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

    /** How long an answer is kept that nobody asks for, because its job is gone or goes on without it. */
    private static final Duration KEPT = Duration.ofMinutes(2);

    private record Read(
            boolean done, @Nullable Object answer, @Nullable ApiException failure, long sinceNanos) {}

    private final Executor threads;
    private final Ticker ticker;
    private final Map<String, Read> reads = new ConcurrentHashMap<>();

    /** {@code threads} limits how many reads run at once. */
    public SlowReads(Executor threads, Ticker ticker) {
        this.threads = threads;
        this.ticker = ticker;
    }

    /**
     * The answer, once; empty while the read goes on.
     *
     * @param key names what is read and for whom
     * @param arrived is called when the answer has arrived
     * @throws ApiException the failure of the read
     */
    @SuppressWarnings("unchecked")
    <T> Optional<T> read(String key, Supplier<T> source, Runnable arrived) {
        var begun = new Read(false, null, null, ticker.nanos());
        if (!reads.containsKey(key)) {
            if (reads.size() >= MOST) forgetOld(begun.sinceNanos());
            if (reads.size() >= MOST) return Optional.empty();
        }
        if (reads.putIfAbsent(key, begun) == null) threads.execute(() -> run(key, source, arrived));
        var read = reads.get(key);
        if (read == null || !read.done()) return Optional.empty();
        reads.remove(key);
        if (read.failure() != null) throw read.failure();
        return Optional.ofNullable((T) read.answer());
    }

    private void run(String key, Supplier<?> source, Runnable arrived) {
        Read read;
        try {
            read = new Read(true, source.get(), null, ticker.nanos());
        } catch (ApiException e) {
            read = new Read(true, null, e, ticker.nanos());
        } catch (Throwable e) {
            Containment.endIfInDoubt(e);
            read = new Read(true, null, new ApiException("it could not be read: " + e, e), ticker.nanos());
        }
        reads.put(key, read);
        arrived.run();
    }

    private void forgetOld(long now) {
        reads.values().removeIf(read -> read.done() && now - read.sinceNanos() > KEPT.toNanos());
    }
}
