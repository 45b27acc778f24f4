package io.syncjobs.enqueuer;

import io.syncjobs.api.Names;
import io.syncjobs.enqueuer.EnqueueIo.Kind;
import io.syncjobs.enqueuer.EnqueueIo.Listed;
import io.syncjobs.kube.Api;
import io.syncjobs.kube.MetadataLists;
import io.syncjobs.kube.Pods;
import io.syncjobs.kube.Served;
import java.util.List;
import java.util.function.Consumer;

/** Lists all objects that the index follows, in pages: their names and versions only. */
final class ClusterList {
    private static final String OWN = "/apis/" + Names.API_VERSION;

    private final MetadataLists lists;
    private final Served served;

    ClusterList(Api api, Served served) {
        lists = new MetadataLists(api);
        this.served = served;
    }

    /** Hands each page to {@code some}. */
    void read(Consumer<List<Listed>> some) {
        served.each(namespaces -> {
            var scope = namespaces.isEmpty() ? "" : "/namespaces/" + namespaces.getFirst();
            read(Kind.POD, "/api/v1" + scope + "/pods", Pods.SELECTOR, some);
            read(Kind.QUEUE, OWN + scope + "/syncqueues", "", some);
            read(Kind.JOB, OWN + scope + "/syncjobs", "", some);
        });
    }

    private void read(Kind kind, String path, String labels, Consumer<List<Listed>> some) {
        lists.read(
                path,
                labels,
                page -> some.accept(page.stream()
                        .map(item -> new Listed(kind, item.namespace(), item.name(), item.uid(), item.version()))
                        .toList()));
    }
}
