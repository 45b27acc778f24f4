package io.syncjobs.kube;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.syncjobs.api.SyncJob;
import java.io.InputStream;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class WorkerJobsTest {
    private final List<String> told = new ArrayList<>();

    /**
     * 1. The worker could not renew its Lease, and lists its jobs. 2. It asks for the watch. 3. It renews its Lease: from now on
     * jobs may be given to it, so it asks for another list. 4. The watch begins.
     */
    @Test
    void aWatchThatBeginsAfterAnotherListWasAskedForIsNotFollowed() {
        var jobs = new WorkerJobs[1];
        var api = (StreamApi) Proxy.newProxyInstance(
                StreamApi.class.getClassLoader(), new Class<?>[] {StreamApi.class}, (self, request, with) -> {
                    if (request.getName().equals("stream")) {
                        jobs[0].again();
                        return new Watch();
                    }
                    var list = "{\"metadata\": {\"resourceVersion\": \"7\"}, \"items\": []}".getBytes(UTF_8);
                    return request.getReturnType().equals(Optional.class) ? Optional.of(list) : list;
                });
        jobs[0] = new WorkerJobs(api, () -> 0, "shop", "worker-1");

        jobs[0].follow(new WorkerJobs.Listener() {
            @Override
            public void listed(List<SyncJob> all) {
                told.add("list");
            }

            @Override
            public void changed(SyncJob job) {
                told.add("change");
            }

            @Override
            public void left(SyncJob job) {
                told.add("left");
            }
        });

        assertThat(told).containsExactly("list", "closed");
    }

    private final class Watch extends InputStream {
        @Override
        public int read() {
            told.add("read");
            return -1;
        }

        @Override
        public int read(byte[] target, int from, int length) {
            return read();
        }

        @Override
        public void close() {
            told.add("closed");
        }
    }
}
