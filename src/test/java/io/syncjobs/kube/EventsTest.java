package io.syncjobs.kube;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class EventsTest {
    private static final String ID = "0a1b2c3d-0000";

    @Test
    void anEventIsNamedAfterItsObjectAndNeverLongerThanANameMayBe() {
        assertThat(Events.name("order-1042", ID)).isEqualTo("order-1042.0a1b2c3d");
        assertThat(Events.name("a".repeat(253), ID)).hasSize(253).endsWith("a.0a1b2c3d");
        assertThat(Events.name("a".repeat(242) + "-.b".repeat(3), ID)).isEqualTo("a".repeat(242) + ".0a1b2c3d");
    }
}
