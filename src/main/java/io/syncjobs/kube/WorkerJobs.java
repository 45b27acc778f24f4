package io.syncjobs.kube;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.JsonNode;
import io.syncjobs.api.RawJson;
import io.syncjobs.api.SyncJob;
import io.syncjobs.core.Limits;
import io.syncjobs.core.job.Statuses;
import io.syncjobs.kube.Pages.Bounds;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The unfinished jobs of one worker, with payloads: a list, and then what a watch shows from there on. Each {@link #follow} lasts
 * until the watch ends; the next one lists again.
 */
public final class WorkerJobs {
    /** So many bytes of payloads come with a list. The others are measured, and read again by whoever needs them. */
    private static final int MOST_PAYLOADS = 4 * 1024 * 1024;

    private final Api api;
    private final EventLines events;
    private final String path;
    private final String selector;

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
        events = new EventLines(api, ticker);
        selector = "status.worker=" + worker + ",status.state!=Done,status.state!=Failed,status.state!=Cancelled";
        path = Paths.jobs(namespace);
    }

    /**
     * Lists the jobs, and passes on their changes until the watch ends.
     *
     * @throws ApiException if the API server refuses or does not answer
     */
    public void follow(Listener listener) {
        events.begin();
        var listed = list();
        // 1. The process stands still while the list is on its way. 2. It renews its Lease and asks for another list.
        // 3. The first list, which is older than the Lease, arrives.
        if (events.isEnded()) return;
        listener.listed(listed.jobs());
        var query = "?fieldSelector=" + Pages.encoded(selector) + "&resourceVersion=" + listed.version() + "&"
                + EventLines.QUERY;
        events.follow(path + query, (type, object) -> tell(type, object, listener));
    }

    /** Ends the watch, also one that is just beginning, so that the jobs are listed again. */
    public void again() {
        events.again();
    }

    /** Ends a watch that has been silent for too long. A connection that leads nowhere is not noticed otherwise. */
    public void endWhereSilent() {
        events.endWhereSilent();
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

    /** A payload of up to {@code keep} bytes is kept. Nobody needs the trace of an error before. */
    private static SyncJob job(JsonParser parser, int keep) throws IOException {
        SyncJob job = Json.mapper()
                .readerFor(SyncJob.class)
                .withAttribute(RawJson.KEEP, keep)
                .readValue(parser);
        job.setStatus(Statuses.withoutTrace(job));
        return job;
    }

    static void tell(String type, JsonParser object, Listener listener) throws IOException {
        if (type.equals("DELETED")) listener.left(job(object, 0));
        else listener.changed(job(object, Limits.PAYLOAD_BYTES));
    }
}
