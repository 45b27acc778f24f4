package io.syncjobs.enqueuer;

import static org.assertj.core.api.Assertions.assertThat;

import io.syncjobs.core.queue.LeaseWatch.Verdict;
import io.syncjobs.kube.Leases;
import io.syncjobs.kube.StubApi;
import io.syncjobs.kube.StubApi.Answer;
import io.syncjobs.kube.StubApi.Request;
import io.syncjobs.kube.Ticker;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class EnqueuerLeaseTest {
    private static final String RENEWED = "2026-03-01T12:00:00.000000Z";

    /** How often the other holder has renewed. */
    private final AtomicInteger renewals = new AtomicInteger();

    @Test
    void aLeaseThatNobodyHoldsIsTaken() {
        try (var api = new StubApi(
                request -> request.method().equals("GET") ? Answer.refusal(404, "NotFound") : Answer.taken(request))) {
            var lease = lease(api);

            assertThat(lease.tend()).isEqualTo(Verdict.FREE);
            assertThat(lease.isHeld()).isTrue();
            assertThat(lease.term()).isEqualTo(1);
        }
    }

    @Test
    void aLeaseThatAnotherHoldsIsNotTakenWhileItLives() {
        try (var api = new StubApi(request -> heldByAnother(request, 60))) {
            var lease = lease(api);

            assertThat(lease.tend()).isEqualTo(Verdict.UNKNOWN);
            renewals.incrementAndGet();
            assertThat(lease.tend()).isEqualTo(Verdict.ALIVE);
            assertThat(lease.tend()).isEqualTo(Verdict.ALIVE);
            assertThat(lease.isHeld()).isFalse();
            assertThat(api.requests(Request::isWrite)).isEmpty();
        }
    }

    @Test
    void aLeaseThatWasNotRenewedForItsWholeDurationIsTaken() {
        try (var api = new StubApi(request -> heldByAnother(request, 0))) {
            var lease = lease(api);

            assertThat(lease.tend()).as("looked at once only").isEqualTo(Verdict.UNKNOWN);
            assertThat(lease.isHeld()).isFalse();
            assertThat(lease.tend()).isEqualTo(Verdict.DEAD);
            assertThat(lease.isHeld()).isTrue();
            assertThat(api.requests(Request::isWrite))
                    .singleElement()
                    .satisfies(write ->
                            assertThat(write.field("/metadata/resourceVersion")).isEqualTo("5"));
        }
    }

    @Test
    void aLeaseThatHasChangedSinceTheLastLookIsGivenBackAllTheSame() {
        var version = new AtomicInteger(5);
        try (var api = new StubApi(request -> heldByUs(request, version))) {
            var lease = lease(api);
            lease.tend();

            // A minute run has asked for a sweep.
            version.set(9);
            lease.release();

            assertThat(api.requests(Request::isWrite)).last().satisfies(write -> {
                assertThat(write.field("/spec/holderIdentity")).isEmpty();
                assertThat(write.field("/metadata/resourceVersion")).isEqualTo("9");
            });
        }
    }

    @Test
    void aLeaseThatAnotherHasTakenIsLeftToIt() {
        try (var api = new StubApi(request -> heldByAnother(request, 60))) {
            lease(api).release();

            assertThat(api.requests(Request::isWrite)).isEmpty();
        }
    }

    @Test
    void aLeaseThatWasGivenBackIsNotTakenAgain() {
        try (var api = new StubApi(request -> heldByUs(request, new AtomicInteger(5)))) {
            var lease = lease(api);
            lease.tend();

            lease.release();
            lease.tend();

            assertThat(lease.isHeld()).isFalse();
            assertThat(api.requests(Request::isWrite)).hasSize(2);
        }
    }

    /** 1. It is held. 2. Another takes it and gives it back. 3. A place that was sent in between may still be carried out. */
    @Test
    void aLeaseThatWasLostIsNotTakenBackWhileOwnPlacesMayStillCome() {
        var holder = new AtomicReference<>("operator-a");
        var nanos = new AtomicLong();
        try (var api = new StubApi(request -> request.isWrite()
                ? Answer.taken(request)
                : held(Objects.requireNonNull(holder.get()), 5, 60, RENEWED))) {
            var lease = lease(api, nanos::get);
            lease.tend();
            holder.set("");

            lease.tend();
            nanos.addAndGet(Duration.ofSeconds(74).toNanos());
            assertThat(lease.tend()).isEqualTo(Verdict.FREE);
            assertThat(lease.isHeld()).isFalse();

            nanos.addAndGet(Duration.ofSeconds(2).toNanos());
            lease.tend();
            assertThat(lease.isHeld()).isTrue();
            assertThat(lease.term()).isEqualTo(2);
        }
    }

    /** 1. It is held and read. 2. A minute run asks for a sweep. 3. The renewal is refused, because the version has changed. */
    @Test
    void theTermGoesOnWhereOnlyAMinuteRunHasWrittenBetweenLookAndRenewal() {
        var lease = new Contested("operator-a", RENEWED);
        try (var api = new StubApi(lease::answer)) {
            var held = lease(api);
            held.tend();
            lease.changesBeforeTheNextWrite();

            held.tend();

            assertThat(held.isHeld()).isTrue();
            assertThat(held.term()).isEqualTo(1);
            assertThat(api.requests(Request::isWrite))
                    .last()
                    .satisfies(write ->
                            assertThat(write.field("/metadata/resourceVersion")).isEqualTo("6"));
        }
    }

    /** 1. It is held and read. 2. Another takes it, for whatever reason. 3. The renewal is refused. */
    @Test
    void theTermEndsWhereAnotherHasTakenTheLeaseBetweenLookAndRenewal() {
        var lease = new Contested("operator-b", "2026-03-01T12:00:10.000000Z");
        try (var api = new StubApi(lease::answer)) {
            var held = lease(api);
            held.tend();
            lease.changesBeforeTheNextWrite();

            held.tend();

            assertThat(held.isHeld()).isFalse();
            assertThat(api.requests(Request::isWrite)).hasSize(2);
        }
    }

    /** Another may have held it in between, and have been followed by a late write of our own. */
    @Test
    void theTermEndsWhereTheLeaseWasRenewedBetweenLookAndRenewal() {
        var lease = new Contested("operator-a", "2026-03-01T12:00:10.000000Z");
        try (var api = new StubApi(lease::answer)) {
            var held = lease(api);
            held.tend();
            lease.changesBeforeTheNextWrite();

            held.tend();
            assertThat(held.isHeld()).isFalse();
            held.tend();

            assertThat(held.term()).isEqualTo(2);
        }
    }

    /** A Lease that somebody changes in the middle of a renewal; before that we hold it. */
    private static final class Contested {
        private final String nextHolder;
        private final String nextRenewal;
        private int version = 5;
        private boolean changes;

        Contested(String nextHolder, String nextRenewal) {
            this.nextHolder = nextHolder;
            this.nextRenewal = nextRenewal;
        }

        synchronized void changesBeforeTheNextWrite() {
            changes = true;
        }

        synchronized Answer answer(Request request) {
            if (!request.isWrite())
                return version == 5 ? held("operator-a", 5, 60, RENEWED) : held(nextHolder, version, 60, nextRenewal);
            if (!changes) return Answer.taken(request);
            changes = false;
            version++;
            return Answer.refusal(409, "Conflict");
        }
    }

    private static EnqueuerLease lease(StubApi api) {
        return lease(api, Ticker.SYSTEM);
    }

    private static EnqueuerLease lease(StubApi api, Ticker ticker) {
        var leases = Leases.ofEnqueuers(api.api(), InstantSource.system(), "syncjobs-system");
        return new EnqueuerLease(leases, "syncjobs-enqueuer", "operator-a", Duration.ofMinutes(1), ticker);
    }

    private Answer heldByAnother(Request request, int seconds) {
        if (request.isWrite()) return Answer.taken(request);
        var renewed = "2026-03-01T12:00:00.%06dZ".formatted(renewals.get());
        return held("operator-b", 5, seconds, renewed);
    }

    private static Answer heldByUs(Request request, AtomicInteger version) {
        if (request.isWrite()) return Answer.taken(request);
        return held("operator-a", version.get(), 60, RENEWED);
    }

    private static Answer held(String holder, int version, int seconds, String renewed) {
        return new Answer(200, """
                {"metadata": {"name": "syncjobs-enqueuer", "resourceVersion": "%d"},
                 "spec": {"holderIdentity": "%s", "leaseDurationSeconds": %d, "renewTime": "%s"}}
                """.formatted(version, holder, seconds, renewed));
    }
}
