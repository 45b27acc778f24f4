package io.syncjobs.kube;

import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Duration;
import java.util.Optional;

/**
 * The API server as SyncJobs uses it: one request each, JSON as bytes. A process has one; a simulation brings its own.
 * Every method throws an {@link ApiException} for an answer that is not success, or for none.
 */
public interface Api {
    /** Who writes, in the managedFields of what is written. */
    String FIELD_MANAGER = "syncjobs";

    /**
     * What every merge patch asks for: the API server would read the whole object a second time, to warn of unknown fields in a
     * header that nobody reads.
     */
    String UNCHECKED = "fieldValidation=Ignore";

    /** One object of which the API server tells the metadata alone. */
    String METADATA_ONLY = "application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1";

    /** An answer that takes longer is none. */
    Duration PATIENCE = Duration.ofSeconds(30);

    /** The API server behind {@code client}, over its connections and credentials. */
    static Api of(KubernetesClient client) {
        return new HttpApi(client);
    }

    byte[] get(String path);

    /**
     * The same; empty where the answer is longer than {@code most} bytes: what has come of it is dropped at once, and the rest is
     * not waited for.
     */
    Optional<byte[]> get(String path, int most, Duration patience);

    default Optional<byte[]> get(String path, int most) {
        return get(path, most, PATIENCE);
    }

    /** A list of which each object is its metadata and nothing else; empty where it is longer than {@code most} bytes. */
    Optional<byte[]> metadata(String path, int most);

    byte[] create(String path, byte[] object);

    /** A merge patch: the changed fields, with metadata.resourceVersion where it must not overwrite others' changes. */
    byte[] patch(String path, byte[] changes);

    /** The same, answered with the object's metadata and nothing else: for a caller that knows the rest. */
    byte[] patchForMetadata(String path, byte[] changes);

    byte[] delete(String path, byte[] options);
}
