package io.syncjobs.kube;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Limits how many events are written: a few at once and then a fixed rate, in each namespace and in total. If ten thousand jobs
 * fail in a minute, this must flood neither the API server nor other events. Each event repeats what the object's status says.
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

    /**
     * The namespaces that were asked about last. A forgotten namespace starts with a full bucket; the total bucket makes that
     * harmless.
     */
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

    /** Returns true if one more event may be written in the namespace. */
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
