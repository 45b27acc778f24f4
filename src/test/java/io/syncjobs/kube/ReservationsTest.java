package io.syncjobs.kube;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.syncjobs.api.SyncJob;
import io.syncjobs.api.SyncJobSpec;
import io.syncjobs.api.SyncJobStatus;
import io.syncjobs.core.Observation.Reservation;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ReservationsTest {
    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");

    private final Reservations reservations = new Reservations();

    @Test
    void aReservationOfAnotherLifeIsForeign() {
        assertThat(reservations.of(job("a"))).isInstanceOf(Reservation.Foreign.class);
    }

    @Test
    void aReservationThatIsBeingWrittenIsKnownBeforeItsAttemptIs() {
        reservations.note(job("a"), 1, new Reservation.Sending());

        assertThat(reservations.of(job("a"))).isInstanceOf(Reservation.Sending.class);
        reservations.note(job("a"), 1, new Reservation.Mine(Duration.ZERO));
        assertThat(reservations.of(job("a"))).as("of attempt 0").isInstanceOf(Reservation.Foreign.class);
    }

    @Test
    void aLateForgetSparesTheNextReservation() {
        reservations.note(job("a"), 2, new Reservation.Sending());

        reservations.forget(job("a"), 1);

        assertThat(reservations.of(job("a"))).isInstanceOf(Reservation.Sending.class);
    }

    @Test
    void onlyWhatWasDeletedIsForgottenOnceItsPodIsGone() {
        reservations.note(job("a"), 1, new Reservation.Created());
        reservations.note(job("b"), 1, new Reservation.Created());
        reservations.podGone("uid-a", 1);

        reservations.forget(Set.of("uid-a"), NOW);

        assertThat(reservations.uids()).containsExactly("uid-b");
    }

    /** The job's watch may be ahead of the pods'. */
    @Test
    void aPodThatNoWatchHasToldOfYetHasItsPlaceThoughItsJobIsGone() {
        reservations.note(job("a"), 2, new Reservation.Created());
        reservations.podGone("uid-a", 1);

        reservations.forget(Set.of("uid-a"), NOW);
        reservations.forget(Set.of("uid-a"), NOW.plusSeconds(59));
        assertThat(reservations.places()).containsOnlyKeys("uid-a");

        reservations.forget(Set.of("uid-a"), NOW.plusSeconds(60));
        assertThat(reservations.places()).isEmpty();
    }

    private static SyncJob job(String name) {
        var job = new SyncJob();
        job.setMetadata(
                new ObjectMetaBuilder().withName(name).withUid("uid-" + name).build());
        job.setSpec(new SyncJobSpec("default", "export.order", null, null, null, null, null, null));
        job.setStatus(SyncJobStatus.NEW);
        return job;
    }
}
