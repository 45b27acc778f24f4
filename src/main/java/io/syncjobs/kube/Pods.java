package io.syncjobs.kube;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.Pod;
import io.syncjobs.api.Names;
import io.syncjobs.core.run.PodView;
import io.syncjobs.core.trace.LogTail;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;

/** Creates, reads and deletes the pods of jobs. */
public final class Pods {
    /** Selects the pods of jobs by their label; those of pools do not have it. */
    public static final String SELECTOR = Names.MANAGED_BY + "=" + Names.SYNCJOBS;

    /** Enough for a trace of 16 KiB of which half is colour codes, and for the lines before it. */
    private static final int LOG_BYTES = 256 * 1024;

    /** A log that takes longer must not hold up its job: the pod's node may be silent. */
    private static final Duration LOG_PATIENCE = Duration.ofSeconds(10);

    /** No more than this of a log is ever requested. */
    private static final int LOG_MOST_BYTES = 1024 * 1024;

    /**
     * The numbers of lines that are requested: first many, and if these are too long, few. The kubelet stores a long line in
     * parts of 16 KiB, and each part counts as a line.
     */
    private static final int[] LOG_LINES = {5_000, 60};

    /** For a container runtime that stores long lines whole: the beginning of the last line. */
    private static final int LAST_LINE = 1;

    private final Api api;

    public Pods(Api api) {
        this.api = api;
    }

    /**
     * Creates a pod. Unknown fields are refused, not dropped.
     *
     * @throws ApiException with the API server's message
     */
    public void create(String namespace, ObjectNode pod) {
        api.create(path(namespace) + "?fieldValidation=Strict", Json.bytes(pod));
    }

    /** The pod as the API server has it now, not as a cache has it. */
    public Optional<Pod> read(String namespace, String name) {
        return api.find(path(namespace) + "/" + name).map(answer -> Json.read(answer, Pod.class));
    }

    /**
     * Deletes this pod at the version that was seen, with its own grace period. A pod that is gone already is no error. A pod
     * that has changed since stays: a cache may have shown it alive after its end.
     */
    public void delete(String namespace, PodView pod) {
        var options = Json.object().put("kind", "DeleteOptions").put("apiVersion", "v1");
        options.putObject("preconditions").put("uid", pod.uid()).put("resourceVersion", pod.version());
        try {
            api.delete(path(namespace) + "/" + pod.name(), Json.bytes(options));
        } catch (ApiException e) {
            if (!e.isNotFound() && !e.isConflict()) throw e;
        }
    }

    /**
     * The end of a container's log; {@link LogTail#NONE} if there is none, or none any more.
     *
     * @throws ApiException if it cannot be read now; the code is 500 if the node cannot be reached
     */
    public LogTail logTail(String namespace, String pod, String container) {
        var path = path(namespace) + "/" + pod + "/log?container="
                + URLEncoder.encode(container, StandardCharsets.UTF_8) + "&tailLines=";
        try {
            for (var lines : LOG_LINES) {
                var log = log(path + lines, LOG_MOST_BYTES);
                if (log.length < LOG_MOST_BYTES) return LogTail.of(log, LOG_BYTES, lines);
            }
            return LogTail.of(log(path + LAST_LINE, LOG_BYTES), LOG_BYTES, LAST_LINE);
        } catch (ApiException e) {
            if (e.code() == 400 || e.isNotFound()) return LogTail.NONE;
            throw e;
        }
    }

    /** The kubelet sends no more than it was asked for. If it did, the log would not be used. */
    private byte[] log(String path, int most) {
        return api.get(path + "&limitBytes=" + most, most, LOG_PATIENCE)
                .orElseThrow(() -> new ApiException(500, "the node sent more of the log than it was asked for"));
    }

    private static String path(String namespace) {
        return "/api/v1/namespaces/" + namespace + "/pods";
    }
}
