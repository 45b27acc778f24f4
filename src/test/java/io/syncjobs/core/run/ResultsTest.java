package io.syncjobs.core.run;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ResultsTest {
    /** The API server reads an integer of up to 64 bits as one, and any other number as a double. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "9007199254740993 | 9007199254740993",
                "9223372036854775807 | 9223372036854775807",
                "-9223372036854775808 | -9223372036854775808",
                "12.00 | 12.0",
                "0.1 | 0.1",
                "10000000000000000000 | 10000000000000000000",
                "1e308 | 1.0E308"
            })
    void aNumberThatTheApiServerKeepsStays(String written, String kept) {
        var result = Report.parse("{\"result\": " + written + "}");

        assertThat(result.result()).hasToString(kept);
        assertThat(result.remarks()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"89490200001234567890", "9223372036854775808", "0.12345678901234567890", "1E+400", "-1E-400"})
    void aNumberThatWouldLoseDigitsIsKeptAsTextAndTold(String number) {
        var report = Report.parse("{\"result\": {\"sims\": [{\"iccid\": " + number + "}]}}");

        assertThat(report.result()).hasToString("{\"sims\":[{\"iccid\":\"" + number + "\"}]}");
        assertThat(report.remarks())
                .containsExactly(
                        "result.sims[0].iccid has more digits than the API server keeps of a number and is kept"
                                + " as text");
    }

    @Test
    void ofSeveralNumbersTheFirstIsNamed() {
        assertThat(Report.parse("{\"result\": [1, 18446744073709551615, 18446744073709551615]}")
                        .remarks())
                .singleElement()
                .asString()
                .startsWith("result[1] and 1 more");
    }

    @Test
    void aResultThatIsTooLargeOrTooDeepIsLeftOut() {
        assertThat(Results.of(JsonNodeFactory.instance.textNode("x".repeat(4_094)))
                        .remark())
                .isEmpty();
        assertThat(Results.of(JsonNodeFactory.instance.textNode("x".repeat(4_095)))
                        .remark())
                .hasValue("its result was left out: it is 4097 bytes, the limit is 4096");
        JsonNode node = JsonNodeFactory.instance.numberNode(1);
        for (var i = 0; i < 501; i++)
            node = JsonNodeFactory.instance.objectNode().set("a", node);
        assertThat(Results.of(node).remark()).hasValue("its result was left out: it is nested deeper than 500 levels");
    }

    /** Telephone numbers, articles, what people and Python print: a handler that answers text has answered text. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "+4930123456",
                ".5",
                "5.",
                "007",
                "'abc'",
                "True",
                "None",
                "5 // five",
                "5 /* five */",
                "'a' 'b'",
                "done"
            })
    void textThatOnlyLooksLikeANumberOrAWordOfJsonStaysText(String text) {
        assertThat(Results.ofText(text, false).result()).isEqualTo(JsonNodeFactory.instance.textNode(text));
        assertThat(Results.ofText(text, false).remark()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"true | true", "-1.5e3 | -1500.0", "'\"a\"' | '\"a\"'", "'[+5, None]' | '[5,null]'"})
    void jsonIsJsonAndOfAnObjectOrAListTheMeaningIsPlain(String text, String kept) {
        assertThat(Results.ofText(" " + text + "\n", true).result()).hasToString(kept);
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"a\": 1}\n{\"a\": 2}", "{\"a\": ", "exported", "True", ")]}',\n{\"a\": 1}"})
    void whatOnlyCallsItselfJsonIsTextAndTold(String text) {
        var kept = Results.ofText(text, true);

        assertThat(kept.result()).isEqualTo(JsonNodeFactory.instance.textNode(text));
        assertThat(kept.remark())
                .hasValue("its result calls itself JSON, could not be read as JSON and is kept as text");
    }

    @Test
    void thatCharactersWereLostIsTold() {
        assertThat(Report.parse("{\"result\": {\"city\": \"K\uFFFDln\", \"zip\": \"50667\"}}")
                        .remarks())
                .containsExactly("result.city has characters that are not valid UTF-8, and \uFFFD in their place");
        assertThat(Results.ofText("[89490200001234567890, \"\\ud83d\"]", true).remark())
                .hasValue("result[0] has more digits than the API server keeps of a number and is kept as text;"
                        + " result[1] has characters that are not valid UTF-8, and \uFFFD in their place");
    }

    @Test
    void halfASurrogatePairIsNoTextThatCanBeWritten() {
        assertThat(Report.parse("{\"result\": {\"text\": \"a\\udc00 \\ud83d\\udce6\\u0000\"}}")
                        .result())
                .hasToString("{\"text\":\"a\uFFFD \uD83D\uDCE6\\u0000\"}");
    }
}
