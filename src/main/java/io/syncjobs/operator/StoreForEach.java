package io.syncjobs.operator;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.informers.cache.ItemStore;
import io.javaoperatorsdk.operator.api.config.ControllerConfiguration;
import io.javaoperatorsdk.operator.api.config.ResolvedControllerConfiguration;
import io.javaoperatorsdk.operator.api.config.informer.InformerConfiguration;
import io.javaoperatorsdk.operator.api.config.informer.InformerEventSourceConfiguration;
import io.javaoperatorsdk.operator.api.config.informer.InformerEventSourceConfiguration.DefaultInformerEventSourceConfiguration;
import java.util.function.Supplier;

/**
 * Gives each watch a store of its own. The framework has one watch for each namespace, and gives all of them the store that is
 * configured; but a watch that lists anew takes whatever else is in its store for deleted, and that are the objects of the
 * other namespaces.
 */
final class StoreForEach<R extends HasMetadata> extends InformerConfiguration<R> {
    private final Supplier<? extends ItemStore<R>> stores;

    private StoreForEach(InformerConfiguration<R> all, Supplier<? extends ItemStore<R>> stores) {
        super(
                all.getResourceClass(),
                all.getName(),
                all.getNamespaces(),
                all.getFollowControllerNamespaceChanges(),
                all.getLabelSelector(),
                all.getOnAddFilter(),
                all.getOnUpdateFilter(),
                all.getOnDeleteFilter(),
                all.getGenericFilter(),
                null,
                all.getInformerListLimit(),
                all.getFieldSelector(),
                all.isComparableResourceVersions(),
                all.getGhostResourceCacheCheckInterval());
        this.stores = stores;
    }

    /** Asked for once for each watch. */
    @Override
    public ItemStore<R> getItemStore() {
        return stores.get();
    }

    /** What a controller watches. */
    static <R extends HasMetadata> ControllerConfiguration<R> of(
            ControllerConfiguration<R> all, Supplier<? extends ItemStore<R>> stores) {
        var own = new StoreForEach<>(all.getInformerConfig(), stores);
        return new ResolvedControllerConfiguration<>(all) {
            @Override
            public InformerConfiguration<R> getInformerConfig() {
                return own;
            }
        };
    }

    /** What a controller watches beside. */
    static <R extends HasMetadata> InformerEventSourceConfiguration<R> of(
            InformerEventSourceConfiguration<R> all, Supplier<? extends ItemStore<R>> stores) {
        return new DefaultInformerEventSourceConfiguration<>(
                all.getGroupVersionKind().orElse(null),
                all.getPrimaryToSecondaryMapper(),
                all.getSecondaryToPrimaryMapper(),
                new StoreForEach<>(all.getInformerConfig(), stores),
                all.getKubernetesClient().orElse(null)) {};
    }
}
