package io.syncjobs.core.blame;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.code_intelligence.jazzer.mutation.annotation.NotNull;
import java.util.Map;
import org.junit.jupiter.params.provider.ValueSource;

/** What a registry, a kubelet or an admission plugin says: anybody may choose the names in it. */
class BlameFuzzTest {
    private static final Scene SCENE = new Scene(false, Map.of("namespace", "shop", "pod", "a-1-x", "node", "node-1"));

    @ValueSource(
            strings = {
                "failed to pull and unpack image \"r.example/x:1\": Head \"https://r.example/v2/x\": EOF",
                "configmap \"{namespace}\" not found",
                "couldn't find key  in Secret ",
                "Usage of EmptyDir volume \"\" exceeds the limit",
                "unexpected status from HEAD request to https://r.example/: 5"
            })
    @FuzzTest
    void whateverIsSaidHasAnAdvice(@NotNull String words) {
        for (var source : Source.values()) {
            var verdict = Blame.of(Signal.of(source, "Failed", words));

            assertThat(verdict.row().source()).isEqualTo(source);
            assertThat(verdict.whileItGoesOn(SCENE)).hasSizeLessThan(4_096);
            assertThat(verdict.whenItHasEnded(SCENE)).hasSizeLessThan(4_096);
        }
    }
}
