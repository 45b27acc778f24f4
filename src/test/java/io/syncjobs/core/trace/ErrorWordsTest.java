package io.syncjobs.core.trace;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ErrorWordsTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "error",
                "an error.",
                "(timed out)",
                "the disk is full",
                "can not log in",
                "there are no orders",
                "answered 422",
                "status 503",
                "status code: 404, again",
                "it doesn't say",
                "don't",
                "rechazado: conexión refusé par",
                "pedido expirado",
                "un échec",
                "ошибка сети",
                "接続エラー"
            })
    void aWordOfItsOwnTellsOfAnError(String text) {
        assertThat(ErrorWords.in(text)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "errored",
                "terror",
                "error_count",
                "badge",
                "mustard",
                "answered 4222",
                "answered 200",
                "status 4x4",
                "status code 503b",
                "n't",
                "1n't",
                "doesn'tx",
                "is fullest"
            })
    void aPartOfAWordDoesNot(String text) {
        assertThat(ErrorWords.in(text)).isFalse();
    }
}
