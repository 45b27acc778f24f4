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
    private final Map<String, Instant> since = new HashMap<>();
    private Instant delivered = World.START;
    private Instant lagsUntil = World.START;
    private Duration lag = Duration.ZERO;
    private final boolean mayLose;
    private int list;

    /** {@code mayLose} where a sweep finds what it misses. */
    Watch(World world, SimProcess process, boolean mayLose, BiConsumer<String, Optional<T>> told) {
        this.mayLose = mayLose;
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

    /** True where it was told by then what it has, or that it is gone. */
    boolean knew(String key, Instant by) {
        return !since.getOrDefault(key, Instant.MAX).isAfter(by);
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
            if (!value.equals(gone.remove(key))) since.put(key, world.now());
            told.accept(key, Optional.of(value));
        });
        this.gone.putAll(gone);
        gone.keySet().forEach(key -> {
            since.put(key, world.now());
            told.accept(key, Optional.empty());
        });
    }

    /** Nothing more is told before. */
    void slowDown(Duration time) {
        var until = world.now().plus(time);
        if (until.isAfter(delivered)) delivered = until;
    }

    /** For so long it tells everything so much later: each version stands as long as it stood, and is true no more. */
    void lagBehind(Duration lag, Duration time) {
        this.lag = lag;
        lagsUntil = world.now().plus(time);
    }

    void tell(String key, Optional<T> value) {
        if (mayLose && (process.api.losesEvents() || world.fault(0.002, "events lost"))) return;
        var arrives = world.now().plus(world.travel());
        if (world.now().isBefore(lagsUntil)) arrives = arrives.plus(lag);
        if (arrives.isAfter(delivered)) delivered = arrives;
        var from = list;
        process.at(delivered, () -> {
            if (from != list) return;
            since.put(key, world.now());
            value.ifPresentOrElse(each -> cache.put(key, each), () -> gone.put(key, cache.remove(key)));
            told.accept(key, value);
        });
    }
}
