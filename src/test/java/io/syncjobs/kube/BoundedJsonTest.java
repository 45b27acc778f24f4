package io.syncjobs.kube;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever the API server takes into a job can be read, and handled without an overflow of the stack. */
class BoundedJsonTest {
    private static final ObjectMapper MAPPER = Json.mapper();

    @ParameterizedTest
    @ValueSource(
            strings = {
                "null",
                "true",
                "[]",
                "{\"\":{\"a\":[1,-1,2147483648,123456789012345678901234567890,1.5,1.0E308,\"ü\",null,false]}}",
            })
    void aTreeIsReadAsJacksonReadsIt(String json) throws JsonProcessingException {
        assertThat(MAPPER.readTree(json)).isEqualTo(new ObjectMapper().readTree(json));
    }

    @Test
    void aTreeIsReadDownToALevelAtWhichItIsClearlyTooDeep() throws JsonProcessingException {
        for (var levels : new int[] {500, 900, 9_990}) {
            var tree = MAPPER.readTree("[".repeat(levels) + "]".repeat(levels));

            assertThat(depth(tree)).isEqualTo(Math.min(levels, BoundedJson.LEVELS + 1));
            assertThat(tree.deepCopy().equals(tree)).isTrue();
        }
    }

    private static int depth(JsonNode node) {
        var levels = 0;
        for (var at = node; at != null && at.isContainerNode(); at = at.get(0)) levels++;
        return levels;
    }
}
