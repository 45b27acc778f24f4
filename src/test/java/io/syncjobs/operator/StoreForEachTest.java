package io.syncjobs.operator;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Pod;
import io.javaoperatorsdk.operator.api.config.informer.InformerEventSourceConfiguration;
import io.javaoperatorsdk.operator.processing.event.source.informer.TransformingItemStore;
import io.syncjobs.api.SyncJob;
import java.util.Set;
import org.junit.jupiter.api.Test;

class StoreForEachTest {
    /** The framework asks once for each namespace. */
    @Test
    void noTwoWatchesShareAStoreAndAllElseStays() {
        var plain = InformerEventSourceConfiguration.from(Pod.class, SyncJob.class)
                .withName("pods")
                .withNamespaces(Set.of("shop", "erp"))
                .withLabelSelector("a=b")
                .withInformerListLimit(500L)
                .withComparableResourceVersion(false)
                .build();

        var each = StoreForEach.of(plain, () -> new TransformingItemStore<>(pod -> pod));

        var watched = each.getInformerConfig();
        assertThat(watched.getItemStore()).isNotNull().isNotSameAs(watched.getItemStore());
        assertThat(watched.getName()).isEqualTo("pods");
        assertThat(watched.getNamespaces()).containsExactlyInAnyOrder("shop", "erp");
        assertThat(watched.getLabelSelector()).isEqualTo("a=b");
        assertThat(watched.getInformerListLimit()).isEqualTo(500L);
        assertThat(watched.isComparableResourceVersions()).isFalse();
        assertThat(each.getSecondaryToPrimaryMapper()).isSameAs(plain.getSecondaryToPrimaryMapper());
    }
}
