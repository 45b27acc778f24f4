package io.syncjobs.enqueuer;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.syncjobs.api.Names;
import io.syncjobs.api.State;
import io.syncjobs.api.SyncJob;
import io.syncjobs.api.SyncJobStatus;
import io.syncjobs.core.index.JobEntry;
import io.syncjobs.core.index.JobIndex;
import io.syncjobs.kube.Jobs;
import io.syncjobs.kube.Reservations;
import io.syncjobs.kube.Served;
import io.syncjobs.kube.StubApi;
import io.syncjobs.kube.StubApi.Answer;
import io.syncjobs.kube.StubApi.Request;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A namespace that cannot be read when a term begins holds up no other, and gives no place before its places are known. */
class TakenPlacesTest {
    private volatile boolean forbidden = true;
    private volatile @Nullable Pod pod;
    private Instant now = GivenJobs.NOW;
    private final StubApi api = new StubApi(this::answer);
    private final Jobs jobs = new Jobs(api.api());
    private final JobIndex index = new JobIndex(Duration.ofMinutes(1), Duration.ofMinutes(5));
    private final IndexFeed feed = new IndexFeed(index, Runnable::run, jobs, new Reservations());
    private final TakenPlaces places = new TakenPlaces(api.api(), new Served(List.of("bank", "shop")), feed, () -> now);

    private Answer answer(Request request) {
        if (request.path().contains("/namespaces/shop/") && forbidden) return Answer.refusal(403, "Forbidden");
        List<?> items = List.of();
        if (request.path().contains("/shop/syncjobs")) items = List.of(enqueued("2"));
        else if (request.path().contains("/shop/pods") && pod != null) items = List.of(pod);
        return Answer.object(Map.of("metadata", Map.of(), "items", items));
    }

    private static SyncJob enqueued(String version) {
        var job = GivenJobs.waiting("a", 10);
        job.getMetadata().setResourceVersion(version);
        job.setStatus(Serialization.unmarshal(
                "{\"state\":\"Enqueued\",\"attempt\":1,\"worker\":\"a-1\"}", SyncJobStatus.class));
        return job;
    }

    @AfterEach
    void close() {
        api.close();
    }

    @Test
    void itIsReadBeforeItsFirstPlaceAndWhatWasPlannedBeforeThatIsOver() {
        assertThat(places.read().jobs()).isEmpty();
        assertThat(places.areUnknown("bank")).isFalse();
        forbidden = false;

        assertThat(places.areUnknown("shop")).isTrue();
        assertThat(index.job("uid-a").map(JobEntry::state)).hasValue(State.ENQUEUED);
        now = now.plusSeconds(4);
        assertThat(places.areUnknown("shop")).isTrue();
        now = now.plusSeconds(1);
        assertThat(places.areUnknown("shop")).isFalse();
        assertThat(places.areUnknown("shop")).isFalse();
    }

    @Test
    void theNextTermReadsItAnew() {
        places.read();
        forbidden = false;

        assertThat(places.read().jobs()).extracting(JobEntry::name).containsExactly("a");
        assertThat(places.areUnknown("shop")).isFalse();
    }

    /** Anybody may give his pods our labels, and a pod that was read is deleted when its job needs it no more. */
    @Test
    void aStrangersPodIsNotTakenForOneOfTheJob() {
        forbidden = false;
        pod = StubApi.pod("twin")
                .editMetadata()
                .addToLabels(Map.of(Names.JOB_UID, "uid-a", Names.QUEUE, "default", Names.ATTEMPT, "1"))
                .endMetadata()
                .build();

        assertThat(places.read().pods()).hasSize(1);
        assertThat(jobs.pods().newest("uid-a", List.of())).isEmpty();
    }

    /** A sweep reads only what differs from the index. So what the index learns here nobody would read any more. */
    @Test
    void aVersionThatNoWatchHasShownIsKnownToAllThatAskForTheNewestOne() {
        forbidden = false;

        places.read();

        assertThat(jobs.newest(enqueued("1")).getMetadata().getResourceVersion())
                .isEqualTo("2");
    }
}
