package io.syncjobs.core.index;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.SequencedSet;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;

/** The queues that somebody created or that a job names, and which of them have changed since the planner last looked. */
final class QueueTable {
    private final Map<QueueKey, QueueIndex> byKey = new HashMap<>();

    /** The same queues in the order of their keys. */
    private final NavigableMap<QueueKey, QueueIndex> inOrder = new TreeMap<>();

    private final SequencedSet<QueueIndex> changed = new LinkedHashSet<>();
    private final Set<Consumer<QueueKey>> listeners = new LinkedHashSet<>();

    /** Sets of others, to which the keys of changed queues are added. */
    private final List<Set<QueueKey>> notes = new ArrayList<>();

    void onChange(Consumer<QueueKey> listener) {
        listeners.add(listener);
    }

    void noteChanges(Set<QueueKey> into) {
        notes.add(into);
    }

    NavigableMap<QueueKey, QueueIndex> inOrder() {
        return Collections.unmodifiableNavigableMap(inOrder);
    }

    /** The queue with this key; an empty one is created where there is none. */
    QueueIndex get(QueueKey key) {
        var known = byKey.get(key);
        if (known != null) return known;
        var queue = new QueueIndex(key);
        byKey.put(key, queue);
        inOrder.put(key, queue);
        return queue;
    }

    /** Notes that something about the queue has changed: the planner looks at it again, and the listeners are told. */
    void change(QueueIndex queue) {
        changed.add(queue);
        notes.forEach(keys -> keys.add(queue.key()));
        listeners.forEach(listener -> listener.accept(queue.key()));
    }

    /** Hands the next changed queue to the planner. */
    Optional<QueueIndex> pollChanged() {
        return changed.isEmpty() ? Optional.empty() : Optional.of(changed.removeFirst());
    }

    /** Has the planner look at the queue again, after the other changed ones. */
    void again(QueueIndex queue) {
        changed.add(queue);
    }

    /** Adds to the pods that take up places of the queue although their jobs are gone. */
    void addStray(QueueKey key, int pods) {
        var queue = get(key);
        queue.addStray(pods);
        change(queue);
        release(key);
    }

    /** Forgets the queue if nobody created it and no job names it. */
    void release(QueueKey key) {
        var queue = byKey.get(key);
        if (queue == null || !queue.isUnused()) return;
        byKey.remove(key);
        inOrder.remove(key);
        changed.remove(queue);
        notes.forEach(keys -> keys.remove(key));
    }

    boolean listed(QueueKey key, long version, int sweep) {
        var queue = byKey.get(key);
        return queue != null && queue.isListed(version, sweep);
    }

    List<QueueKey> unlisted(int sweep) {
        return inOrder.values().stream()
                .filter(queue -> queue.isUnlisted(sweep))
                .map(QueueIndex::key)
                .toList();
    }
}
