package io.syncjobs.kube;

import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.Optional;

/**
 * The API server as SyncJobs uses it: one request each, JSON as bytes. A process has one; a simulation brings its own.
 * Every method throws an {@link ApiException} for an answer that is not success, or for none.
 */
public interface Api {
    /** Who writes, in the managedFields of what is written. */
    String FIELD_MANAGER = "syncjobs";

    /** The API server behind {@code client}, over its connections and credentials. */
    static Api of(KubernetesClient client) {
        return new HttpApi(client);
    }

    byte[] get(String path);

    /** The same; empty where the answer is longer than {@code most} bytes: what has come of it is dropped at once. */
    Optional<byte[]> get(String path, int most);

    /** A list of which each object is its metadata and nothing else; empty where it is longer than {@code most} bytes. */
    Optional<byte[]> metadata(String path, int most);

    byte[] create(String path, byte[] object);

    /** A merge patch: the changed fields, with metadata.resourceVersion where it must not overwrite others' changes. */
    byte[] patch(String path, byte[] changes);

    byte[] delete(String path, byte[] options);

    /** The last bytes of an answer that may be long. */
    byte[] tail(String path, int bytes);
}
