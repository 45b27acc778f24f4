package io.syncjobs.kube;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.syncjobs.kube.MetadataLists.Item;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class MetadataPageTest {
    private static final byte[] PAGE = ProtobufList.of("""
            {"metadata": {"resourceVersion": "9", "continue": "more"}, "items": [
              {"metadata": {"namespace": "shop", "name": "order-1", "uid": "a", "resourceVersion": "7", "generation": 2}},
              {"metadata": {"name": "without", "resourceVersion": "8"}}
            ]}""".getBytes(UTF_8));

    @Test
    void namesAndVersionsAreReadAndAllElseIsSkipped() {
        var page = MetadataPage.read(PAGE);

        assertThat(page.items()).containsExactly(new Item("shop", "order-1", "a", 7), new Item("", "without", "", 8));
        assertThat(page.next()).isEqualTo("more");
    }

    @Test
    void aListWithoutObjectsIsTheLastPage() {
        var page = MetadataPage.read(ProtobufList.of("{\"metadata\": {}, \"items\": []}".getBytes(UTF_8)));

        assertThat(page).isEqualTo(new MetadataPage(List.of(), ""));
    }

    @Test
    void aPageThatIsCutOffIsAnError() {
        for (var length = 0; length < PAGE.length; length++) {
            var cut = Arrays.copyOf(PAGE, length);
            if (length == PAGE.length - 2) continue; // The last field, which is empty, may be missing.
            assertThatThrownBy(() -> MetadataPage.read(cut))
                    .as("%d bytes", length)
                    .isInstanceOf(ApiException.class)
                    .hasMessageStartingWith("the API server's list cannot be read: ");
        }
    }

    @Test
    void anAnswerInJsonIsAnError() {
        assertThatThrownBy(() -> MetadataPage.read("{\"items\": []}".getBytes(UTF_8)))
                .isInstanceOf(ApiException.class)
                .hasMessage("the API server's list cannot be read: it is not protobuf");
    }
}
