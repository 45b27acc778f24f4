package io.syncjobs.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TextTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "plain ü ☃ text|plain ü ☃ text",
                "^[31mred^[0m|red",
                "^]0;title^G.|.",
                "^]8;;http://x^\\link|link",
                "^]never ends|never ends",
                "a^Gb^@c|abc",
                "^|''",
                "^[|''",
                "^[31|''",
                "a^(B^[mb|ab",
                "^7a^8^#8b|ab",
                "^ü^ b^(|ü b(",
            })
    void aTerminalHasNothingToObey(String text, String clean) {
        var raw = text.replace("^\\", "\u001b\\")
                .replace("^G", "\u0007")
                .replace("^@", "\0")
                .replace('^', '\u001b');

        assertThat(Text.clean(raw)).isEqualTo(clean);
    }

    @Test
    void linesStayLinesAndHalfCharactersAreReplaced() {
        assertThat(Text.clean("a\r\nb\rc\td\u009b1m\u202e")).isEqualTo("a\nb\nc\td1m");
        assertThat(Text.clean("\ud83d\ude00 \ud83d x \ude00")).isEqualTo("\ud83d\ude00 \ufffd x \ufffd");
    }

    @Test
    void whatIsCutKeepsWholeCharactersAndSaysThatItWasCut() {
        for (var before = 0; before < 4; before++) {
            var cut = Text.cut("a".repeat(before) + "\ud83d\ude00".repeat(9), 8);

            assertThat(cut).hasSizeBetween(7, 8).endsWith("\ud83d\ude00…");
        }
        assertThat(Text.cut("\ud83d\ude00", 2)).isEqualTo("\ud83d\ude00");
    }

    @Test
    void whateverComesIsCleanAfterwardsAndStaysSo() {
        var alphabet = "a[]m;\\\u001b\u0007\n\r\0\u009b\u202e\ud83d\ude00";
        var random = new Random(7);
        for (var i = 0; i < 20_000; i++) {
            var text = new StringBuilder();
            for (var j = random.nextInt(12); j > 0; j--)
                text.append(alphabet.charAt(random.nextInt(alphabet.length())));

            var clean = Text.clean(text.toString());

            assertThat(clean).doesNotContainPattern("[\\u0000-\\u0008\\u000b-\\u001f\\u007f-\\u009f\\u202a-\\u202e]");
            assertThat(Text.clean(clean)).isEqualTo(clean);
        }
    }
}
