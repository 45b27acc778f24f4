package io.syncjobs.kube;

import io.fabric8.kubernetes.client.KubernetesClient;

/** Server-side apply: what is said stays so whoever changes it, what is left open stays others'. */
@FunctionalInterface
public interface Apply {
    /** Over the connections and credentials of {@code client}. */
    static Apply of(KubernetesClient client) {
        return new HttpApi(client);
    }

    /**
     * Creates the object or brings it back to what is said; fields that the API server does not know are refused.
     *
     * @return the object as it is now
     * @throws ApiException with the API server's words
     */
    byte[] apply(String path, byte[] object);
}
