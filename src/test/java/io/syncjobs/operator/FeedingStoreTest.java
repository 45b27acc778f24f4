package io.syncjobs.operator;

import static org.assertj.core.api.Assertions.assertThat;

import io.syncjobs.api.SyncJob;
import io.syncjobs.core.job.Given;
import java.util.ArrayList;
import org.junit.jupiter.api.Test;

class FeedingStoreTest {
    /** Anybody's status is told, and the next event is handled, whatever the error. */
    @Test
    void aChangeThatCannotBeToldIsSeenAllTheSame() {
        var seen = new ArrayList<String>();
        var store = new FeedingStore<SyncJob>(
                job -> job, job -> seen.add(job.getMetadata().getName()), job -> {}, (before, now) -> {
                    throw new ArithmeticException("long overflow");
                });

        store.put("a", Given.job("a"));
        store.put("a", Given.job("a"));

        assertThat(seen).containsExactly("a", "a");
    }
}
