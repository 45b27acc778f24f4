package io.syncjobs.operator;

import static org.assertj.core.api.Assertions.assertThat;

import io.javaoperatorsdk.operator.processing.event.Event;
import io.javaoperatorsdk.operator.processing.event.source.controller.ResourceEvent;
import io.syncjobs.api.SyncJobSpec;
import io.syncjobs.api.SyncJobStatus;
import io.syncjobs.kube.StubApi;
import java.util.ArrayList;
import org.junit.jupiter.api.Test;

class LooksTest {
    /** The framework skips any other event about an object of which it has no state. */
    @Test
    void aLookSeemsToComeFromTheWatchOfJobs() {
        var events = new ArrayList<Event>();
        var looks = new Looks();
        var spec = new SyncJobSpec("narrow", "export.order", null, 1, null, null, null, null);
        var job = StubApi.job("a", 1, spec, SyncJobStatus.NEW);
        looks.setEventHandler(events::add);
        looks.at(job);
        assertThat(events).as("not started").isEmpty();
        looks.start();

        looks.at(job);

        assertThat(events).singleElement().isInstanceOfSatisfying(ResourceEvent.class, event -> {
            assertThat(event.getRelatedCustomResourceID().getName()).isEqualTo("a");
            assertThat(event.getResource().orElseThrow()).isSameAs(job);
        });
    }
}
