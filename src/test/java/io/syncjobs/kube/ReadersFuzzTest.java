package io.syncjobs.kube;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.code_intelligence.jazzer.mutation.annotation.NotNull;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.WatchEvent;
import io.fabric8.kubernetes.api.model.coordination.v1.LeaseBuilder;
import io.syncjobs.api.Names;
import io.syncjobs.api.SyncJob;
import io.syncjobs.api.SyncQueue;
import io.syncjobs.api.SyncWorkerPool;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What the API server hands on of objects that anybody wrote. */
class ReadersFuzzTest {
    /** What is an object of JSON is read, or says of itself that it cannot be; what is none is refused as such. */
    @FuzzTest
    void readsAnyObject(byte[] object) {
        read(object, SyncJob.class);
        read(object, SyncQueue.class);
        read(object, SyncWorkerPool.class);
    }

    private static <T extends HasMetadata> Optional<T> read(byte[] object, Class<T> type) {
        try {
            var read = Json.read(object, type, 1_000);
            assertThat(read.getMetadata()).isNotNull();
            return Optional.of(read);
        } catch (ApiException e) {
            assertThat(e).hasMessageStartingWith("the API server's answer is not a " + type.getSimpleName());
            return Optional.empty();
        }
    }

    /** One event that cannot be read must not end the watch in another way than the client knows. */
    @FuzzTest
    void readsAnyWatchEvent(byte[] event) {
        WatchEvent read;
        try {
            read = Json.mapper().readValue(event, WatchEvent.class);
        } catch (IOException e) {
            return;
        }
        if (read != null && read.getObject() instanceof SyncJob job)
            assertThat(job.getMetadata()).isNotNull();
    }

    /** A list that cannot be read is refused as such: the sweep is tried again. */
    @FuzzTest
    void readsAnyListOfMetadata(byte[] page) {
        MetadataPage read;
        try {
            read = MetadataPage.read(page);
        } catch (ApiException e) {
            assertThat(e).hasMessageStartingWith("the API server's list cannot be read: ");
            return;
        }
        assertThat(read.items()).allSatisfy(item -> assertThat(item.name()).isNotNull());
        assertThat(read.next()).isNotNull();
    }

    /** What a worker's agent is told of its jobs. */
    @FuzzTest
    void aWorkerReadsAnyWatchEvent(byte[] event) {
        var told = new ArrayList<SyncJob>();
        var listener = new WorkerJobs.Listener() {
            @Override
            public void listed(List<SyncJob> all) {}

            @Override
            public void changed(SyncJob job) {
                told.add(job);
            }

            @Override
            public void left(SyncJob job) {
                told.add(job);
            }
        };
        try {
            EventLines.tell(event, (type, object) -> WorkerJobs.tell(type, object, listener));
        } catch (IOException e) {
            // Then the watch begins anew.
            return;
        }
        assertThat(told).allSatisfy(job -> assertThat(job.getMetadata()).isNotNull());
    }

    /** Its own Lease, on which other accounts may write annotations. */
    @FuzzTest
    void aWorkerReadsAnyNote(byte[] event) {
        var notes = new ArrayList<Boolean>();
        try {
            EventLines.tell(event, (type, object) -> notes.add(SilenceNotes.isUnanswered(object)));
        } catch (IOException e) {
            // Then the watch begins anew.
        }
        assertThat(notes).hasSizeLessThan(2);
    }

    /** The annotations of a Lease, which the account of a worker may write. */
    @FuzzTest
    void readsAnyWorkersLease(@NotNull String annotation) {
        var lease = new LeaseBuilder()
                .withNewMetadata()
                .withNamespace("shop")
                .withName("pod-1")
                .withResourceVersion("1")
                .withAnnotations(Map.of(
                        Names.SLOTS, annotation,
                        Names.WORKER_STATE, annotation,
                        Names.WORKER_MESSAGE, annotation,
                        Names.SEEN, annotation))
                .endMetadata()
                .withNewSpec()
                .endSpec()
                .build();

        var entry = Workers.entry(lease);

        assertThat(entry.slots()).isBetween(0, 1_000);
        assertThat(entry.message().chars().noneMatch(c -> Character.isISOControl(c) && c != '\n' && c != '\t'))
                .isTrue();
    }
}
