package io.syncjobs.operator;

import java.util.function.LongSupplier;

/**
 * Gives memory back that a burst has left behind. The serial collector lets garbage grow to the largest heap before it collects
 * all of it, and keeps a heap of that size for good.
 */
final class HeapTrim {
    /** A heap that has grown by less than this since the last collection is left alone. */
    private static final long GROWN = 16L * 1024 * 1024;

    private final LongSupplier size;
    private final Runnable collect;
    private long after;

    /**
     * Collects nothing yet.
     *
     * @param size the bytes that the heap takes from the machine
     * @param collect collects all garbage, and gives back what is free
     */
    HeapTrim(LongSupplier size, Runnable collect) {
        this.size = size;
        this.collect = collect;
        after = size.getAsLong();
    }

    /** Collects where the heap has grown much. A heap that is in use grows again, and is not collected again for that. */
    void look() {
        var now = size.getAsLong();
        if (now - after < Math.max(GROWN, after / 4)) return;
        collect.run();
        after = size.getAsLong();
    }
}
