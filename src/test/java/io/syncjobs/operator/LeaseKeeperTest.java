package io.syncjobs.operator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.syncjobs.core.index.JobIndex;
import io.syncjobs.core.settings.Settings;
import io.syncjobs.enqueuer.EnqueueIo;
import io.syncjobs.enqueuer.EnqueuerLease;
import io.syncjobs.enqueuer.IndexThread;
import io.syncjobs.enqueuer.Sweep;
import io.syncjobs.kube.Leases;
import io.syncjobs.kube.MemoryApi;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a minute run finds on the enqueuer's Lease, and what it leaves there. */
class LeaseKeeperTest {
    private static final String PATH =
            "/apis/syncjobs.io/v1alpha1/namespaces/syncjobs-system/syncleases/syncjobs-enqueuer";

    private final MemoryApi api = new MemoryApi();
    private final IndexThread thread = new IndexThread();

    /** What the sweep has asked for. */
    private final List<String> asked = new ArrayList<>();

    @AfterEach
    void stop() {
        thread.stop();
    }

    @Test
    void eachRequestOfAMinuteRunIsASweep() {
        var keeper = keeper(Map.of("SYNCJOBS_POD", "operator-1"));
        request("older than this operator");
        keeper.tend();
        keeper.tend();
        assertThat(lists()).as("its caches are newer").isZero();

        request("one");
        keeper.tend();
        keeper.tend();

        await().until(() -> lists() == 1);
        assertThat(field("/spec/holderIdentity")).isEqualTo("operator-1");
    }

    /** Without the Lease the policy that refers to it would refuse the minute run, too. */
    @Test
    void anOperatorThatGivesNoPlacesOnlySeesThatTheLeaseIsThere() {
        var keeper = keeper(Map.of("SYNCJOBS_POD", "operator-1", "SYNCJOBS_EAGER", "false"));
        keeper.tend();
        keeper.tend();

        assertThat(api.object(PATH)).isPresent();
        assertThat(field("/spec/holderIdentity")).isEmpty();
    }

    private void request(String request) {
        api.put(
                PATH,
                "{\"metadata\":{\"name\":\"syncjobs-enqueuer\",\"annotations\":{\"syncjobs.io/sweep-requested\":\"%s\"}}}"
                        .formatted(request));
    }

    private String field(String pointer) {
        return api.object(PATH).orElseThrow().at(pointer).asText("");
    }

    private long lists() {
        return thread.ask(() -> asked.stream().filter("list"::equals).count());
    }

    private LeaseKeeper keeper(Map<String, String> environment) {
        var settings = Settings.from(environment);
        var leases = Leases.ofEnqueuers(api, InstantSource.system(), settings.namespace());
        var lease = new EnqueuerLease(leases, settings.enqueuerLease(), settings.pod(), settings.lease(), () -> 0);
        var io = (EnqueueIo) Proxy.newProxyInstance(
                EnqueueIo.class.getClassLoader(), new Class<?>[] {EnqueueIo.class}, (proxy, method, args) -> {
                    asked.add(method.getName());
                    return null;
                });
        // No time passes, so no sweep is due by itself.
        var sweep = new Sweep(new JobIndex(Duration.ZERO, Duration.ZERO), io, () -> 0, job -> {});
        thread.each(() -> {
            var _ = sweep.step();
            return Duration.ofMillis(10);
        });
        Thread.ofVirtual().start(thread);
        return new LeaseKeeper(settings, leases, lease, sweep, thread);
    }
}
