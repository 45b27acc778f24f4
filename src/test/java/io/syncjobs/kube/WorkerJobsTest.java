package io.syncjobs.kube;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.syncjobs.api.SyncJob;
import java.io.InputStream;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class WorkerJobsTest {
    private final List<String> told = new ArrayList<>();

    /**
     * 1. The worker could not renew its Lease, and lists its jobs. 2. It asks for the watch. 3. It renews its Lease: from now on
     * jobs may be given to it, so it asks for another list. 4. The watch begins.
     */
    @Test
    void aWatchThatBeginsAfterAnotherListWasAskedForIsNotFollowed() {
        follow(true, false);

        assertThat(told).containsExactly("list", "closed");
    }

    /**
     * 1. A list is on its way, and the process stands still for minutes. 2. It renews its Lease, so it asks for another list. 3. The
     * first list arrives.
     */
    @Test
    void aListFromBeforeAnotherOneWasAskedForDoesNotCount() {
        follow(false, true);

        assertThat(told).isEmpty();
    }

    /** A worker may have a thousand slots, and its agent has a heap of 48 MB. */
    @Test
    void aListKeepsNoMorePayloadsThanThereIsRoomForAndNoTraces() {
        var jobs = IntStream.range(0, 300)
                .mapToObj(number -> """
                        {"metadata": {"name": "a%d", "namespace": "shop", "uid": "uid-%1$d", "resourceVersion": "5"},
                         "spec": {"action": "export.order", "payload": "%s"},
                         "status": {"state": "Enqueued", "error": {"type": "Timeout", "message": "no answer", "trace": "%3$s"}}}""".formatted(number, "x".repeat(30_000), "at line 7"))
                .collect(Collectors.joining(",", "{\"metadata\": {\"resourceVersion\": \"7\"}, \"items\": [", "]}"));
        var listed = new ArrayList<SyncJob>();
        new WorkerJobs(api(jobs), () -> 0, "shop", "worker-1").follow(new Listening() {
            @Override
            public void listed(List<SyncJob> all) {
                listed.addAll(all);
            }
        });

        assertThat(listed).hasSize(300).allSatisfy(job -> {
            assertThat(requireNonNull(job.getSpec().payload()).bytes()).isEqualTo(30_002);
            assertThat(requireNonNull(job.getStatus().error()).message()).isEqualTo("no answer");
            assertThat(requireNonNull(job.getStatus().error()).trace()).isNull();
        });
        assertThat(listed.stream()
                        .filter(job -> requireNonNull(job.getSpec().payload()).hasText()))
                .hasSizeBetween(100, 140);
    }

    private StreamApi api(String list) {
        return (StreamApi) Proxy.newProxyInstance(
                StreamApi.class.getClassLoader(), new Class<?>[] {StreamApi.class}, (self, request, with) -> {
                    if (request.getName().equals("stream")) return new Watch();
                    var answer = list.getBytes(UTF_8);
                    return request.getReturnType().equals(Optional.class) ? Optional.of(answer) : answer;
                });
    }

    private void follow(boolean againWithWatch, boolean againWithList) {
        var jobs = new WorkerJobs[1];
        var api = (StreamApi) Proxy.newProxyInstance(
                StreamApi.class.getClassLoader(), new Class<?>[] {StreamApi.class}, (self, request, with) -> {
                    if (request.getName().equals("stream")) {
                        if (againWithWatch) jobs[0].again();
                        return new Watch();
                    }
                    if (againWithList) jobs[0].again();
                    var list = "{\"metadata\": {\"resourceVersion\": \"7\"}, \"items\": []}".getBytes(UTF_8);
                    return request.getReturnType().equals(Optional.class) ? Optional.of(list) : list;
                });
        jobs[0] = new WorkerJobs(api, () -> 0, "shop", "worker-1");

        jobs[0].follow(new Listening());
    }

    private class Listening implements WorkerJobs.Listener {
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
