package io.syncjobs.operator;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.javaoperatorsdk.operator.processing.event.source.informer.TransformingItemStore;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The cache of one watch. It passes on what goes in and out, in the order of the watch. This includes changes that a watch
 * notices only when it lists everything again.
 */
final class FeedingStore<R extends HasMetadata> extends TransformingItemStore<R> {
    private final Consumer<R> seen;
    private final Consumer<R> gone;
    private final BiConsumer<R, R> changed;

    FeedingStore(UnaryOperator<R> prune, Consumer<R> seen, Consumer<R> gone) {
        this(prune, seen, gone, (before, now) -> {});
    }

    /** {@code changed} is told of each change of an object that was there before, with the object before and after. */
    FeedingStore(UnaryOperator<R> prune, Consumer<R> seen, Consumer<R> gone, BiConsumer<R, R> changed) {
        super(prune);
        this.seen = seen;
        this.gone = gone;
        this.changed = changed;
    }

    @Override
    public @Nullable R put(String key, R object) {
        var before = super.put(key, object);
        var now = get(key);
        if (before != null) {
            // The object was deleted and created again under the same name, between two looks of the watch.
            if (!before.getMetadata().getUid().equals(object.getMetadata().getUid())) gone.accept(before);
            else changed.accept(before, now);
        }
        seen.accept(now);
        return before;
    }

    @Override
    public @Nullable R remove(String key) {
        var before = super.remove(key);
        if (before != null) gone.accept(before);
        return before;
    }
}
