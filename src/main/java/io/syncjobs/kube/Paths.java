package io.syncjobs.kube;

import io.syncjobs.api.Names;

/** Where the API server has the product's objects. */
final class Paths {
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

    private static String list(String namespace, String plural) {
        return "/apis/" + Names.GROUP + "/" + Names.VERSION + "/namespaces/" + namespace + "/" + plural;
    }
}
