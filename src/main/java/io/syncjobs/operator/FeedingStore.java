package io.syncjobs.operator;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.javaoperatorsdk.operator.processing.event.source.informer.TransformingItemStore;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The cache of one watch. It passes on what goes in and out, in the order of the watch. This includes changes that a watch
 * notices only when it lists everything again.
 */
final class FeedingStore<R extends HasMetadata> extends TransformingItemStore<R> {
    private static final Logger LOG = LoggerFactory.getLogger(FeedingStore.class);

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
        // Or the object was deleted and created again under the same name, between two looks of the watch.
        var same = before != null
                && before.getMetadata().getUid().equals(object.getMetadata().getUid());
        if (before != null && !same) gone.accept(before);
        seen.accept(now);
        if (before != null && same) tellChange(before, now);
        return before;
    }

    /** Whatever a stranger has written into an object, the next event is handled. */
    private void tellChange(R before, R now) {
        try {
            changed.accept(before, now);
        } catch (RuntimeException e) {
            LOG.error(
                    "a change of {} {} in {} is not told",
                    now.getKind(),
                    now.getMetadata().getName(),
                    now.getMetadata().getNamespace(),
                    e);
        }
    }

    @Override
    public @Nullable R remove(String key) {
        var before = super.remove(key);
        if (before != null) gone.accept(before);
        return before;
    }
}
