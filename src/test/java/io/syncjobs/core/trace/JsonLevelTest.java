package io.syncjobs.core.trace;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Numbers for levels, each by its logger's own scale: of two neighbours one is an error and the other is none. */
class JsonLevelTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
            # GELF and syslog count down
            {"short_message":"x","level":2}                      | FATAL
            {"short_message":"x","level":3}                      | ERROR
            {"short_message":"x","level":4}                      | WARN
            {"short_message":"x","level":6}                      | INFO
            {"short_message":"x","level":3,"_level_name":"INFO"} | INFO
            {"MESSAGE":"x","PRIORITY":"3"}                       | ERROR
            {"MESSAGE":"x","PRIORITY":"4"}                       | WARN
            # pino and bunyan
            {"level":60,"msg":"x"}                               | FATAL
            {"level":50,"msg":"x"}                               | ERROR
            {"level":40,"msg":"x"}                               | WARN
            {"level":30,"msg":"x"}                               | INFO
            {"level":{"name":"error","value":50}}                | ERROR
            # Python
            {"levelno":50}                                       | FATAL
            {"levelno":40}                                       | ERROR
            {"levelno":30}                                       | WARN
            {"level":40,"funcName":"export"}                     | ERROR
            {"level":30,"funcName":"export"}                     | WARN
            # Monolog
            {"level":550,"channel":"sync"}                       | FATAL
            {"level":400,"channel":"sync"}                       | ERROR
            {"level":300,"channel":"sync"}                       | WARN
            {"level":250,"channel":"sync"}                       | INFO
            # Logback
            {"level_value":40000}                                | ERROR
            {"level_value":30000}                                | WARN
            {"level_value":20000}                                | INFO
            # .NET
            {"LogLevel":5}                                       | FATAL
            {"LogLevel":4}                                       | ERROR
            {"LogLevel":3}                                       | WARN
            {"LogLevel":2}                                       | INFO
            # OpenTelemetry
            {"severityNumber":21}                                | FATAL
            {"severityNumber":17}                                | ERROR
            {"severityNumber":13}                                | WARN
            {"severityNumber":9}                                 | INFO
            # Words come first
            {"level":30,"severity":"ERROR"}                      | ERROR
            {"level":"7th"}                                      | NONE
            """)
    void aNumberIsReadByItsLoggersScale(String entry, Level level) throws IOException {
        assertThat(Json.level(JSON.readTree(entry))).isEqualTo(level);
    }
}
