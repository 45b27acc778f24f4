package io.syncjobs.kube;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.syncjobs.api.RawJson;
import io.syncjobs.api.SyncJob;
import io.syncjobs.api.SyncQueue;
import io.syncjobs.core.JobFields;
import io.syncjobs.core.Limits;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The payloads and templates that caches leave out, for a job whose pod is about to be created. They are read from the API
 * server, or taken from the few that were seen last. They are keyed by a hash of their content, so none is ever out of date.
 */
public final class Contents {
    /** The longest text of one value that can be used. */
    static final int LONGEST = Math.max(Limits.PAYLOAD_BYTES, Limits.TEMPLATE_BYTES);

    /** The limit for all remembered texts together. */
    private static final int MOST_BYTES = 4 * 1024 * 1024;

    private final Api api;
    private final Map<RawJson, RawJson> remembered = new LinkedHashMap<>(64, 0.75f, true);
    private int bytes;

    public Contents(Api api) {
        this.api = api;
    }

    /** The same job with the text of its payload. */
    public SyncJob whole(SyncJob job) {
        var spec = job.getSpec();
        if (spec.payload() == null || spec.payload().text().isPresent()) return job;
        var whole = new SyncJob();
        whole.setMetadata(job.getMetadata());
        whole.setSpec(spec.with(text(spec.payload(), () -> read(job).getSpec().payload()), spec.template()));
        whole.setStatus(job.getStatus());
        return whole;
    }

    /** A template as a tree: the job's own template or its queue's. */
    public ObjectNode template(SyncJob job, RawJson wanted) {
        var own = wanted.equals(job.getSpec().template());
        var found = text(wanted, () -> own ? read(job).getSpec().template() : readQueue(job));
        return (ObjectNode) Json.tree(found.text().orElseThrow().getBytes(UTF_8));
    }

    private RawJson text(RawJson wanted, Supplier<@Nullable RawJson> reader) {
        if (wanted.text().isPresent()) return wanted;
        var known = remembered(wanted);
        if (known.isPresent()) return known.get();
        var read = reader.get();
        if (read == null || !read.equals(wanted)) throw new ApiException(409, "it has been changed since it was seen");
        remember(read);
        return read;
    }

    private SyncJob read(SyncJob job) {
        var meta = job.getMetadata();
        return Json.read(api.get(Paths.jobs(meta.getNamespace()) + "/" + meta.getName()), SyncJob.class, LONGEST);
    }

    private @Nullable RawJson readQueue(SyncJob job) {
        var path = Paths.queues(job.getMetadata().getNamespace()) + "/" + JobFields.queueOf(job);
        return Json.read(api.get(path), SyncQueue.class, LONGEST).getSpec().template();
    }

    /** Remembers the texts in an answer about a job whose pod is created next. */
    void remember(SyncJob whole) {
        var spec = whole.getSpec();
        if (spec.payload() != null) remember(spec.payload());
        if (spec.template() != null) remember(spec.template());
    }

    private synchronized Optional<RawJson> remembered(RawJson wanted) {
        return Optional.ofNullable(remembered.get(wanted));
    }

    private synchronized void remember(RawJson value) {
        if (value.text().isEmpty() || remembered.put(value, value) != null) return;
        bytes += value.bytes();
        var oldest = remembered.keySet().iterator();
        while (bytes > MOST_BYTES) {
            bytes -= oldest.next().bytes();
            oldest.remove();
        }
    }
}
