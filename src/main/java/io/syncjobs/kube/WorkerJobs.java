package io.syncjobs.kube;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import io.syncjobs.api.RawJson;
import io.syncjobs.api.SyncJob;
import io.syncjobs.core.Limits;
import io.syncjobs.core.job.Statuses;
import io.syncjobs.kube.Pages.Bounds;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The unfinished jobs of one worker, with payloads: a list, and then what a watch shows from there on. Each {@link #follow} lasts
 * until the watch ends; the next one lists again.
 */
public final class WorkerJobs {
    /** The API server ends the watch after this time. While it lasts, at least a bookmark arrives each minute. */
    private static final int WATCH_SECONDS = 300;

    private static final long SILENT_NANOS = Duration.ofSeconds(90).toNanos();

    /** Longer than any object in etcd. */
    private static final int LONGEST_EVENT = 4 * 1024 * 1024;

    /** So many bytes of payloads come with a list. The others are measured, and read again by whoever needs them. */
    private static final int MOST_PAYLOADS = 4 * 1024 * 1024;

    private final StreamApi api;
    private final Ticker ticker;
    private final String path;
    private final String selector;
    private volatile @Nullable InputStream open;
    private volatile long heard;

    /** True if the jobs must be listed again, also where the watch does not go on yet. */
    private volatile boolean again;

    /** Receives the jobs, one call after the other. */
    public interface Listener {
        /** All jobs of the worker, at one moment. */
        void listed(List<SyncJob> all);

        /** A job as it is now. */
        void changed(SyncJob job);

        /**
         * A job that does not belong to the worker any more, as it was before. It is finished, was given to another worker, or
         * was deleted.
         */
        void left(SyncJob job);
    }

    public WorkerJobs(StreamApi api, Ticker ticker, String namespace, String worker) {
        this.api = api;
        this.ticker = ticker;
        selector = "status.worker=" + worker + ",status.state!=Done,status.state!=Failed,status.state!=Cancelled";
        path = Paths.jobs(namespace);
    }

    /**
     * Lists the jobs, and passes on their changes until the watch ends.
     *
     * @throws ApiException if the API server refuses or does not answer
     */
    public void follow(Listener listener) {
        again = false;
        var listed = list();
        // 1. The process stands still while the list is on its way. 2. It renews its Lease and asks for another list.
        // 3. The first list, which is older than the Lease, arrives.
        if (again) return;
        listener.listed(listed.jobs());
        heard = ticker.nanos();
        var query = "?fieldSelector=" + Pages.encoded(selector) + "&watch=1&allowWatchBookmarks=true&timeoutSeconds="
                + WATCH_SECONDS + "&resourceVersion=" + listed.version();
        try (var in = api.stream(path + query)) {
            open = in;
            // 1. The jobs are listed. 2. Somebody asks for another list. 3. The watch begins.
            if (!again) read(in, listener);
        } catch (IOException e) {
            // A watch that this process itself has ended is no error.
            if (open != null) throw new ApiException("the watch of jobs broke: " + e, e);
        } finally {
            open = null;
        }
    }

    /** Ends the watch, also one that is just beginning, so that the jobs are listed again. */
    public void again() {
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
    public void endWhereSilent() {
        if (open != null && ticker.nanos() - heard > SILENT_NANOS) again();
    }

    private record Listed(String version, List<SyncJob> jobs) {}

    /** Reads small pages: a worker has few jobs, but anybody may have made them large. */
    private Listed list() {
        var jobs = new ArrayList<SyncJob>();
        var heads = new ArrayList<JsonNode>();
        var room = new AtomicInteger(MOST_PAYLOADS);
        Pages.read(api::get, path, "&fieldSelector=" + Pages.encoded(selector), Bounds.SMALL, page -> {
            var head = JsonPage.read(page, parser -> {
                var job = job(parser, Math.min(room.get(), Limits.PAYLOAD_BYTES));
                var payload = job.getSpec().payload();
                if (payload != null && payload.hasText()) room.addAndGet(-payload.bytes());
                jobs.add(job);
            });
            heads.add(head);
            return JsonPage.next(head);
        });
        return new Listed(heads.getLast().path("resourceVersion").asText(), jobs);
    }

    private static JsonParser parser(byte[] json) throws IOException {
        return Json.mapper().createParser(json);
    }

    /** A payload of up to {@code keep} bytes is kept. Nobody needs the trace of an error before. */
    private static SyncJob job(JsonParser parser, int keep) throws IOException {
        SyncJob job = Json.mapper()
                .readerFor(SyncJob.class)
                .withAttribute(RawJson.KEEP, keep)
                .readValue(parser);
        job.setStatus(Statuses.withoutTrace(job));
        return job;
    }

    private void read(InputStream in, Listener listener) throws IOException {
        var line = new ByteArrayOutputStream(8192);
        var buffer = new byte[8192];
        for (var count = in.read(buffer); count >= 0; count = in.read(buffer)) {
            heard = ticker.nanos();
            var from = 0;
            for (var at = 0; at < count; at++) {
                if (buffer[at] != '\n') continue;
                line.write(buffer, from, at - from);
                if (!tell(line.toByteArray(), listener)) return;
                line = new ByteArrayOutputStream(8192);
                from = at + 1;
            }
            line.write(buffer, from, count - from);
            if (line.size() > LONGEST_EVENT) throw new IOException("an event is over " + LONGEST_EVENT + " bytes");
        }
    }

    /** Returns false if the watch is over: its version has expired, or there was another error. */
    static boolean tell(byte[] event, Listener listener) throws IOException {
        if (event.length == 0) return true;
        try (var parser = parser(event)) {
            parser.nextToken();
            var type = "";
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                var field = parser.currentName();
                parser.nextToken();
                if (field.equals("type")) type = parser.getText();
                else if (!field.equals("object")) parser.skipChildren();
                else if (type.equals("ADDED") || type.equals("MODIFIED"))
                    listener.changed(job(parser, Limits.PAYLOAD_BYTES));
                else if (type.equals("DELETED")) listener.left(job(parser, 0));
                else parser.skipChildren();
            }
            return !type.equals("ERROR");
        }
    }
}
