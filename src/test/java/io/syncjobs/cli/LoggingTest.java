package io.syncjobs.cli;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.core.LayoutBase;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.syncjobs.cluster.Shell;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a process logs with each setting; logback reads them once, so each is a process of its own. */
class LoggingTest {
    private static final Duration LIMIT = Duration.ofMinutes(1);

    private static final List<Class<?>> NEEDED =
            List.of(Speaker.class, EcsLayout.class, Logger.class, Level.class, LayoutBase.class, JsonFactory.class);

    /** Says the same in each of them. */
    public static final class Speaker {
        private Speaker() {}

        public static void main(String[] args) {
            var log = LoggerFactory.getLogger("io.syncjobs.Speaker");
            log.atInfo()
                    .addKeyValue("job", "erp/order-1")
                    .addKeyValue("attempt", 2)
                    .log("started \"it\"\nnow");
            log.debug("only for who looks closely");
            log.error("broken", new IllegalStateException("no\tway"));
            LoggerFactory.getLogger("io.fabric8.kubernetes.Client").info("what a library tells");
            // This one of the Java Operator SDK's is not named after a class.
            LoggerFactory.getLogger("Default ConfigurationService implementation")
                    .info("what a library tells");
        }
    }

    @Test
    void textIsTheDefault() {
        assertThat(logged(Map.of()))
                .contains("INFO  Speaker job=\"erp/order-1\" attempt=\"2\" started \"it\"\nnow")
                .contains("java.lang.IllegalStateException: no\tway")
                .doesNotContain("closely", "library");
    }

    @Test
    void asJsonEachEventIsALineWithTheFieldsOfTheElasticCommonSchema() throws IOException {
        var lines = logged(Map.of("SYNCJOBS_LOG_FORMAT", "json", "SYNCJOBS_LOG_LEVEL", "DEBUG"))
                .lines()
                .toList();

        assertThat(lines).hasSize(3);
        var started = new ObjectMapper().readTree(lines.getFirst());
        assertThat(Instant.parse(started.path("@timestamp").asText())).isAfter(Instant.EPOCH);
        assertThat(started.path("log.level").asText()).isEqualTo("INFO");
        assertThat(started.path("message").asText()).isEqualTo("started \"it\"\nnow");
        assertThat(started.path("log.logger").asText()).isEqualTo("io.syncjobs.Speaker");
        assertThat(started.path("ecs.version").asText()).isNotEmpty();
        assertThat(started.path("service.name").asText()).isEqualTo("syncjobs");
        assertThat(started.path("labels").toString()).isEqualTo("{\"job\":\"erp/order-1\",\"attempt\":\"2\"}");
        var broken = new ObjectMapper().readTree(lines.getLast());
        assertThat(broken.path("error.type").asText()).isEqualTo("java.lang.IllegalStateException");
        assertThat(broken.path("error.message").asText()).isEqualTo("no\tway");
        assertThat(broken.path("error.stack_trace").asText()).contains("\tat io.syncjobs.cli.LoggingTest$Speaker.main");
    }

    @Test
    void aHigherLevelHoldsBackWhatIsLess() {
        assertThat(logged(Map.of("SYNCJOBS_LOG_LEVEL", "ERROR")))
                .contains("broken")
                .doesNotContain("started");
    }

    private static String source(Class<?> type) {
        return type.getProtectionDomain().getCodeSource().getLocation().getPath();
    }

    private static String logged(Map<String, String> environment) {
        var command = List.of(
                Path.of(System.getProperty("java.home"), "bin/java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                NEEDED.stream().map(LoggingTest::source).collect(Collectors.joining(":")),
                Speaker.class.getName());
        return Shell.run(LIMIT, environment, "", command).orThrow().err();
    }
}
