package io.syncjobs.simulation;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;

/** What one process has seen of one kind: every change in its order, some time later, each kind at its own pace. */
final class Watch<T> {
    private final World world;
    private final SimProcess process;
    private final BiConsumer<String, Optional<T>> told;
    private final Map<String, T> cache = new LinkedHashMap<>();
    private final Map<String, T> gone = new HashMap<>();
    private Instant delivered = World.START;
    private int list;

    Watch(World world, SimProcess process, BiConsumer<String, Optional<T>> told) {
        this.world = world;
        this.process = process;
        this.told = told;
    }

    boolean isOf(SimProcess other) {
        return process.equals(other);
    }

    Map<String, T> cache() {
        return cache;
    }

    /** What was told last of something that went away while it was watched. */
    Optional<T> lastOf(String key) {
        return Optional.ofNullable(gone.get(key));
    }

    /** The state of the moment: at the start, and when the API server no longer knows where the watch was. */
    void listed(Map<String, T> all) {
        list++;
        delivered = world.now();
        var gone = new LinkedHashMap<>(cache);
        cache.clear();
        cache.putAll(all);
        all.forEach((key, value) -> {
            gone.remove(key);
            told.accept(key, Optional.of(value));
        });
        this.gone.putAll(gone);
        gone.keySet().forEach(key -> told.accept(key, Optional.empty()));
    }

    /** Nothing more is told before. */
    void slowDown(Duration time) {
        var until = world.now().plus(time);
        if (until.isAfter(delivered)) delivered = until;
    }

    void tell(String key, Optional<T> value) {
        var arrives = world.now().plus(world.travel());
        if (arrives.isAfter(delivered)) delivered = arrives;
        var from = list;
        process.at(delivered, () -> {
            if (from != list) return;
            value.ifPresentOrElse(each -> cache.put(key, each), () -> gone.put(key, cache.remove(key)));
            told.accept(key, value);
        });
    }
}
