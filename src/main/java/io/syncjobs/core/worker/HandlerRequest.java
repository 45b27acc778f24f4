package io.syncjobs.core.worker;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNullElse;

import io.syncjobs.api.Names;
import io.syncjobs.api.SyncJob;
import io.syncjobs.api.SyncJobStatus.Effective;
import io.syncjobs.api.SyncQueueSpec;
import io.syncjobs.core.JobFields;
import io.syncjobs.core.job.Policies;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The request for one attempt: the payload is the body, everything else is in headers. */
public record HandlerRequest(String path, Map<String, String> headers, String body) {
    private static final String UNRESERVED = "-._~";

    /**
     * The call that executes an attempt.
     *
     * @param job a started job with the text of its payload
     */
    public static HandlerRequest call(SyncJob job, Handler handler) {
        var payload = job.getSpec().payload();
        var body = payload == null ? "null" : payload.text().orElseThrow();
        return new HandlerRequest(path(handler.path(), job), headers(job), body);
    }

    /** The request that asks the handler to give up the attempt. */
    public static HandlerRequest cancel(SyncJob job, String cancelPath) {
        return new HandlerRequest(path(cancelPath, job), headers(job), "");
    }

    /** When the attempt should be over. */
    private static Instant deadline(SyncJob job) {
        return started(job).plusSeconds(effective(job).timeoutSeconds());
    }

    static Effective effective(SyncJob job) {
        var frozen = JobFields.statusOf(job).effective();
        return frozen != null ? frozen : Policies.effective(job.getSpec(), SyncQueueSpec.BUILT_IN);
    }

    private static Instant started(SyncJob job) {
        return requireNonNullElse(JobFields.statusOf(job).startedTime(), Instant.EPOCH);
    }

    /** An action may contain slashes and dots, which must not lead to another route. The pool's path may contain any letters. */
    private static String path(String path, SyncJob job) {
        var ascii = new StringBuilder();
        path.codePoints().forEach(c -> {
            if (c < 0x80) ascii.append((char) c);
            else ascii.append(encoded(Character.toString(c)));
        });
        return ascii.toString().replace("{action}", encoded(job.getSpec().action()));
    }

    private static String encoded(String text) {
        var encoded = new StringBuilder();
        for (var b : text.getBytes(UTF_8)) {
            var c = (char) (b & 0xff);
            if (isLetterOrDigit(c) || UNRESERVED.indexOf(c) >= 0) encoded.append(c);
            else encoded.append('%').append("%02X".formatted((int) c));
        }
        return encoded.toString();
    }

    private static boolean isLetterOrDigit(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    }

    private static Map<String, String> headers(SyncJob job) {
        var meta = job.getMetadata();
        var attempt = JobFields.attemptOf(job);
        var headers = new LinkedHashMap<String, String>();
        headers.put("Content-Type", "application/json");
        headers.put("Idempotency-Key", JobFields.idempotencyKeyOf(job));
        headers.put("SyncJob-Name", meta.getName());
        headers.put("SyncJob-Namespace", meta.getNamespace());
        headers.put("SyncJob-Uid", meta.getUid());
        headers.put("SyncJob-Attempt", Integer.toString(attempt));
        headers.put("SyncJob-Action", job.getSpec().action());
        headers.put("SyncJob-Deadline", deadline(job).toString());
        headers.put("ce-specversion", "1.0");
        headers.put("ce-id", meta.getUid() + "-" + attempt);
        headers.put("ce-type", job.getSpec().action());
        headers.put(
                "ce-source",
                "/apis/" + Names.API_VERSION + "/namespaces/" + meta.getNamespace() + "/syncjobs/" + meta.getName());
        headers.put("ce-time", started(job).toString());
        var annotations = requireNonNullElse(meta.getAnnotations(), Map.<String, String>of());
        var trace = annotations.get(Names.TRACEPARENT);
        if (isTraceparent(trace)) headers.put("traceparent", trace);
        return headers;
    }

    /** True for the form of W3C Trace Context, {@code 00-<32 hex>-<16 hex>-<2 hex>}. Anything else must not get into a header. */
    private static boolean isTraceparent(@Nullable String text) {
        if (text == null || text.length() != 55) return false;
        for (var at = 0; at < text.length(); at++) {
            var c = text.charAt(at);
            var dash = at == 2 || at == 35 || at == 52;
            if (dash ? c != '-' : !((c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'))) return false;
        }
        return true;
    }
}
