package io.syncjobs.kube;

import io.fabric8.kubernetes.api.model.HasMetadata;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/** Reads all objects of a kind consistently, in pages. */
public final class Lists {
    private final Api api;

    public Lists(Api api) {
        this.api = api;
    }

    /**
     * All objects of a kind. Each is pruned as soon as it is parsed; whole objects would need several times the memory.
     *
     * @param namespaces the namespaces; empty for all
     * @param labels a label selector; empty for none
     */
    public <T extends HasMetadata> List<T> read(
            Class<T> kind, List<String> namespaces, String labels, UnaryOperator<T> prune) {
        return all(kind, namespaces, labels.isEmpty() ? "" : "&labelSelector=" + Pages.encoded(labels), prune);
    }

    /** All objects of a kind that match a field selector. */
    public <T extends HasMetadata> List<T> select(
            Class<T> kind, List<String> namespaces, String fields, UnaryOperator<T> prune) {
        return all(kind, namespaces, "&fieldSelector=" + Pages.encoded(fields), prune);
    }

    private <T extends HasMetadata> List<T> all(
            Class<T> kind, List<String> namespaces, String selector, UnaryOperator<T> prune) {
        var scopes = namespaces.isEmpty() ? Stream.of("") : namespaces.stream().map(name -> "/namespaces/" + name);
        return scopes.flatMap(scope -> pages(kind, path(kind, scope), selector, prune).stream())
                .toList();
    }

    private <T> List<T> pages(Class<T> kind, String path, String selector, UnaryOperator<T> prune) {
        var all = new ArrayList<T>();
        Pages.read(
                api::get,
                path,
                selector,
                page -> JsonPage.next(JsonPage.read(page, parser -> all.add(prune.apply(parser.readValueAs(kind))))));
        return all;
    }

    private static String path(Class<? extends HasMetadata> kind, String scope) {
        var group = HasMetadata.getGroup(kind);
        var root = group == null || group.isEmpty() ? "/api" : "/apis/" + group;
        return root + "/" + HasMetadata.getVersion(kind) + scope + "/" + HasMetadata.getPlural(kind);
    }
}
