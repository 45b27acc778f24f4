package io.syncjobs.kube;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** A watch that one thread reads, event by event, and that any thread may end. */
final class EventLines {
    /** What stands at the end of a watch's query. While the watch lasts, at least a bookmark arrives each minute. */
    static final String QUERY = "watch=1&allowWatchBookmarks=true&timeoutSeconds=300";

    private static final long SILENT_NANOS = Duration.ofSeconds(90).toNanos();

    /** Longer than any job in etcd, which has jobs as JSON. */
    private static final int LONGEST_EVENT = 4 * 1024 * 1024;

    /** A buffer that has grown over this is not kept for the next event. */
    private static final int KEPT = 64 * 1024;

    private final StreamApi api;
    private final Ticker ticker;
    private volatile @Nullable InputStream open;
    private volatile long heard;
    private volatile boolean again;

    /** Reads the object of an event: the parser stands at its beginning, and is left at its end. */
    interface Reader {
        void read(String type, JsonParser object) throws IOException;
    }

    EventLines(StreamApi api, Ticker ticker) {
        this.api = api;
        this.ticker = ticker;
    }

    /** What is asked of {@link #again} from now on counts. */
    void begin() {
        again = false;
    }

    /** True if the watch was ended since {@link #begin}. */
    boolean isEnded() {
        return again;
    }

    /**
     * Reads the watch until it ends. Of bookmarks and errors nothing is read.
     *
     * @throws ApiException if the API server refuses or does not answer
     */
    void follow(String path, Reader reader) {
        heard = ticker.nanos();
        try (var in = api.stream(path)) {
            open = in;
            // 1. Somebody ends the watch. 2. The watch begins.
            if (!again) read(in, reader);
        } catch (IOException e) {
            // A watch that this process itself has ended is no error.
            if (open != null) throw new ApiException("the watch broke: " + e, e);
        } finally {
            open = null;
        }
    }

    /** Ends the watch, also one that is just beginning. */
    void again() {
        again = true;
        var in = open;
        if (in == null) return;
        open = null;
        try {
            in.close();
        } catch (IOException e) {
            // then it has ended by itself
        }
    }

    /** Ends a watch that has been silent for too long. A connection that leads nowhere is not noticed otherwise. */
    void endWhereSilent() {
        if (open != null && ticker.nanos() - heard > SILENT_NANOS) again();
    }

    private void read(InputStream in, Reader reader) throws IOException {
        each(in, LONGEST_EVENT, line -> {
            heard = ticker.nanos();
            return tell(line, reader);
        });
    }

    /** Handles one line of a watch. */
    interface Line {
        /** Returns false if no more are wanted. */
        boolean read(byte[] line) throws IOException;
    }

    /** Passes on the lines of a watch as they arrive, of at most {@code longest} bytes, until it ends or no more are wanted. */
    static void each(InputStream in, int longest, Line reader) throws IOException {
        var line = new ByteArrayOutputStream(8192);
        var buffer = new byte[8192];
        for (var count = in.read(buffer); count >= 0; count = in.read(buffer)) {
            var from = 0;
            for (var at = 0; at < count; at++) {
                if (buffer[at] != '\n') continue;
                line.write(buffer, from, at - from);
                if (!reader.read(line.toByteArray())) return;
                if (line.size() > KEPT) line = new ByteArrayOutputStream(8192);
                else line.reset();
                from = at + 1;
            }
            line.write(buffer, from, count - from);
            if (line.size() > longest) throw new IOException("an event is over " + longest + " bytes");
        }
    }

    /** Returns false if the watch is over: its version has expired, or there was another error. */
    static boolean tell(byte[] event, Reader reader) throws IOException {
        if (event.length == 0) return true;
        try (var parser = Json.mapper().createParser(event)) {
            parser.nextToken();
            var type = "";
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                var field = parser.currentName();
                parser.nextToken();
                if (field.equals("type")) type = parser.getText();
                else if (!field.equals("object")) parser.skipChildren();
                else if (type.equals("ADDED") || type.equals("MODIFIED") || type.equals("DELETED"))
                    reader.read(type, parser);
                else parser.skipChildren();
            }
            return !type.equals("ERROR");
        }
    }
}
