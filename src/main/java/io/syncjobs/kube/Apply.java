package io.syncjobs.kube;

import io.fabric8.kubernetes.client.KubernetesClient;

/** Server-side apply: sets the given fields, whoever else has changed them, and leaves all other fields alone. */
@FunctionalInterface
public interface Apply {
    /** Uses the connections and credentials of {@code client}. */
    static Apply of(KubernetesClient client) {
        return new HttpApi(client, (verb, code) -> {});
    }

    /**
     * Creates the object, or sets its fields to what is given. Fields that the API server does not know are refused.
     *
     * @return the object as it is now
     * @throws ApiException with the API server's message
     */
    byte[] apply(String path, byte[] object);
}
