package io.syncjobs.core;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.TextNode;
import io.syncjobs.api.RawJson;
import java.math.BigInteger;
import org.junit.jupiter.api.Test;

class PayloadsTest {
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    @Test
    void aPayloadHasALimitInBytesAndInLevels() {
        assertThat(Payloads.problem(null)).isEmpty();
        assertThat(Payloads.problem(text("ü".repeat(16_383)))).isEmpty();
        assertThat(Payloads.problem(text("ü".repeat(16_383) + "x")))
                .hasValueSatisfying(text -> assertThat(text).contains("32769 bytes", "32768"));
        assertThat(Payloads.problem(RawJson.of(deep(500)))).isEmpty();
        assertThat(Payloads.problem(RawJson.of(deep(501)))).hasValue("is nested deeper than 500 levels");
        // What Jackson itself would not write any more.
        assertThat(Payloads.problem(RawJson.of(deep(9_990)))).hasValue("is nested deeper than 500 levels");
    }

    @Test
    void aResultThatTheApiServerWouldNotTakeIsNamed() {
        assertThat(Payloads.resultProblem(JSON.numberNode(1e308))).isEmpty();
        assertThat(Payloads.resultProblem(JSON.arrayNode().add(BigInteger.TEN.pow(400))))
                .isPresent();
        assertThat(Payloads.resultProblem(JSON.numberNode(Double.POSITIVE_INFINITY)))
                .isPresent();
        assertThat(Payloads.resultProblem(nested(501))).isPresent();
        assertThat(Payloads.resultProblem(new TextNode("x".repeat(4_095)))).isPresent();
    }

    private static RawJson text(String text) {
        return RawJson.of("\"" + text + "\"");
    }

    private static String deep(int levels) {
        return "[".repeat(levels) + "]".repeat(levels);
    }

    private static JsonNode nested(int levels) {
        JsonNode node = JSON.numberNode(1);
        for (var i = 0; i < levels; i++) node = JSON.objectNode().set("a", node);
        return node;
    }
}
