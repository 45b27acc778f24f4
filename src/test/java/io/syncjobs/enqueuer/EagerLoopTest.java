package io.syncjobs.enqueuer;

import static io.syncjobs.enqueuer.GivenJobs.running;
import static io.syncjobs.enqueuer.GivenJobs.snapshot;
import static io.syncjobs.enqueuer.GivenJobs.waiting;
import static org.assertj.core.api.Assertions.assertThat;

import io.syncjobs.cluster.Waiting;
import io.syncjobs.core.EnqueuePass.Snapshot;
import io.syncjobs.kube.Jobs;
import io.syncjobs.kube.Leases;
import io.syncjobs.kube.Reservations;
import io.syncjobs.kube.StubApi;
import io.syncjobs.kube.StubApi.Answer;
import io.syncjobs.kube.StubApi.Request;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** The first passes of a term: what the last holder has written may come late, and caches may show it later still. */
class EagerLoopTest {
    private static final int TRIES = 3;
    private static final String HELD_BY_ANOTHER =
            "{\"metadata\":{\"name\":\"lease\",\"resourceVersion\":\"5\"},\"spec\":{\"holderIdentity\":\"operator-b\"}}";

    private final AtomicInteger asked = new AtomicInteger();
    private final AtomicInteger reads = new AtomicInteger();
    private volatile int allowedAt = TRIES;
    private volatile int readsBeforeAllowed;
    private volatile boolean another;
    private volatile Consumer<EnqueuerLease> beforeRead = lease -> {};

    @Test
    void noPlaceIsGivenBeforeTheApiServerTakesThemFromThisHolder() {
        var job = waiting("a", 10);
        try (var api = new StubApi(this::fence)) {
            run(
                    api,
                    snapshot(job),
                    snapshot(job),
                    loop -> Waiting.until("a place is given", () -> !places(api).isEmpty(), () -> "asked " + asked));

            assertThat(asked.get()).as("asked whether it may").isGreaterThanOrEqualTo(TRIES);
            assertThat(readsBeforeAllowed).as("reads before it might").isZero();
            assertThat(api.requests(request -> !request.path().contains("syncleases"))
                            .subList(0, TRIES))
                    .allMatch(Request::isDryRun);
        }
    }

    @Test
    void placesThatTheCachesDoNotKnowYetCount() {
        try (var api = new StubApi(this::fence)) {
            // The caches have not heard of the place that was given to a.
            var caches = snapshot(waiting("a", 10), waiting("b", 10));
            var cluster = snapshot(running("a"), waiting("b", 10));

            run(
                    api,
                    caches,
                    cluster,
                    loop -> Waiting.until(
                            "some passes are over",
                            () -> reads.get() >= TRIES || !places(api).isEmpty(),
                            () -> "read " + reads));

            assertThat(places(api)).as("the only place is a's").isEmpty();
        }
    }

    @Test
    void whoIsRefusedAsksMoreAndMoreRarelyWhateverHappens() {
        allowedAt = Integer.MAX_VALUE;
        try (var api = new StubApi(this::fence)) {
            run(api, snapshot(waiting("a", 10)), snapshot(waiting("a", 10)), loop -> {
                var end = System.nanoTime() + Duration.ofSeconds(2).toNanos();
                while (System.nanoTime() < end) loop.wake();
                Waiting.until("it asks again", () -> asked.get() >= TRIES, () -> "asked " + asked);
            });

            // At once, and after 0.1, 0.3, 0.7 and 1.5 seconds.
            assertThat(asked.get()).isBetween(TRIES, 5);
        }
    }

    @Test
    void aPlanIsNotCarriedOutInALaterTerm() {
        var job = waiting("a", 10);
        try (var api = new StubApi(this::fence)) {
            beforeRead = lease -> {
                if (lease.term() > 1) return;
                another = true;
                lease.tend();
                another = false;
                lease.tend();
            };
            run(
                    api,
                    snapshot(job),
                    snapshot(job),
                    loop -> Waiting.until("a place is given", () -> !places(api).isEmpty(), () -> "asked " + asked));

            assertThat(asked.get()).as("the later term has asked for itself").isGreaterThan(TRIES);
        }
    }

    @Test
    void aSweepFindsTheJobThatTheCachesHaveNotHeardOf() {
        try (var api = new StubApi(this::fence)) {
            run(api, snapshot(waiting("a", 10)), snapshot(waiting("a", 10), waiting("lost", 0)), loop -> {
                Waiting.until("a has its place", () -> placed(api).contains("a"), () -> "asked " + asked);
                loop.sweep("now");
                Waiting.until("lost has its place", () -> placed(api).contains("lost"), () -> "read " + reads);
            });
        }
    }

    @Test
    void aSweepThatIsAskedForWhileTheApiServerRefusesIsMadeAfterwards() {
        try (var api = new StubApi(this::fence)) {
            run(api, snapshot(waiting("a", 10)), snapshot(waiting("a", 10), waiting("lost", 0)), loop -> {
                loop.sweep("now");
                Waiting.until("lost has its place", () -> placed(api).contains("lost"), () -> "read " + reads);
            });
        }
    }

    @Test
    void theirPlacesCountAlthoughTheCachesHaveStillNotHeardOfThem() {
        try (var api = new StubApi(this::fence)) {
            var lost = waiting("lost", 0);
            var other = waiting("a", 10);
            run(
                    api,
                    () -> snapshot(other),
                    () -> placed(api).contains("lost") ? snapshot(running("lost"), other) : snapshot(lost, other),
                    loop -> {
                        Waiting.until("a has its place", () -> placed(api).contains("a"), () -> "asked " + asked);
                        loop.sweep("now");
                        Waiting.until("lost has its place", () -> placed(api).contains("lost"), () -> "read " + reads);
                        loop.wake();
                        Waiting.during(
                                "the only place is taken",
                                Duration.ofMillis(1500),
                                () -> placed(api).getLast().equals("lost"),
                                () -> placed(api).toString());
                    });
        }
    }

    /** What the sweep has read settles the place without an answer; the caches show it as free for a while still. */
    @Test
    void aPlaceWithoutAnAnswerThatASweepHasSeenCountsForCachesThatLag() {
        var early = snapshot(waiting("a", 10));
        var late = snapshot(waiting("a", 10), waiting("first", 0));
        var caches = new AtomicReference<>(early);
        try (var api = new StubApi(request -> request.path().endsWith("/a/status") && !request.isDryRun()
                ? Answer.refusal(500, "InternalError")
                : fence(request))) {
            run(
                    api,
                    caches::get,
                    () -> placed(api).isEmpty() ? early : snapshot(running("a"), waiting("first", 0)),
                    loop -> {
                        Waiting.until("a may have its place", () -> placed(api).contains("a"), () -> "asked " + asked);
                        var before = reads.get();
                        loop.sweep("now");
                        Waiting.until("the cluster is read", () -> reads.get() > before, () -> "read " + reads);
                        caches.set(late);
                        loop.wake();
                        Waiting.during(
                                "the only place is taken",
                                Duration.ofMillis(1500),
                                () -> !placed(api).contains("first"),
                                () -> placed(api).toString());
                    });
        }
    }

    @Test
    void theSameRequestForASweepIsMetOnce() {
        try (var api = new StubApi(this::fence)) {
            run(api, snapshot(), snapshot(), loop -> {
                loop.sweep("now");
                Waiting.until("the cluster is read", () -> reads.get() > 0, () -> "read " + reads);
                for (var i = 0; i < TRIES; i++) {
                    loop.sweep("now");
                    Waiting.during(
                            "nothing changes", Duration.ofMillis(100), () -> reads.get() == 1, () -> "read " + reads);
                }
            });
        }
    }

    private static List<String> placed(StubApi api) {
        return places(api).stream()
                .map(request -> request.path().replaceAll("/status$", "").replaceAll(".*/", ""))
                .toList();
    }

    private Answer fence(Request request) {
        if (request.path().contains("syncleases")) {
            if (!request.method().equals("GET")) return Answer.taken(request);
            return another ? new Answer(200, HELD_BY_ANOTHER) : Answer.refusal(404, "NotFound");
        }
        if (!request.isDryRun()) return Answer.taken(request);
        if (asked.incrementAndGet() < allowedAt) {
            readsBeforeAllowed = reads.get();
            return Answer.refusal(403, "Forbidden");
        }
        return Answer.taken(request);
    }

    private void run(StubApi api, Snapshot caches, Snapshot cluster, Consumer<EagerLoop> until) {
        run(api, () -> caches, () -> cluster, until);
    }

    private void run(StubApi api, Supplier<Snapshot> caches, Supplier<Snapshot> cluster, Consumer<EagerLoop> until) {
        var lease = new EnqueuerLease(
                Leases.ofEnqueuers(api.api(), InstantSource.system(), "syncjobs-system"),
                "lease",
                "operator-a",
                Duration.ofMinutes(5));
        lease.tend();
        var enqueuer = Enqueuer.reserving(new Jobs(api.api()), new Reservations());
        var loop = new EagerLoop(
                enqueuer,
                lease,
                caches,
                () -> {
                    reads.incrementAndGet();
                    beforeRead.accept(lease);
                    return cluster.get();
                },
                count -> {});
        var thread = Thread.ofVirtual().start(loop);
        try {
            until.accept(loop);
        } finally {
            thread.interrupt();
            loop.stop();
        }
    }

    private static List<Request> places(StubApi api) {
        return api.requests(
                request -> request.isWrite() && request.field("/status/state").equals("Enqueued"));
    }
}
