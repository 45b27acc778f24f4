package io.syncjobs.kube;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.Pod;
import io.syncjobs.core.PodView;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** Creates, reads and deletes the pods of jobs. */
public final class Pods {
    /** Enough for a trace of 16 KiB in which half is colour codes, and for the lines before it. */
    private static final int LOG_BYTES = 256 * 1024;

    private static final int LOG_LINES = 5_000;

    private final Api api;

    public Pods(Api api) {
        this.api = api;
    }

    /**
     * Creates a pod; unknown fields are refused, not dropped.
     *
     * @throws ApiException with the API server's words
     */
    public void create(String namespace, ObjectNode pod) {
        api.create(path(namespace) + "?fieldValidation=Strict", Json.bytes(pod));
    }

    /** The pod as it is now, not as a cache has it. */
    public Optional<Pod> read(String namespace, String name) {
        try {
            return Optional.of(Json.read(api.get(path(namespace) + "/" + name), Pod.class));
        } catch (ApiException e) {
            if (e.isNotFound()) return Optional.empty();
            throw e;
        }
    }

    /**
     * Deletes exactly this pod as it was seen, with the grace period of its template; one that is gone already is fine, and one
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
     * The end of a container's log; empty where there is none (any more).
     *
     * @throws ApiException where it cannot be had now: a node that is not reached is a code 500
     */
    public byte[] logTail(String namespace, String pod, String container) {
        var query =
                "/log?tailLines=" + LOG_LINES + "&container=" + URLEncoder.encode(container, StandardCharsets.UTF_8);
        try {
            return api.tail(path(namespace) + "/" + pod + query, LOG_BYTES);
        } catch (ApiException e) {
            if (e.code() == 400 || e.isNotFound()) return new byte[0];
            throw e;
        }
    }

    private static String path(String namespace) {
        return "/api/v1/namespaces/" + namespace + "/pods";
    }
}
