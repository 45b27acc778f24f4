package io.syncjobs.kube;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** A list in pages of which none is longer than its bounds say, whatever the objects are. */
final class Pages {
    /** Where pages come from: empty for one that is longer than {@code most} bytes. */
    interface Source {
        Optional<byte[]> get(String path, int most);
    }

    /** Reads a page, and returns where the next one begins; empty after the last. */
    interface Reader {
        String read(byte[] page);
    }

    /**
     * What a page may be.
     *
     * @param longest bytes of it
     * @param first how many objects it has at first; so many of the largest ones must fit into it
     */
    record Bounds(int longest, int first) {
        static final Bounds USUAL = new Bounds(PageLimits.LONGEST, PageLimits.FIRST);

        /** For a process that has little memory. */
        static final Bounds SMALL = new Bounds(4 * 1024 * 1024, 2);
    }

    private Pages() {}

    /** {@code selector} is what the query has besides the limit; it begins with an ampersand, or is empty. */
    static void read(Source source, String path, String selector, Reader reader) {
        read(source, path, selector, Bounds.USUAL, reader);
    }

    /** The same within other bounds. */
    static void read(Source source, String path, String selector, Bounds bounds, Reader reader) {
        var limit = bounds.first();
        var next = "";
        while (true) {
            var query = "?limit=" + limit + selector + (next.isEmpty() ? "" : "&continue=" + encoded(next));
            var page = source.get(path + query, bounds.longest());
            if (page.isPresent()) {
                next = reader.read(page.get());
                if (next.isEmpty()) return;
                if (page.get().length < bounds.longest() / 4) limit = Math.min(PageLimits.MOST, limit * 2);
            } else {
                // The same once more, in pages of which even the largest objects make none too long.
                if (limit <= bounds.first()) throw new ApiException(0, "a page of " + path + " is too long");
                limit = bounds.first();
            }
        }
    }

    static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
