package io.syncjobs.kube;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** Reads a list in pages. Each page stays within its limit, whatever the size of the objects. */
final class Pages {
    /** The source of pages; empty for a page that is longer than {@code most} bytes. */
    interface Source {
        Optional<byte[]> get(String path, int most);
    }

    /** Reads a page and returns the token of the next page; empty after the last one. */
    interface Reader {
        String read(byte[] page);
    }

    /**
     * The limits of a page.
     *
     * @param longest its length in bytes
     * @param first the number of objects of the first pages
     * @param most the largest number of objects in a page
     */
    record Bounds(int longest, int first, int most) {
        static final Bounds USUAL = new Bounds(PageLimits.LONGEST, PageLimits.FIRST, PageLimits.MOST);

        /** For a process with little memory. */
        static final Bounds SMALL = new Bounds(4 * 1024 * 1024, 2, PageLimits.MOST);

        /** For names and versions, of which there are some 300 bytes for each object. */
        static final Bounds METADATA = new Bounds(PageLimits.LONGEST, PageLimits.FIRST, 2_500);
    }

    private Pages() {}

    /** {@code selector} is the rest of the query after the limit. It begins with an ampersand, or is empty. */
    static void read(Source source, String path, String selector, Reader reader) {
        read(source, path, selector, Bounds.USUAL, reader);
    }

    /** The same with other limits. */
    static void read(Source source, String path, String selector, Bounds bounds, Reader reader) {
        var limit = bounds.first();
        var next = "";
        while (true) {
            var query = "?limit=" + limit + selector + (next.isEmpty() ? "" : "&continue=" + encoded(next));
            var page = source.get(path + query, PageLimits.longest(limit, bounds.longest()));
            if (page.isPresent()) {
                next = reader.read(page.get());
                if (next.isEmpty()) return;
                if (page.get().length < bounds.longest() / 4) limit = Math.min(bounds.most(), limit * 2);
            } else {
                // The same page again, with so few objects that even large ones fit, and then with a single one.
                if (limit == 1) throw new ApiException(0, "a page of " + path + " is too long");
                limit = limit > bounds.first() ? bounds.first() : 1;
            }
        }
    }

    static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
