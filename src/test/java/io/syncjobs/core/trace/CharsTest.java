package io.syncjobs.core.trace;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class CharsTest {
    @Test
    void whatIsCutKeepsWholeCharacters() {
        for (var before = 0; before < 4; before++) {
            var cut = Chars.cut("a".repeat(before) + "\ud83d\ude00".repeat(9), 8);

            assertThat(cut).hasSizeBetween(7, 8).endsWith("\ud83d\ude00…");
        }
    }
}
