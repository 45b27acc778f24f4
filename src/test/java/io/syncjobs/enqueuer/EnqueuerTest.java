package io.syncjobs.enqueuer;

import static io.syncjobs.enqueuer.GivenJobs.NOW;
import static io.syncjobs.enqueuer.GivenJobs.running;
import static io.syncjobs.enqueuer.GivenJobs.snapshot;
import static io.syncjobs.enqueuer.GivenJobs.waiting;
import static org.assertj.core.api.Assertions.assertThat;

import io.syncjobs.core.Observation.Reservation;
import io.syncjobs.kube.Jobs;
import io.syncjobs.kube.Reservations;
import io.syncjobs.kube.StubApi;
import io.syncjobs.kube.StubApi.Answer;
import io.syncjobs.kube.StubApi.Request;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A place whose write got no answer may be taken, late: until that is settled nobody else gets it. */
class EnqueuerTest {
    private volatile boolean answers = true;

    @Test
    void aPlaceWithoutAnAnswerIsWithdrawnBeforeAnotherJobGetsIt() {
        try (var api = new StubApi(this::answer)) {
            var enqueuer = Enqueuer.reserving(new Jobs(api.client()), new Reservations());
            answers = false;
            var lost = enqueuer.pass(snapshot(waiting("late", 10)), NOW);
            assertThat(lost.certain()).isFalse();
            answers = true;

            enqueuer.pass(snapshot(waiting("late", 10), waiting("first", 0)), NOW.plusSeconds(30));

            // By its version the lost write is refused from then on, if it comes.
            assertThat(writes(api)).containsExactly("late Enqueued", "late QueueAtCapacity", "first Enqueued");
        }
    }

    @Test
    void whileAPlaceCannotBeWithdrawnNobodyGetsOne() {
        try (var api = new StubApi(this::answer)) {
            var enqueuer = Enqueuer.reserving(new Jobs(api.client()), new Reservations());
            answers = false;
            enqueuer.pass(snapshot(waiting("late", 10)), NOW);

            var next = enqueuer.pass(snapshot(waiting("late", 10), waiting("first", 0)), NOW.plusSeconds(30));

            assertThat(next.certain()).isFalse();
            assertThat(next.written()).isZero();
            assertThat(writes(api)).doesNotContain("first Enqueued");
        }
    }

    @Test
    void aPlaceThatCameAllTheSameCounts() {
        try (var api = new StubApi(this::answer)) {
            var enqueuer = Enqueuer.reserving(new Jobs(api.client()), new Reservations());
            answers = false;
            enqueuer.pass(snapshot(waiting("late", 10)), NOW);
            answers = true;

            var next = enqueuer.pass(snapshot(running("late"), waiting("first", 0)), NOW.plusSeconds(30));

            assertThat(next.certain()).isTrue();
            assertThat(writes(api)).containsExactly("late Enqueued");
        }
    }

    @Test
    void aReservationWithoutAnAnswerIsNobodysOwn() {
        try (var api = new StubApi(this::answer)) {
            var reservations = new Reservations();
            answers = false;

            Enqueuer.reserving(new Jobs(api.client()), reservations).pass(snapshot(waiting("late", 10)), NOW);

            assertThat(reservations.of(running("late"))).isInstanceOf(Reservation.Foreign.class);
        }
    }

    private Answer answer(Request request) {
        return answers ? Answer.taken(request) : Answer.refusal(504, "Timeout");
    }

    private static List<String> writes(StubApi api) {
        return api.requests(Request::isWrite).stream()
                .map(write -> write.path().replaceAll(".*/syncjobs/|/status", "") + " "
                        + (write.field("/status/reason").isEmpty()
                                ? write.field("/status/state")
                                : write.field("/status/reason")))
                .toList();
    }
}
