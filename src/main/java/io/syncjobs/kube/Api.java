package io.syncjobs.kube;

import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Duration;
import java.util.Optional;

/**
 * The API server as SyncJobs uses it: each method is one request, with JSON as bytes. A process has one instance; a simulation
 * has its own implementation. Every method throws an {@link ApiException} if the answer is not a success, or if there is none.
 */
public interface Api {
    /** The field manager under which SyncJobs writes, as in metadata.managedFields. */
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

    /** The content types of an object, and of a merge patch. */
    String JSON = "application/json";

    String MERGE = "application/merge-patch+json";

    /** The path with one more parameter. */
    static String with(String path, String parameter) {
        return path + (path.contains("?") ? "&" : "?") + parameter;
    }

    /** The API server that {@code client} is connected to. */
    static Api of(KubernetesClient client) {
        return of(client, (verb, code) -> {});
    }

    /** The same; {@code answered} is told of the answers that do not pass through the client. */
    static Api of(KubernetesClient client, Client.Answered answered) {
        return new HttpApi(client, answered);
    }

    byte[] get(String path);

    /** The object at this path; empty if there is none. */
    default Optional<byte[]> find(String path) {
        try {
            return Optional.of(get(path));
        } catch (ApiException e) {
            if (e.isNotFound()) return Optional.empty();
            throw e;
        }
    }

    /**
     * A bounded get. If the answer is longer than {@code most} bytes the result is empty, and the rest of the answer is not
     * awaited.
     */
    Optional<byte[]> get(String path, int most, Duration patience);

    default Optional<byte[]> get(String path, int most) {
        return get(path, most, PATIENCE);
    }

    /** A list that has only the metadata of each object, in protobuf; empty if it is longer than {@code most} bytes. */
    Optional<byte[]> metadata(String path, int most);

    byte[] create(String path, byte[] object);

    /** A merge patch with the changed fields. With metadata.resourceVersion it does not overwrite changes of others. */
    byte[] patch(String path, byte[] changes);

    /** The same, answered with the object's metadata and nothing else: for a caller that knows the rest. */
    byte[] patchForMetadata(String path, byte[] changes);

    byte[] delete(String path, byte[] options);
}
