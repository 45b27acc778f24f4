package io.syncjobs.kube;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whether a write may have been carried out though its sender was not told so. */
class ApiExceptionTest {
    @ParameterizedTest
    @ValueSource(ints = {0, 408, 500, 503, 504})
    void whoGotNoAnswerOrAFailureOfTheServerCannotKnow(int code) {
        assertThat(new ApiException(code, "etcdserver: request timed out").mayHaveBeenDone())
                .isTrue();
    }

    @ParameterizedTest
    @ValueSource(ints = {400, 401, 403, 404, 409, 413, 422, 429})
    void whatIsRefusedHasNotBeenDone(int code) {
        assertThat(new ApiException(code, "no").mayHaveBeenDone()).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "500, 'Internal error occurred: failed calling webhook \"a.example.com\": failed to call webhook: Post \"https://a\": EOF'",
        "503, 'admission webhook \"a.example.com\" denied the request: not now'",
        "500, 'Internal error occurred: resource quota evaluation timed out'",
        "500, 'etcdserver: request is too large'"
    })
    void whatAdmissionOrTheStoreHasRefusedHasNotBeenDoneWhateverTheCode(int code, String message) {
        assertThat(new ApiException(code, message).mayHaveBeenDone()).isFalse();
    }
}
