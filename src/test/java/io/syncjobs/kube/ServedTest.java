package io.syncjobs.kube;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** Of several namespaces one that cannot be read does not stop the others. */
class ServedTest {
    private final Map<String, ApiException> broken = new HashMap<>();
    private final List<String> read = new ArrayList<>();

    private void part(List<String> namespaces) {
        for (var namespace : namespaces) {
            if (broken.containsKey(namespace)) throw Objects.requireNonNull(broken.get(namespace));
            read.add(namespace);
        }
        if (namespaces.isEmpty()) read.add("all");
    }

    @Test
    void oneThatIsForbiddenOrGoneIsLeftOutUntilItIsBack() {
        var served = new Served(List.of("shop", "erp", "bank"));
        broken.put("shop", new ApiException(403, "no right"));
        broken.put("erp", new ApiException(404, "gone"));

        assertThat(served.each(this::part)).containsExactlyInAnyOrder("shop", "erp");
        assertThat(read).containsExactly("bank");
        assertThat(served.isClosed("shop")).isTrue();
        assertThat(served.isClosed("bank")).isFalse();

        broken.clear();
        assertThat(served.each(this::part)).isEmpty();
        assertThat(read).containsExactly("bank", "shop", "erp", "bank");
        assertThat(served.isClosed("shop")).isFalse();
    }

    /** An outage is nobody's namespace: what is read of it is not all, and must not pass for it. */
    @Test
    void whatIsNoFaultOfANamespaceIsThrown() {
        var served = new Served(List.of("shop", "erp"));
        for (var code : new int[] {0, 401, 429, 500}) {
            broken.put("shop", new ApiException(code, "trouble"));
            assertThatThrownBy(() -> served.each(this::part)).isSameAs(broken.get("shop"));
        }
        broken.clear();
        assertThat(new Served(List.of()).each(this::part)).isEmpty();
        assertThat(read).containsExactly("all");
        assertThatThrownBy(() -> new Served(List.of()).each(all -> {
                    throw new ApiException(403, "no right at all");
                }))
                .isInstanceOf(ApiException.class);
    }
}
