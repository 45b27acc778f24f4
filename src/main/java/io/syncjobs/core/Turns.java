package io.syncjobs.core;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;

/** Lists take turns, so that a long one does not keep the others waiting. */
public final class Turns {
    private Turns() {}

    /** The first one of each list, then the second one of each, and so on; at most {@code atMost}. */
    public static <T> List<T> of(Collection<? extends Collection<T>> lists, int atMost) {
        var turns = new ArrayDeque<Iterator<T>>();
        lists.forEach(list -> turns.add(list.iterator()));
        var taken = new ArrayList<T>();
        while (taken.size() < atMost && !turns.isEmpty()) {
            var list = turns.remove();
            if (!list.hasNext()) continue;
            taken.add(list.next());
            turns.add(list);
        }
        return taken;
    }
}
