package io.syncjobs.core.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.syncjobs.core.Tries;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("tries")
class ReportTest {
    @Test
    void everyFieldIsRead() {
        var report = Report.parse(
                "{\"type\": \"Refused\", \"message\": \"no\", \"trace\": \"at a\", \"resolution\": \"ask\","
                        + " \"retryAfterSeconds\": 1.2}");

        assertThat(report).isEqualTo(new Report(null, false, "Refused", "no", "at a", "ask", 2, List.of(), false));
        assertThat(report.claimsSuccess()).isFalse();
    }

    @Test
    void aResultOrDoneClaimsSuccess() {
        assertThat(Report.parse("{\"result\": null}").claimsSuccess()).isFalse();
        assertThat(Report.parse("{\"result\": {\"id\": 7}}").claimsSuccess()).isTrue();
        assertThat(Report.parse("{\"done\": true}").claimsSuccess()).isTrue();
        assertThat(Report.parse("{\"done\": false}").claimsSuccess()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"no such customer", "[1, 2]", "{\"result\": 1", "{\"error\": true}", "42", "it's {so}"})
    void whatIsNoJsonObjectThatWeKnowIsTheMessage(String text) {
        var report = Report.parse("  " + text + "\n");

        assertThat(report.message()).isEqualTo(text);
        assertThat(report.claimsSuccess()).isFalse();
    }

    @Test
    void whatLooksLikeJsonAndIsNoneIsTold() {
        for (var text : List.of("{\"result\": {\"id\": 7", "{\"rslt\": 1}")) {
            assertThat(Report.parse(text).remarks()).singleElement().asString().contains("could not be read as JSON");
        }
        assertThat(Report.parse("exported 12 orders").remarks()).isEmpty();
    }

    /** Each is written by some program that its author thinks of as writing JSON. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "\uFEFF{\"result\": {\"pieces\": 12}}",
                "\uFFFD\uFFFD{\0\"\0r\0e\0s\0u\0l\0t\0\"\0:\0{\0\"\0p\0i\0e\0c\0e\0s\0\"\0:\0001\0002\0}\0}\0",
                "{'result': {'pieces': 12}, 'done': True, 'trace': None}",
                "{result: {pieces: 12,},}",
                "{\"Result\": {\"pieces\": 12}}",
                "\"{\\\"result\\\": {\\\"pieces\\\": 12}}\"",
                "{'result': {'pieces': 12}, 'message': 'it says \\'True', 'done': None}",
                "{\"result\": 0, \"result\": {\"pieces\": 12}}",
                "{\"result\": {\"pieces\": 11}}\n{\"result\": {\"pieces\": 12}}\n",
                "pushing\n{\n  \"result\": {\"pieces\": 12}\n}\ndone",
                "{\"result\": {\"pieces\": 12}} done",
                "\u200b\u00a0{\"result\": {\"pieces\": 12}}",
                "\u001b[1;39m{\n  \u001b[34m\"result\"\u001b[0m: {\"pieces\": \u001b[0;39m12\u001b[0m}\n}\u001b[0m"
            })
    void aResultIsTakenWhereItsMeaningIsPlain(String text) {
        var report = Report.parse(text);

        assertThat(report.result()).hasToString("{\"pieces\":12}");
        assertThat(report.claimsSuccess()).isTrue();
    }

    /** As bc and C++ streams write them. */
    @ParameterizedTest
    @CsvSource({".5, 0.5", "-.5, -0.5", "5., 5.0", "+5, 5"})
    void aNumberNeedsNoDigitAtEitherSideOfItsPoint(String written, String kept) {
        assertThat(Report.parse("{\"result\": " + written + "}").result()).hasToString(kept);
    }

    /** Of what Python prints, only the words outside of texts are its own. */
    @Test
    void aWordOfPythonWithinATextOrALongerWordStays() {
        assertThat(Report.parse("{'result': [True, False, None, 'True', \"None\", 'a\\'None']}")
                        .result())
                .hasToString("[true,false,null,\"True\",\"None\",\"a'None\"]");
        assertThat(Report.parse("{'result': NoneType}").result()).isNull();
        assertThat(Report.parse("{\"done\": True} it's \"so").claimsSuccess()).isTrue();
    }

    @Test
    void aProblemDocumentHasItsMessageInDetailOrTitle() {
        var problem = "{\"type\": \"https://shop.example/stock\", \"title\": \"Stock too low\", \"status\": 409";

        assertThat(Report.parse(problem + ", \"detail\": \"only 3 are left\"}").message())
                .isEqualTo("only 3 are left");
        assertThat(Report.parse(problem + "}").message()).isEqualTo("Stock too low");
        assertThat(Report.parse(problem + ", \"message\": \"no\"}").message()).isEqualTo("no");
    }

    @Test
    void anErrorInWordsOrJsonOfAnotherKindIsReadLikeALog() {
        var named = Report.parse("shop.StockError: KT-9 is below zero");
        var nested = Report.parse("{\"error\": {\"type\": \"StockError\", \"message\": \"KT-9 is below zero\"}}");

        assertThat(named.type()).isEqualTo("shop.StockError");
        assertThat(named.message()).isEqualTo("KT-9 is below zero");
        assertThat(named.trace()).isEmpty();
        assertThat(nested.type()).isEqualTo("StockError");
        assertThat(nested.message()).isEqualTo("KT-9 is below zero");
        assertThat(nested.remarks()).singleElement().asString().contains("has none of the fields");
    }

    @Test
    void ofTextAroundJsonItIsToldThatItWasNotRead() {
        assertThat(Report.parse("{\"done\": true} bye").remarks())
                .containsExactly("of its termination message only the JSON was read");
        assertThat(Report.parse("{\"done\": true}\n").remarks()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"NaN", "Infinity", "-Infinity"})
    void aResultThatIsNoJsonIsLeftOutAndToldAndStillClaimsSuccess(String number) {
        var report = Report.parse("{\"result\": {\"pieces\": 12, \"prices\": [1, " + number + "]}}");

        assertThat(report.result()).isNull();
        assertThat(report.claimsSuccess()).isTrue();
        assertThat(report.remarks())
                .containsExactly("its result was left out: it could not be read as JSON: result.prices[1] is " + number
                        + "; write null or text instead");
    }

    @Test
    void doneIsAlsoReadAsTextAndWhatElseItIsIsTold() {
        assertThat(Report.parse("{\"done\": \"True\"}").claimsSuccess()).isTrue();
        assertThat(Report.parse("{\"done\": \"false\"}").claimsSuccess()).isFalse();
        var maybe = Report.parse("{\"done\": \"yes\"}");
        assertThat(maybe.claimsSuccess()).isFalse();
        assertThat(maybe.remarks()).containsExactly("done \"yes\" was left out: it is not true or false");
    }

    @Test
    void textIsTakenFromWhatJsonHoldsInItsPlace() {
        var report = Report.parse("{\"type\": 422, \"message\": {\"price\": [\"must not be empty\"]},"
                + " \"trace\": [\"at a\", \"at b\"], \"resolution\": \"a\tb\ud83d\"}");

        assertThat(report.type()).isEqualTo("422");
        assertThat(report.message()).isEqualTo("{\"price\":[\"must not be empty\"]}");
        assertThat(report.trace()).isEqualTo("at a\nat b");
        assertThat(report.resolution()).isEqualTo("a\tb\uFFFD");
    }

    /** {@code python3 push.py 2> /dev/termination-log}. */
    @Test
    void aTraceThatWasLedIntoTheFileIsReadLikeALog() {
        var report = Report.parse("Traceback (most recent call last):\n  File \"/app/stock.py\", line 27, in <module>\n"
                + "    push(product)\nValueError: stock of KT-9 is below zero\n");

        assertThat(report.type()).isEqualTo("ValueError");
        assertThat(report.message()).isEqualTo("stock of KT-9 is below zero");
        assertThat(report.trace()).contains("stock.py");
        assertThat(Report.parse("price list 12:\nline 3 has no price").message())
                .isEqualTo("price list 12:\nline 3 has no price");
    }

    @Test
    void onlyAReportAndNothingElseIsToldFromALog() {
        assertThat(Report.isNothingElse("{\"done\": true, \"result\": 7}\n")).isTrue();
        assertThat(Report.isNothingElse("{\"level\": \"error\", \"message\": \"no\", \"done\": true}"))
                .isFalse();
        assertThat(Report.isNothingElse("{\"done\": true}\nbye")).isFalse();
        assertThat(Report.isNothingElse("the shop refused the order")).isFalse();
    }

    @Test
    void ofJsonThatTheNodeHasCutNothingIsKnown() {
        var end = "x".repeat(4_083) + "\", \"done\": true}";

        assertThat(Report.parse(end))
                .isEqualTo(new Report(null, false, "", "", "", "", null, List.of(Report.CUT), true));
        assertThat(Report.parse("x".repeat(4_096)).cut()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "  \n"})
    void nothingIsNothing(String text) {
        assertThat(Report.parse(text)).isEqualTo(Report.EMPTY);
    }

    /** Numbers, and what a Retry-After header or a duration of Kubernetes would say. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "30 | 30",
                "1.2 | 2",
                "0 | 0",
                "'\"30\"' | 30",
                "'\" 30.5 \"' | 31",
                "'\"120, 120\"' | 120",
                "'\"30s\"' | 30",
                "'\"1m30s\"' | 90",
                "'\"PT2M\"' | 120",
                "'\"Sat, 28 Nov 2026 01:31:00 GMT\"' | 60",
                "'\"Sat, 28 Nov 2026 01:29:00 GMT\"' | 0",
                "'\"2026-11-28T02:31:00+01:00\"' | 60",
                "1e300 | 31536000",
                "99999999999999999999 | 31536000"
            })
    void aWaitIsTakenWhereItsMeaningIsPlain(String written, int seconds) {
        var report = Report.parse(
                "{\"retryAfterSeconds\": " + written + "}", Optional.of(Instant.parse("2026-11-28T01:30:00Z")));

        assertThat(report.retryAfterSeconds()).isEqualTo(seconds);
        assertThat(report.remarks()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "-1",
                "\"soon\"",
                "{}",
                "[30]",
                "true",
                "NaN",
                "Infinity",
                "\"\"",
                "\"-5\"",
                "\"Sat, 28 Nov 2026 01:31:00 GMT\""
            })
    void aWaitThatIsNoneIsTold(String seconds) {
        var report = Report.parse("{\"retryAfterSeconds\": " + seconds + "}");

        assertThat(report.retryAfterSeconds()).isNull();
        assertThat(report.remarks())
                .singleElement()
                .asString()
                .contains("retryAfterSeconds", "was left out: it is not a number of seconds, 0 or more");
    }

    @Test
    void noWaitIsNothingToTell() {
        assertThat(Report.parse("{\"retryAfterSeconds\": null}")).isEqualTo(Report.EMPTY);
    }

    /** A worker writes what it likes. */
    @Test
    void anythingCanBeRead() {
        var pieces = List.of(
                "{",
                "}",
                "\"result\"",
                ":",
                "NaN",
                "1e999999999",
                "'",
                "\\",
                "\"",
                "True",
                "[",
                "]",
                ",",
                "\n",
                "\uD83D",
                "\0",
                "9".repeat(2_000),
                "retryAfterSeconds");
        var random = new Random(11);
        for (var i = 0; i < Tries.of(20_000); i++) {
            var text = new StringBuilder();
            for (var n = random.nextInt(14); n >= 0; n--) text.append(pieces.get(random.nextInt(pieces.size())));
            assertThat(Report.parse(text.toString())).isNotNull();
        }
    }
}
