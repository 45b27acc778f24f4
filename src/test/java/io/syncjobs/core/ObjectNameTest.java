package io.syncjobs.core;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ObjectNameTest {
    @ParameterizedTest
    @ValueSource(strings = {"a", "7", "order-1042", "a--b", "erp.example", "a-1.b-2"})
    void theseAreNames(String name) {
        assertThat(ObjectName.isName(name)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "-", "-a", "a-", ".a", "a.", "a..b", "a.-b", "a-.b", "A", "a_b", "a b", "a/b", "ä", "٣"})
    void theseAreNone(String name) {
        assertThat(ObjectName.isName(name)).isFalse();
    }

    @Test
    void aNameHasAtMost253Characters() {
        assertThat(ObjectName.isName("a".repeat(253))).isTrue();
        assertThat(ObjectName.isName("a".repeat(254))).isFalse();
    }
}
