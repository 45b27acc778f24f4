package io.syncjobs.kube;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.NullNode;
import io.syncjobs.api.SyncJob;
import java.util.Objects;
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
    void aJobsPayloadIsReadDownToALevelAtWhichItIsClearlyTooDeep() throws JsonProcessingException {
        for (var levels : new int[] {500, 900, 9_990}) {
            var payload = payload("[".repeat(levels) + "]".repeat(levels));

            assertThat(depth(payload)).isEqualTo(Math.min(levels, BoundedJson.LEVELS + 1));
            assertThat(payload.deepCopy().equals(payload)).isTrue();
            assertThat(payload.toString()).hasSizeGreaterThan(levels > 500 ? 1_000 : 999);
        }
    }

    @Test
    void aNameAndATextMayBeAsLongAsAnObject() throws JsonProcessingException {
        var longest = "k".repeat(1_500_000);

        assertThat(payload("{\"" + longest + "\":\"" + longest + "\"}")
                        .path(longest)
                        .asText())
                .isEqualTo(longest);
    }

    @Test
    void anEmptyTemplateIsNoneAndAnExplicitNullPayloadIsNull() throws JsonProcessingException {
        var job = MAPPER.readValue("{\"spec\":{\"action\":\"a\",\"payload\":null,\"template\":null}}", SyncJob.class);

        assertThat(job.getSpec().template()).isNull();
        assertThat(job.getSpec().payload()).isEqualTo(NullNode.getInstance());
    }

    private static JsonNode payload(String json) throws JsonProcessingException {
        var job = MAPPER.readValue("{\"spec\":{\"action\":\"a\",\"payload\":" + json + "}}", SyncJob.class);
        return Objects.requireNonNull(job.getSpec().payload());
    }

    private static int depth(JsonNode node) {
        var levels = 0;
        for (var at = node; at != null && at.isContainerNode(); at = at.get(0)) levels++;
        return levels;
    }
}
