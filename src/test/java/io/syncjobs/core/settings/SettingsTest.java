package io.syncjobs.core.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SettingsTest {
    @Test
    void withoutAnyVariableTheDefaultsAreInForce() {
        var settings = Settings.from(Map.of());

        assertThat(settings.watchNamespaces()).isEmpty();
        assertThat(settings.eager()).isTrue();
        assertThat(settings.deadAfter()).isEqualTo(Duration.ofMinutes(5));
        assertThat(settings.cronJob()).isEqualTo("syncjobs-enqueue");
    }

    @Test
    void namespacesAreSeparatedByCommas() {
        assertThat(Settings.from(Map.of("SYNCJOBS_WATCH_NAMESPACES", " shop, erp ,"))
                        .watchNamespaces())
                .containsExactly("shop", "erp");
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "-3", "soon", "", "1.5", "99999999999"})
    void aNumberThatIsNoneNamesItsVariableAndTheDefault(String text) {
        assertThatThrownBy(() -> Settings.from(Map.of("SYNCJOBS_LEASE_SECONDS", text)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("SYNCJOBS_LEASE_SECONDS is \"" + text
                        + "\" but must be a whole number from 1 on; the default is 15");
    }

    @Test
    void aSwitchIsTrueOrFalse() {
        assertThat(Settings.from(Map.of("SYNCJOBS_EAGER", "false")).eager()).isFalse();
        assertThatThrownBy(() -> Settings.from(Map.of("SYNCJOBS_EAGER", "yes")))
                .hasMessage("SYNCJOBS_EAGER is \"yes\" but must be true or false");
    }

    @Test
    void resourcesAreAnObjectOfJson() {
        assertThat(Settings.from(Map.of("SYNCJOBS_AGENT_RESOURCES", "{\"limits\":{\"cpu\":0.5}}"))
                        .agent()
                        .resources()
                        .toString())
                .isEqualTo("{\"limits\":{\"cpu\":0.5}}");
        for (var text : List.of("", "64Mi", "[]", "{")) {
            assertThatThrownBy(() -> Settings.from(Map.of("SYNCJOBS_AGENT_RESOURCES", text)))
                    .hasMessageStartingWith("SYNCJOBS_AGENT_RESOURCES is \"" + text + "\" but must be a JSON object");
        }
    }

    @Test
    void agentsAreToldWhatTheOperatorIsTold() {
        var told = Settings.from(Map.of("SYNCJOBS_LOG_FORMAT", "json", "SYNCJOBS_TRACE_BYTES", "0"))
                .agent()
                .variables();

        assertThat(told.toString())
                .isEqualTo("{SYNCJOBS_LOG_FORMAT=json, SYNCJOBS_LOG_LEVEL=INFO, SYNCJOBS_TRACE_BYTES=0}");
    }

    @ParameterizedTest
    @CsvSource({
        "SYNCJOBS_LOG_FORMAT, xml, 'text, json'",
        "SYNCJOBS_LOG_LEVEL, loud, 'ERROR, WARN, INFO, DEBUG, TRACE'",
        "SYNCJOBS_IMAGE_PULL_POLICY, Sometimes, 'Always, IfNotPresent, Never'"
    })
    void aWordThatIsNotOneOfThoseThatCanBeIsRefusedWithThem(String variable, String word, String words) {
        assertThatThrownBy(() -> Settings.from(Map.of(variable, word)))
                .hasMessage(variable + " is \"" + word + "\" but must be one of " + words);
    }
}
