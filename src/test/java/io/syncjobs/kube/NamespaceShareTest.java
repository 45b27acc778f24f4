package io.syncjobs.kube;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class NamespaceShareTest {
    private final NamespaceShare share = new NamespaceShare(2);
    private final List<String> called = new ArrayList<>();

    @Test
    void whoGetsNoShareIsCalledInTurnWhenOneIsGivenBack() {
        assertThat(take("shop", "a")).isTrue();
        assertThat(take("shop", "b")).isTrue();
        assertThat(take("shop", "c")).isFalse();
        assertThat(take("shop", "d")).isFalse();
        assertThat(take("shop", "c")).as("it keeps its turn").isFalse();
        assertThat(take("erp", "a")).as("another namespace").isTrue();

        share.give("shop");
        assertThat(called).containsExactly("c");
        assertThat(take("shop", "c")).isTrue();
        share.give("shop");
        assertThat(called).containsExactly("c", "d");
    }

    /** A job that was told may be gone, or want something else by then: it takes no share, and gives none back. */
    @Test
    void whoDoesNotComeThoughItWasCalledKeepsTheOthersWaitingForOneTurn() {
        take("shop", "a");
        take("shop", "b");
        for (var waiting : List.of("gone", "c", "d")) take("shop", waiting);

        share.give("shop");
        assertThat(called).containsExactly("gone");
        share.give("shop");
        assertThat(called).containsExactly("gone", "c", "d");
    }

    @Test
    void whoAsksAgainByItselfDoesNotWait() {
        assertThat(share.tryTake("shop")).isTrue();
        assertThat(share.tryTake("shop")).isTrue();
        assertThat(share.tryTake("shop")).isFalse();
        assertThat(share.tryTake("erp")).isTrue();
        for (var namespace : List.of("shop", "shop", "erp")) share.give(namespace);

        assertThat(share.size()).isZero();
    }

    @Test
    void nothingIsKeptOfANamespaceThatIsDone() {
        take("shop", "a");
        take("shop", "b");
        take("shop", "deleted");
        share.forget("shop", "deleted");
        share.give("shop");
        share.give("shop");

        assertThat(called).isEmpty();
        assertThat(share.size()).isZero();
    }

    private boolean take(String namespace, String key) {
        return share.take(namespace, key, () -> called.add(key));
    }
}
