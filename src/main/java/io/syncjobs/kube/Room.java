package io.syncjobs.kube;

import java.util.concurrent.Semaphore;
import java.util.function.Supplier;

/**
 * Memory for requests about large objects: each is held several times on its way, and dozens of requests are under way at once.
 * Those for which there is no room wait for others of their kind; requests about objects as they usually are wait for nobody.
 */
public final class Room {
    /** Objects up to this size need none. */
    static final long SMALL = 64 * 1024;

    /** Bytes of all large objects together. */
    static final long MOST = 8 * 1024 * 1024;

    private static final int UNIT = 1024;
    private static final int UNITS = (int) (MOST / UNIT);

    private final Semaphore free = new Semaphore(UNITS, true);

    /** Makes a request about an object of so many bytes when there is room for it. */
    public <T> T during(long bytes, Supplier<T> request) {
        if (bytes <= SMALL) return request.get();
        var units = (int) Math.min(UNITS, bytes / UNIT);
        try {
            free.acquire(units);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ApiException("interrupted", e);
        }
        try {
            return request.get();
        } finally {
            free.release(units);
        }
    }
}
