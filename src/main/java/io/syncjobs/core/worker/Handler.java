package io.syncjobs.core.worker;

import io.syncjobs.api.SyncJob;
import io.syncjobs.core.JobFields;
import io.syncjobs.core.blame.Scene;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The user's container in a worker's pod.
 *
 * @param cancelPath the path that tells it to give up a call; empty if it has none
 * @param traceBytes how many bytes are kept of the end of a trace in its answer
 */
public record Handler(
        String pool, String container, int port, String path, Optional<String> cancelPath, int traceBytes) {
    /** The names that advice about a call contains. */
    Scene scene(SyncJob job) {
        var names = new HashMap<String, String>();
        names.put("namespace", job.getMetadata().getNamespace());
        names.put("template", "the template of SyncWorkerPool " + pool);
        names.put("pod", JobFields.workerOf(job));
        names.put("pool", pool);
        names.put("container", container);
        names.put("port", Integer.toString(port));
        names.put("path", path);
        return new Scene(false, Map.copyOf(names));
    }
}
