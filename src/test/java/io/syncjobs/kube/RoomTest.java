package io.syncjobs.kube;

import static java.util.concurrent.TimeUnit.MINUTES;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.syncjobs.api.Reason;
import io.syncjobs.api.SyncJob;
import io.syncjobs.core.job.Statuses;
import io.syncjobs.core.job.Step;
import java.lang.reflect.Proxy;
import java.time.Instant;
import java.util.ArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** What the API server answers about a large object is held by few at a time, however many there are. */
class RoomTest {
    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
    private static final int LARGE_BYTES = 1_400_000;

    private final AtomicInteger underWay = new AtomicInteger();
    private final AtomicInteger most = new AtomicInteger();
    private final AtomicInteger answered = new AtomicInteger();
    private final CountDownLatch go = new CountDownLatch(1);

    @Test
    void thereIsRoomForAFewLargeJobsAndOthersWaitForNobody() throws InterruptedException {
        var jobs = new Jobs(api());
        var threads = new ArrayList<Thread>();
        for (var i = 0; i < 100; i++) {
            var large = job("large-" + i, "x".repeat(LARGE_BYTES));
            threads.add(Thread.startVirtualThread(() -> write(jobs, large)));
        }
        var fit = (int) (Room.MOST / LARGE_BYTES);
        await().atMost(1, MINUTES).until(() -> underWay.get() >= fit);

        write(jobs, job("small", "x"));

        assertThat(answered).hasValue(1);
        go.countDown();
        for (var thread : threads) thread.join();
        assertThat(answered).hasValue(101);
        assertThat(most.get()).isBetween(fit, fit + 1);
    }

    @Test
    void oneThatIsLargerThanAllTheRoomHasItForItself() {
        go.countDown();

        assertThat(new Room().during(Room.MOST * 3, () -> "done")).isEqualTo("done");
    }

    @Test
    void aRequestThatFailsLeavesItsRoom() {
        var room = new Room();
        for (var i = 0; i < 100; i++) {
            try {
                room.during(Room.MOST, () -> {
                    throw new ApiException(500, "no");
                });
            } catch (ApiException e) {
                // as it is meant
            }
        }

        assertThat(room.during(Room.MOST, () -> "done")).isEqualTo("done");
    }

    private static void write(Jobs jobs, SyncJob job) {
        var change = new Step.Explain(Reason.QUEUE_NOT_FOUND, "there is none");
        jobs.writeStatus(job, Statuses.after(job, change, NOW));
    }

    private static SyncJob job(String name, String payload) {
        var json = Json.object();
        json.putObject("metadata")
                .put("name", name)
                .put("namespace", "shop")
                .put("uid", name)
                .put("resourceVersion", "1")
                .put("creationTimestamp", "2026-03-01T11:00:00Z");
        json.putObject("spec").put("action", "export.order").put("payload", payload);
        return Json.read(Json.bytes(json), SyncJob.class);
    }

    /** One that keeps everybody waiting who writes to a large job. */
    private Api api() {
        return (Api) Proxy.newProxyInstance(
                Api.class.getClassLoader(), new Class<?>[] {Api.class}, (proxy, method, args) -> {
                    var path = (String) args[0];
                    if (path.contains("large")) {
                        most.accumulateAndGet(underWay.incrementAndGet(), Math::max);
                        go.await();
                        underWay.decrementAndGet();
                    }
                    answered.incrementAndGet();
                    var sent = Json.read((byte[]) args[1], ObjectNode.class);
                    sent.withObject("/metadata").put("resourceVersion", "2");
                    sent.putObject("spec");
                    return Json.bytes(sent);
                });
    }
}
