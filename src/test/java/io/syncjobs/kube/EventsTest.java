package io.syncjobs.kube;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Pod;
import io.syncjobs.core.run.PodEvent;
import java.time.Instant;
import java.util.ArrayList;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class EventsTest {
    private static final String ID = "0a1b2c3d-0000";

    @Test
    void anEventIsNamedAfterItsObjectAndNeverLongerThanANameMayBe() {
        assertThat(Events.name("order-1042", ID)).isEqualTo("order-1042.0a1b2c3d");
        assertThat(Events.name("a".repeat(253), ID)).hasSize(253).endsWith("a.0a1b2c3d");
        assertThat(Events.name("a".repeat(242) + "-.b".repeat(3), ID)).isEqualTo("a".repeat(242) + ".0a1b2c3d");
    }

    @Test
    void anEventOfAKubeletSaysWhichContainerAndWhenItHappenedLast() {
        var event = read("{'type': 'Normal', 'reason': 'Pulling', 'message': 'Pulling image',"
                + " 'involvedObject': {'fieldPath': 'spec.initContainers{fetch}'},"
                + " 'firstTimestamp': '2026-03-01T12:00:00Z', 'lastTimestamp': '2026-03-01T12:05:00Z'}");

        assertThat(event)
                .isEqualTo(new PodEvent(
                        false, "Pulling", "Pulling image", "fetch", Instant.parse("2026-03-01T12:05:00Z")));
    }

    @Test
    void anEventOfASchedulerHasTimesOfItsOwn() {
        var once = read("{'type': 'Warning', 'lastTimestamp': null, 'eventTime': '2026-03-01T12:00:00.5Z'}");
        var often = read("{'series': {'count': 2, 'lastObservedTime': '2026-03-01T12:01:00.5Z'},"
                + " 'eventTime': '2026-03-01T12:00:00.5Z'}");
        var bare = read("{'metadata': {'creationTimestamp': '2026-03-01T12:00:00Z'}}");

        assertThat(once.warning()).isTrue();
        assertThat(once.container()).isEmpty();
        assertThat(once.last()).isEqualTo("2026-03-01T12:00:00.5Z");
        assertThat(often.last()).isEqualTo("2026-03-01T12:01:00.5Z");
        assertThat(bare.last()).isEqualTo("2026-03-01T12:00:00Z");
        assertThat(read("{}").last()).isEqualTo(Instant.EPOCH);
    }

    /** The API server may take no events for hours, and each that waits holds its object. */
    @Test
    void noMoreThanSomeEventsWait() {
        var waiting = new ArrayList<Runnable>();
        var nanos = new AtomicLong();
        var events = new Events(new MemoryApi(), Instant::now, nanos::get, waiting::add, "operator-1");
        for (var i = 0; i < 1_000; i++) {
            nanos.addAndGet(1_000_000_000);
            events.warn(about("namespace-" + i % 10, "a-" + i), "JobFailed", "no");
        }
        assertThat(events.dropped()).isBetween(800L, 900L);

        while (!waiting.isEmpty()) waiting.removeFirst().run();
        assertThat(events.dropped()).as("the others were written").isBetween(800L, 900L);
        nanos.addAndGet(1_000_000_000);
        events.warn(about("namespace-0", "later"), "JobFailed", "no");
        assertThat(waiting).as("there is room again").hasSize(1);
    }

    /** A webhook there may hold up each write for half a minute. */
    @Test
    void aNamespaceThatTakesNoEventsKeepsNoOtherFromItsOwn() {
        var running = new ArrayList<Runnable>();
        var nanos = new AtomicLong();
        var events = new Events(new MemoryApi(), Instant::now, nanos::get, running::add, "operator-1");
        for (var i = 0; i < 1_000; i++) {
            nanos.addAndGet(1_000_000_000);
            events.warn(about("hung", "a-" + i), "JobFailed", "no");
        }
        var hung = running.size();
        events.warn(about("shop", "a"), "JobFailed", "no");

        assertThat(hung).as("threads").isLessThan(4);
        assertThat(running).hasSize(hung + 1);
    }

    private static Pod about(String namespace, String name) {
        return StubApi.pod(name)
                .editMetadata()
                .withNamespace(namespace)
                .endMetadata()
                .build();
    }

    private static PodEvent read(String json) {
        return Events.read(Json.tree(json.replace('\'', '"').getBytes(UTF_8)));
    }
}
