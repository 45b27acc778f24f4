package io.syncjobs.kube;

import io.syncjobs.kube.PageLimits.Size;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** A list in pages of which none is longer than {@link PageLimits#LONGEST}, whatever the objects are. */
final class Pages {
    /** Where pages come from: empty for one that is longer than {@code most} bytes. */
    interface Source {
        Optional<byte[]> get(String path, int most);
    }

    /** Reads a page, and returns where the next one begins; empty after the last. */
    interface Reader {
        String read(byte[] page);
    }

    private Pages() {}

    /** {@code selector} is what the query has besides the limit; it begins with an ampersand, or is empty. */
    static void read(Source source, String path, String selector, Reader reader) {
        var size = Size.START;
        var next = "";
        while (true) {
            var query = "?limit=" + size.limit() + selector + (next.isEmpty() ? "" : "&continue=" + encoded(next));
            var page = source.get(path + query, PageLimits.LONGEST);
            if (page.isPresent()) {
                next = reader.read(page.get());
                size = size.after(page.get().length);
                if (next.isEmpty()) return;
            } else {
                // The same once more, in pages of which even the largest objects make none too long.
                if (size.limit() <= PageLimits.FIRST) throw new ApiException(0, "a page of " + path + " is too long");
                size = Size.afterTooLong();
            }
        }
    }

    static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
