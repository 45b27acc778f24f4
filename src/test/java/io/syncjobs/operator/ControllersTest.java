package io.syncjobs.operator;

import static org.assertj.core.api.Assertions.assertThat;

import io.javaoperatorsdk.operator.api.reconciler.Constants;
import io.javaoperatorsdk.operator.health.EventSourceHealthIndicator;
import io.javaoperatorsdk.operator.health.Status;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** An operator of several namespaces is ready as long as it serves one; one of all namespaces as long as it watches them. */
class ControllersTest {
    private static final EventSourceHealthIndicator BROKEN = () -> Status.UNHEALTHY;
    private static final Map<String, EventSourceHealthIndicator> WATCHES = Map.of("watches", BROKEN);

    @Test
    void oneOfSeveralNamespacesIsEnough() {
        var both = List.of("shop", "erp");
        assertThat(Controllers.serve(both, Map.of())).isTrue();
        assertThat(Controllers.serve(both, Map.of("syncjobs-shop", WATCHES, "syncqueues-shop", WATCHES)))
                .isTrue();
        assertThat(Controllers.serve(both, Map.of("syncjobs-shop", WATCHES, "syncqueues-erp", WATCHES)))
                .isFalse();
        assertThat(Controllers.serve(both, Map.of("syncjobs-shop", WATCHES, "syncqueues-erp", Map.of())))
                .isTrue();
    }

    @Test
    void allNamespacesAreWatchedAsOne() {
        var all = List.of(Constants.WATCH_ALL_NAMESPACES);
        assertThat(Controllers.serve(all, Map.of())).isTrue();
        assertThat(Controllers.serve(all, Map.of("syncqueues", WATCHES))).isFalse();
    }
}
