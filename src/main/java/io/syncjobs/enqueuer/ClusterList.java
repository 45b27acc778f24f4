package io.syncjobs.enqueuer;

import io.syncjobs.api.Names;
import io.syncjobs.enqueuer.EnqueueIo.Kind;
import io.syncjobs.enqueuer.EnqueueIo.Listed;
import io.syncjobs.kube.Api;
import io.syncjobs.kube.MetadataLists;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** A list of all objects that the index follows: their names and versions, read in pages. */
final class ClusterList {
    private static final String OWN = "/apis/" + Names.GROUP + "/" + Names.VERSION;

    private final MetadataLists lists;
    private final List<String> namespaces;

    ClusterList(Api api, List<String> namespaces) {
        lists = new MetadataLists(api);
        this.namespaces = namespaces;
    }

    /** Gives each page to {@code some}. */
    void read(Consumer<List<Listed>> some) {
        read(Kind.POD, "/api/v1", "/pods", Names.MANAGED_BY + "=" + Names.SYNCJOBS, some);
        read(Kind.QUEUE, OWN, "/syncqueues", "", some);
        read(Kind.JOB, OWN, "/syncjobs", "", some);
    }

    private void read(Kind kind, String root, String plural, String labels, Consumer<List<Listed>> some) {
        var scopes = namespaces.isEmpty() ? Stream.of("") : namespaces.stream().map(name -> "/namespaces/" + name);
        scopes.forEach(scope -> lists.read(
                root + scope + plural,
                labels,
                page -> some.accept(page.stream()
                        .map(item -> new Listed(kind, item.namespace(), item.name(), item.uid(), item.version()))
                        .toList())));
    }
}
