package io.syncjobs.enqueuer;

import io.syncjobs.core.index.JobEntry;
import io.syncjobs.kube.NamespaceShare;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/**
 * The writes of places that have no answer yet. Their number is limited, and that of one namespace too: a webhook there may hold up
 * each of them for half a minute, and jobs of other namespaces must not wait for that. One thread uses this.
 */
final class InFlight {
    /** The limit for writes that are younger than {@link #STRAGGLER}. */
    private static final int YOUNG = 32;

    /** The limit for all. Of one namespace no more count than its share. */
    private static final int ALL = 256;

    /** A namespace with so many stragglers gets no further place until one of them is answered. */
    private static final int SHARE = ALL / NamespaceShare.PARTS;

    /** A write that takes longer than this does not keep other writes waiting. */
    static final Duration STRAGGLER = Duration.ofSeconds(1);

    private record Sent(String namespace, long nanos) {}

    private final Map<String, Sent> sent = new HashMap<>();

    void sent(JobEntry job, long nanos) {
        sent.put(job.uid(), new Sent(job.namespace(), nanos));
    }

    void answered(String uid) {
        sent.remove(uid);
    }

    boolean has(String uid) {
        return sent.containsKey(uid);
    }

    /** How many more writes may be sent now. */
    int room(long nanos) {
        var young = 0;
        var namespaces = new HashMap<String, Integer>();
        for (var each : sent.values()) {
            if (!isStraggler(each, nanos)) young++;
            namespaces.merge(each.namespace(), 1, Integer::sum);
        }
        var counted = namespaces.values().stream()
                .mapToInt(count -> Math.min(count, SHARE))
                .sum();
        return Math.max(0, Math.min(YOUNG - young, ALL - counted));
    }

    /** The namespaces in which no further place may be given now. */
    Set<String> full(long nanos) {
        var stragglers = new HashMap<String, Integer>();
        for (var each : sent.values()) {
            if (isStraggler(each, nanos)) stragglers.merge(each.namespace(), 1, Integer::sum);
        }
        stragglers.values().removeIf(count -> count < SHARE);
        return stragglers.keySet();
    }

    /** True if a place of the namespace whose write got no answer may be written again now. */
    boolean hasRoomAgain(String namespace) {
        return sent.values().stream()
                        .filter(each -> each.namespace().equals(namespace))
                        .count()
                < 2 * SHARE;
    }

    private static boolean isStraggler(Sent each, long nanos) {
        return nanos - each.nanos() >= STRAGGLER.toNanos();
    }
}
