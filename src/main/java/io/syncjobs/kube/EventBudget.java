package io.syncjobs.kube;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * How many events may be written: a few at once and then so many a second, in each namespace and in all. Ten thousand jobs that
 * fail in a minute must flood neither the API server nor the events of others; what an event says stands in the status anyway.
 */
final class EventBudget {
    private static final int PER_NAMESPACE = 20;
    private static final double PER_NAMESPACE_AND_SECOND = 2;
    private static final int IN_ALL = 100;
    private static final double PER_SECOND = 20;
    private static final int MOST_NAMESPACES = 1_000;
    private static final double NANOS = 1e9;

    private static final class Bucket {
        private double tokens;
        private long filledNanos;

        Bucket(int tokens, long nanos) {
            this.tokens = tokens;
            filledNanos = nanos;
        }

        void fill(int most, double perSecond, long nanos) {
            tokens = Math.min(most, tokens + (nanos - filledNanos) / NANOS * perSecond);
            filledNanos = nanos;
        }
    }

    private final Ticker ticker;
    private final Bucket all;

    /** Those that were asked about last; one that was forgotten is full again, which the bucket of all makes harmless. */
    private final Map<String, Bucket> namespaces = new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Bucket> eldest) {
            return size() > MOST_NAMESPACES;
        }
    };

    EventBudget(Ticker ticker) {
        this.ticker = ticker;
        all = new Bucket(IN_ALL, ticker.nanos());
    }

    /** True: one more may be written there. */
    synchronized boolean take(String namespace) {
        var nanos = ticker.nanos();
        var own = namespaces.computeIfAbsent(namespace, name -> new Bucket(PER_NAMESPACE, nanos));
        own.fill(PER_NAMESPACE, PER_NAMESPACE_AND_SECOND, nanos);
        all.fill(IN_ALL, PER_SECOND, nanos);
        if (own.tokens < 1 || all.tokens < 1) return false;
        own.tokens--;
        all.tokens--;
        return true;
    }
}
