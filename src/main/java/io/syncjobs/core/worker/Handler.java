package io.syncjobs.core.worker;

import io.syncjobs.api.SyncJob;
import io.syncjobs.core.Observation;
import io.syncjobs.core.blame.Scene;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * The user's container in a worker's pod.
 *
 * @param cancelPath where it is told to give up a call; empty where it cannot be told
 * @param traceBytes how much is kept of the end of a trace that it answers with
 */
public record Handler(
        String pool, String container, int port, String path, Optional<String> cancelPath, int traceBytes) {
    /** What advice about a call names. */
    Scene scene(SyncJob job) {
        var names = new HashMap<String, String>();
        names.put("namespace", job.getMetadata().getNamespace());
        names.put("template", "the template of SyncWorkerPool " + pool);
        names.put("pod", Objects.requireNonNullElse(Observation.statusOf(job).worker(), ""));
        names.put("pool", pool);
        names.put("container", container);
        names.put("port", Integer.toString(port));
        names.put("path", path);
        return new Scene(false, Map.copyOf(names));
    }
}
