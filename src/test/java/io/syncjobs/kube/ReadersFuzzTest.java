package io.syncjobs.kube;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.fasterxml.jackson.core.JsonProcessingException;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.WatchEvent;
import io.syncjobs.api.SyncJob;
import io.syncjobs.api.SyncQueue;
import java.io.IOException;

/** What the API server hands on of objects that anybody wrote. */
class ReadersFuzzTest {
    /** What is an object of JSON is read, or says of itself that it cannot be; what is none is refused as such. */
    @FuzzTest
    void readsAnyObject(byte[] object) {
        read(object, SyncJob.class);
        read(object, SyncQueue.class);
    }

    private static <T extends HasMetadata> void read(byte[] object, Class<T> type) {
        try {
            assertThat(Json.read(object, type, 1_000).getMetadata()).isNotNull();
        } catch (ApiException e) {
            assertThat(e).hasMessageStartingWith("the API server's answer is not a " + type.getSimpleName());
        }
    }

    /** One event that cannot be read must not end the watch in another way than the client knows. */
    @FuzzTest
    void readsAnyWatchEvent(byte[] event) throws IOException {
        WatchEvent read;
        try {
            read = Json.mapper().readValue(event, WatchEvent.class);
        } catch (JsonProcessingException e) {
            return;
        }
        if (read != null && read.getObject() instanceof SyncJob job)
            assertThat(job.getMetadata()).isNotNull();
    }
}
