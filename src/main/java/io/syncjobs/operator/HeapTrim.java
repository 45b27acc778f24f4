package io.syncjobs.operator;

import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.util.function.LongSupplier;

/**
 * Gives memory back that a burst has left behind. The serial collector lets old garbage grow to the largest heap before it
 * collects all of it, and keeps a heap of that size for good.
 */
final class HeapTrim {
    /** Less than this since the last collection is left alone. */
    private static final long GROWN = 16L * 1024 * 1024;

    private final LongSupplier size;
    private final Runnable collect;
    private long after;

    /**
     * Collects nothing yet.
     *
     * @param size the bytes of old objects, garbage included
     * @param collect collects all garbage, and gives back what is free
     */
    HeapTrim(LongSupplier size, Runnable collect) {
        this.size = size;
        this.collect = collect;
        after = size.getAsLong();
    }

    /** Of this process. */
    static HeapTrim ofProcess() {
        // Of the heap's pools the old objects' alone can have a threshold.
        var old = ManagementFactory.getMemoryPoolMXBeans().stream()
                .filter(pool -> pool.getType() == MemoryType.HEAP)
                .filter(MemoryPoolMXBean::isUsageThresholdSupported)
                .findFirst()
                .orElseThrow();
        return new HeapTrim(() -> old.getUsage().getUsed(), System::gc);
    }

    /** Collects where much has come since the last time. What is in use stays, and is not collected again. */
    void look() {
        var now = size.getAsLong();
        if (now - after < Math.max(GROWN, after / 4)) return;
        collect.run();
        after = size.getAsLong();
    }
}
