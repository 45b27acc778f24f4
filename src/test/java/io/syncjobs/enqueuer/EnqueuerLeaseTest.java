package io.syncjobs.enqueuer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.syncjobs.api.Names;
import io.syncjobs.core.queue.LeaseWatch.Verdict;
import io.syncjobs.kube.ApiException;
import io.syncjobs.kube.Leases;
import io.syncjobs.kube.StubApi;
import io.syncjobs.kube.StubApi.Answer;
import io.syncjobs.kube.StubApi.Request;
import io.syncjobs.kube.Ticker;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class EnqueuerLeaseTest {
    private static final String RENEWED = "2026-03-01T12:00:00.000000Z";
    private static final String LATER = "2026-03-01T12:00:10.000000Z";

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

    /** 1. It is free, and we ask for it. 2. It is given back: nobody holds it yet. 3. It becomes ours. */
    @Test
    void aLeaseThatBecomesOursOnceItWasGivenBackIsGivenBackToo() {
        var stored = new Stored();
        stored.isWritten("", LATER);
        var leases = new ArrayList<EnqueuerLease>();
        try (var api = new StubApi(request -> {
            if (request.field("/spec/holderIdentity").equals("operator-a")) leases.forEach(EnqueuerLease::release);
            return stored.answer(request);
        })) {
            var lease = lease(api);
            leases.add(lease);

            lease.tend();

            assertThat(lease.isHeld()).isFalse();
            assertThat(stored.holder).isEmpty();
        }
    }

    /** 1. It is held. 2. Another takes it and gives it back. 3. A place that was sent in between may still be carried out. */
    @Test
    void aLeaseThatWasLostIsNotTakenBackWhileOwnPlacesMayStillCome() {
        var stored = new Stored();
        var nanos = new AtomicLong();
        try (var api = new StubApi(stored::answer)) {
            var lease = lease(api, nanos::get);
            lease.tend();
            stored.isWritten("", LATER);

            lease.tend();
            assertThat(lease.isHeld()).isFalse();
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

    @Test
    void aRenewalIsOneRequest() {
        try (var api = new StubApi(new Stored()::answer)) {
            var lease = lease(api);
            lease.tend();
            var before = api.requests(request -> true).size();

            assertThat(lease.tend()).isEqualTo(Verdict.FREE);

            assertThat(lease.isHeld()).isTrue();
            assertThat(api.requests(request -> true)).hasSize(before + 1);
        }
    }

    /** 1. It is held. 2. A minute run asks for a sweep. 3. The renewal is refused, because the version has changed. */
    @Test
    void theTermGoesOnWhereOnlyAMinuteRunHasWrittenSinceTheLastRenewal() {
        var stored = new Stored();
        try (var api = new StubApi(stored::answer)) {
            var lease = lease(api);
            lease.tend();
            stored.isAskedForSweep("please");

            lease.tend();

            assertThat(lease.isHeld()).isTrue();
            assertThat(lease.term()).isEqualTo(1);
            assertThat(lease.sweepRequest()).isEqualTo("please");
        }
    }

    /** 1. The renewal is refused. 2. It is read. 3. A minute run asks for a sweep. 4. The renewal is refused again. */
    @Test
    void theTermGoesOnWhereAMinuteRunHasWrittenBetweenLookAndRenewalToo() {
        var stored = new Stored();
        try (var api = new StubApi(stored::answer)) {
            var lease = lease(api);
            lease.tend();
            stored.isAskedForSweep("please");
            stored.beforeTheNextWrites = 2;

            lease.tend();

            assertThat(lease.isHeld()).isTrue();
            assertThat(lease.term()).isEqualTo(1);
        }
    }

    /** 1. It is held. 2. Another takes it, for whatever reason. 3. The renewal is refused. */
    @Test
    void theTermEndsWhereAnotherHasTakenTheLeaseSinceTheLastRenewal() {
        var stored = new Stored();
        try (var api = new StubApi(stored::answer)) {
            var lease = lease(api);
            lease.tend();
            stored.isWritten("operator-b", LATER);

            lease.tend();

            assertThat(lease.isHeld()).isFalse();
            assertThat(api.requests(Request::isWrite)).hasSize(2);
        }
    }

    @Test
    void theTermEndsWhereTheLeaseIsGone() {
        var stored = new Stored();
        try (var api = new StubApi(stored::answer)) {
            var lease = lease(api);
            lease.tend();
            stored.isGone = true;

            lease.tend();

            assertThat(lease.isHeld()).isFalse();
        }
    }

    /** Another may have held it in between, and have been followed by a late write of our own. */
    @Test
    void theTermEndsWhereTheLeaseHasAnotherTimeOfRenewal() {
        var stored = new Stored();
        try (var api = new StubApi(stored::answer)) {
            var lease = lease(api);
            lease.tend();
            stored.isWritten("operator-a", LATER);

            lease.tend();
            assertThat(lease.isHeld()).isFalse();
            lease.tend();

            assertThat(lease.term()).isEqualTo(2);
        }
    }

    /** Nobody else takes it before its whole duration is over, counted from the last renewal. */
    @Test
    void aRenewalThatFailsEndsTheTermOnlyWithTime() {
        var stored = new Stored();
        var nanos = new AtomicLong();
        try (var api = new StubApi(stored::answer)) {
            var lease = lease(api, nanos::get);
            lease.tend();
            stored.failure = 403;

            nanos.addAndGet(Duration.ofSeconds(39).toNanos());
            assertThatThrownBy(lease::tend).isInstanceOf(ApiException.class);
            assertThat(lease.isHeld()).isTrue();
            nanos.addAndGet(Duration.ofSeconds(2).toNanos());
            assertThat(lease.isHeld()).isFalse();

            stored.failure = 0;
            lease.tend();
            assertThat(lease.isHeld()).isTrue();
            assertThat(lease.term()).as("nobody has written the Lease since").isEqualTo(1);
        }
    }

    /** A Lease as the API server has it; at first we hold it. */
    private static final class Stored {
        private String holder = "operator-a";
        private String renewed = RENEWED;
        private String sweepRequest = "";
        private int version = 5;
        private boolean isGone;
        private int failure;

        /** Before so many writes come, somebody asks for a sweep. */
        private int beforeTheNextWrites;

        synchronized void isWritten(String by, String time) {
            holder = by;
            renewed = time;
            version++;
        }

        synchronized void isAskedForSweep(String request) {
            sweepRequest = request;
            version++;
        }

        synchronized Answer answer(Request request) {
            if (isGone) return Answer.refusal(404, "NotFound");
            if (!request.isWrite()) return lease();
            if (failure > 0) return Answer.refusal(failure, "Forbidden");
            if (beforeTheNextWrites-- > 0) version++;
            if (!request.field("/metadata/resourceVersion").equals(Integer.toString(version)))
                return Answer.refusal(409, "Conflict");
            isWritten(request.field("/spec/holderIdentity"), request.field("/spec/renewTime"));
            return lease();
        }

        private Answer lease() {
            return new Answer(200, """
                    {"metadata": {"name": "syncjobs-enqueuer", "resourceVersion": "%d", "annotations": {"%s": "%s"}},
                     "spec": {"holderIdentity": "%s", "leaseDurationSeconds": 60, "renewTime": "%s"}}
                    """.formatted(version, Names.SWEEP_REQUESTED, sweepRequest, holder, renewed));
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
