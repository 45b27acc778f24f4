package io.syncjobs.kube;

import io.fabric8.kubernetes.client.http.AsyncBody;
import io.fabric8.kubernetes.client.http.BasicBuilder;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.Interceptor;
import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Limits the pages of lists by bytes: an object may have 1.5 MB, and a page is held in memory as a whole. Pages start small and
 * grow while they stay small. If a page becomes too long it is aborted, and from then on pages have few objects, and after
 * another time a single one. The client's watches list again after such a failure.
 */
final class PageLimits implements Interceptor {
    /** The name under which the client knows this interceptor. */
    static final String NAME = "pages";

    /** The longest page in bytes. */
    static final int LONGEST = 8 * 1024 * 1024;

    /** So many objects of 1.5 MB fit into one page. */
    static final int FIRST = 5;

    /**
     * The longest page with a single object. etcd holds 1.5 MiB of an object. It holds built-in kinds in another form than the JSON
     * of a page, in which six bytes stand for a single character.
     */
    static final int SINGLE = 12 * 1024 * 1024;

    /** The largest number of objects in a page. */
    static final int MOST = 500;

    private static final Pattern LIMIT = Pattern.compile("(?<=[?&]limit=)\\d+");
    private static final Pattern WATCH = Pattern.compile("[?&]watch=true");

    /** The number of objects that a page may have. */
    record Size(int limit, boolean grows) {
        static final Size START = new Size(FIRST, true);

        /** After a page of this length. */
        Size after(long bytes) {
            return grows && bytes < LONGEST / 4 ? new Size(Math.min(MOST, limit * 2), true) : this;
        }

        /** After a page that was aborted. */
        Size afterTooLong() {
            return new Size(limit > FIRST ? FIRST : 1, false);
        }
    }

    /** The longest page of so many objects. */
    static int longest(int limit, int usual) {
        return limit == 1 ? SINGLE : usual;
    }

    /** By the path of the list: a kind in all namespaces, or in one. */
    private final Map<String, Size> sizes = new ConcurrentHashMap<>();

    @Override
    public void before(BasicBuilder builder, HttpRequest request, RequestTags tags) {
        if (!isPage(request)) return;
        var limit = size(request).limit();
        builder.uri(URI.create(LIMIT.matcher(request.uri().toString()).replaceFirst(Integer.toString(limit))));
    }

    @Override
    public AsyncBody.Consumer<List<ByteBuffer>> consumer(
            AsyncBody.Consumer<List<ByteBuffer>> consumer, HttpRequest request) {
        return isPage(request) ? new Page(consumer, request.uri().getPath(), limit(request)) : consumer;
    }

    private static int limit(HttpRequest request) {
        var limit = LIMIT.matcher(request.uri().toString());
        return limit.find() ? Integer.parseInt(limit.group()) : MOST;
    }

    private Size size(HttpRequest request) {
        return sizes.getOrDefault(request.uri().getPath(), Size.START);
    }

    static boolean isPage(HttpRequest request) {
        var query = request.uri().getRawQuery();
        return request.method().equals("GET")
                && query != null
                && LIMIT.matcher("?" + query).find()
                && !WATCH.matcher("?" + query).find();
    }

    /** Counts the bytes of one page. */
    private final class Page implements AsyncBody.Consumer<List<ByteBuffer>> {
        private final AsyncBody.Consumer<List<ByteBuffer>> next;
        private final String path;
        private final int longest;
        private final int limit;
        private long bytes;
        private @Nullable CompletableFuture<Void> end;

        Page(AsyncBody.Consumer<List<ByteBuffer>> next, String path, int limit) {
            this.next = next;
            this.path = path;
            this.limit = limit;
            longest = longest(limit, LONGEST);
        }

        @Override
        public void consume(List<ByteBuffer> value, AsyncBody body) throws Exception {
            if (end == null) end = body.done().thenRun(this::grow);
            for (var buffer : value) bytes += buffer.remaining();
            if (bytes > longest) {
                sizes.put(path, new Size(limit, false).afterTooLong());
                throw new IOException("a page of " + path + " is longer than " + longest
                        + " bytes; it is read again in smaller ones");
            }
            next.consume(value, body);
        }

        private void grow() {
            sizes.merge(path, Size.START.after(bytes), (size, first) -> size.after(bytes));
        }
    }
}
