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
                        + "\" but must be a whole number from 1 to 3600; the default is 15");
    }

    /** A longer trace or Lease than the API server takes would be refused with each write. */
    @ParameterizedTest
    @CsvSource({
        "SYNCJOBS_LEASE_SECONDS, 3601, 1 to 3600",
        "SYNCJOBS_TRACE_BYTES, 16385, 0 to 16384",
        "SYNCJOBS_HTTP_PORT, 65536, 1 to 65535",
        "SYNCJOBS_HEALTH_PORT, 70000, 1 to 65535",
        "SYNCJOBS_POD_START_SECONDS, 31536001, 1 to 31536000",
        "SYNCJOBS_REASON_WRITES_PER_SECOND, 1001, 1 to 1000"
    })
    void aNumberThatIsTooLargeIsRefusedWithTheLargest(String variable, String text, String range) {
        assertThatThrownBy(() -> Settings.from(Map.of(variable, text)))
                .hasMessageContaining(variable + " is \"" + text + "\" but must be a whole number from " + range);
    }

    @ParameterizedTest
    @CsvSource({
        "SYNCJOBS_WATCH_NAMESPACES, Team A",
        "SYNCJOBS_WATCH_NAMESPACES, shop;erp",
        "SYNCJOBS_WATCH_NAMESPACES, *",
        "SYNCJOBS_NAMESPACE, ''",
        "SYNCJOBS_RELEASE, my/release",
        "SYNCJOBS_IMAGE_PULL_SECRETS, pull_secret"
    })
    void aNameThatNoObjectCanHaveIsRefused(String variable, String text) {
        assertThatThrownBy(() -> Settings.from(Map.of(variable, text)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith(variable + " is \"" + text + "\" but must be")
                .hasMessageContaining("small letters, digits, dashes and dots");
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
