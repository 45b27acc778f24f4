package io.syncjobs.kube;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.syncjobs.api.SyncJob;
import io.syncjobs.api.SyncJobStatus;
import io.syncjobs.core.Observation.Reservation;
import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ReservationsTest {
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
    void onlyWhatWasDeletedIsForgotten() {
        reservations.note(job("a"), 1, new Reservation.Sending());
        reservations.note(job("b"), 1, new Reservation.Sending());

        reservations.forget(Set.of("uid-a"));

        assertThat(reservations.uids()).containsExactly("uid-b");
    }

    private static SyncJob job(String name) {
        var job = new SyncJob();
        job.setMetadata(
                new ObjectMetaBuilder().withName(name).withUid("uid-" + name).build());
        job.setStatus(SyncJobStatus.NEW);
        return job;
    }
}
