package io.syncjobs.operator;

import static org.assertj.core.api.Assertions.assertThat;

import io.javaoperatorsdk.operator.health.EventSourceHealthIndicator;
import io.javaoperatorsdk.operator.health.InformerHealthIndicator;
import io.javaoperatorsdk.operator.health.InformerWrappingEventSourceHealthIndicator;
import io.javaoperatorsdk.operator.health.Status;
import io.syncjobs.api.SyncJob;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** An operator of several namespaces is ready as long as it serves one; one of all namespaces as long as it watches them. */
class WatchesTest {
    private record Watch(boolean works) implements InformerHealthIndicator {
        @Override
        public boolean hasSynced() {
            return works;
        }

        @Override
        public boolean isWatching() {
            return works;
        }

        @Override
        public boolean isRunning() {
            return works;
        }

        @Override
        public Status getStatus() {
            return works ? Status.HEALTHY : Status.UNHEALTHY;
        }

        @Override
        public String getTargetNamespace() {
            return "any";
        }
    }

    private static EventSourceHealthIndicator watches(boolean... work) {
        var all = new LinkedHashMap<String, InformerHealthIndicator>();
        for (var one : work) all.put("namespace-" + all.size(), new Watch(one));
        return new InformerWrappingEventSourceHealthIndicator<SyncJob>() {
            @Override
            public Map<String, InformerHealthIndicator> informerHealthIndicators() {
                return all;
            }
        };
    }

    @Test
    void oneOfSeveralNamespacesIsEnough() {
        assertThat(Watches.serve(Map.of())).isTrue();
        assertThat(Watches.serve(Map.of("jobs", Map.of("primary", watches(false, true)))))
                .isTrue();
        assertThat(Watches.serve(
                        Map.of("jobs", Map.of("primary", watches(false, true), "pods", watches(false, false)))))
                .isFalse();
        assertThat(Watches.serve(Map.of("jobs", Map.of("primary", watches(false)))))
                .isFalse();
        EventSourceHealthIndicator other = () -> Status.UNHEALTHY;
        assertThat(Watches.serve(Map.of("jobs", Map.of("other", other)))).isFalse();
    }
}
