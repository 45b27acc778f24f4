package io.syncjobs.kube;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.syncjobs.api.SyncJob;
import io.syncjobs.api.SyncJobSpec;
import io.syncjobs.api.SyncJobStatus;
import io.syncjobs.core.run.Refusals;
import io.syncjobs.core.run.Reservation;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
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

    /** 1. It is written. 2. It is written again, at the job's next version. 3. The first write is refused. */
    @Test
    void aRefusedWriteSparesWhatAnotherOneHasReserved() {
        assertThatThrownBy(() -> reservations.reserve(job("a"), 1, Duration.ZERO, () -> {
                    reservations.note(job("a"), 1, new Reservation.Sending());
                    reservations.note(job("a"), 1, new Reservation.Created(Duration.ZERO, Instant.EPOCH));
                    throw new ApiException(409, "the job has changed");
                }))
                .isInstanceOf(ApiException.class);

        assertThat(reservations.mayHavePod("uid-a")).isTrue();
    }

    @Test
    void aRefusedWriteReservesNothing() {
        assertThatThrownBy(() -> reservations.reserve(job("a"), 1, Duration.ZERO, () -> {
                    throw new ApiException(409, "the job has changed");
                }))
                .isInstanceOf(ApiException.class);

        assertThat(reservations.uids()).isEmpty();
    }

    /** The job's watch may be ahead of the pods'. */
    @Test
    void aPodMayBeThereUntilItWasSeenToBeGone() {
        assertThat(reservations.mayHavePod("uid-a")).isFalse();
        reservations.note(job("a"), 2, new Reservation.Created(Duration.ZERO, Instant.EPOCH));
        reservations.podGone("uid-a", 1);
        assertThat(reservations.mayHavePod("uid-a")).as("the pod of attempt 2").isTrue();

        reservations.podGone("uid-a", 2);

        assertThat(reservations.mayHavePod("uid-a")).isFalse();
    }

    @Test
    void aPodThatWasRefusedDoesNotCome() {
        var why = Refusals.of(List.of("403"), "no");
        reservations.note(job("a"), 1, new Reservation.Refused(why, "no", Duration.ZERO, NOW));

        assertThat(reservations.mayHavePod("uid-a")).isFalse();
    }

    @Test
    void onlyWhatWasDeletedIsForgotten() {
        reservations.note(job("a"), 1, new Reservation.Created(Duration.ZERO, Instant.EPOCH));
        reservations.note(job("b"), 1, new Reservation.Created(Duration.ZERO, Instant.EPOCH));

        reservations.forget("uid-a");

        assertThat(reservations.uids()).containsExactly("uid-b");
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
