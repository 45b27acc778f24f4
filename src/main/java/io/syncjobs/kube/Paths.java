package io.syncjobs.kube;

import io.syncjobs.api.Names;

/** Where the API server has the product's objects, and the Leases of its workers. */
final class Paths {
    /** Group and version of Kubernetes' own Leases. */
    static final String LEASE_VERSION = "coordination.k8s.io/v1";

    private Paths() {}

    /** The jobs of a namespace. */
    static String jobs(String namespace) {
        return list(namespace, "syncjobs");
    }

    static String queues(String namespace) {
        return list(namespace, "syncqueues");
    }

    static String pools(String namespace) {
        return list(namespace, "syncworkerpools");
    }

    static String leases(String namespace) {
        return "/apis/" + LEASE_VERSION + "/namespaces/" + namespace + "/leases";
    }

    private static String list(String namespace, String plural) {
        return "/apis/" + Names.API_VERSION + "/namespaces/" + namespace + "/" + plural;
    }
}
