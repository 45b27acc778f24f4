package io.syncjobs.kube;

import java.util.List;
import java.util.function.Consumer;

/** Reads the names and versions of all objects of a kind consistently, in pages. Nothing else of the objects is sent. */
public final class MetadataLists {
    /** One object. */
    public record Item(String namespace, String name, String uid, long version) {}

    private final Api api;

    public MetadataLists(Api api) {
        this.api = api;
    }

    /** Hands each page of the list at {@code path} to {@code some}; {@code labels} is a selector, or empty for none. */
    public void read(String path, String labels, Consumer<List<Item>> some) {
        var selector = labels.isEmpty() ? "" : "&labelSelector=" + Pages.encoded(labels);
        Pages.read(api::metadata, path, selector, Pages.Bounds.METADATA, answer -> {
            var page = MetadataPage.read(answer);
            some.accept(page.items());
            return page.next();
        });
    }
}
