package io.syncjobs.operator;

import io.javaoperatorsdk.operator.health.EventSourceHealthIndicator;
import io.javaoperatorsdk.operator.health.InformerWrappingEventSourceHealthIndicator;
import io.javaoperatorsdk.operator.health.Status;
import java.util.Map;

/** Whether what the operator watches is enough to work with. */
final class Watches {
    private Watches() {}

    /** True while each kind is watched in at least one namespace; where all namespaces are watched as one, that is all of them. */
    static boolean serve(Map<String, Map<String, EventSourceHealthIndicator>> unhealthy) {
        return unhealthy.values().stream()
                .flatMap(sources -> sources.values().stream())
                .allMatch(source -> source instanceof InformerWrappingEventSourceHealthIndicator<?> watches
                        && watches.informerHealthIndicators().values().stream()
                                .anyMatch(watch -> watch.getStatus() == Status.HEALTHY));
    }
}
