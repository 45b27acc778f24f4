package io.syncjobs.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.syncjobs.api.RawJson;
import io.syncjobs.api.SyncJob;
import io.syncjobs.api.SyncJobSpec;
import io.syncjobs.api.SyncJobStatus;
import io.syncjobs.api.SyncQueueSpec;
import io.syncjobs.cluster.WarmJobs;
import io.syncjobs.core.job.Given;
import io.syncjobs.core.job.Lifecycle;
import io.syncjobs.core.job.Observation;
import io.syncjobs.core.job.Policies;
import io.syncjobs.core.job.Statuses;
import io.syncjobs.core.job.Step;
import io.syncjobs.core.run.PodNames;
import io.syncjobs.core.run.Reservation;
import io.syncjobs.core.run.Run;
import io.syncjobs.core.settings.Settings;
import io.syncjobs.kube.Events;
import io.syncjobs.kube.Jobs;
import io.syncjobs.kube.Pods;
import io.syncjobs.kube.Reservations;
import io.syncjobs.kube.StubApi;
import io.syncjobs.kube.StubApi.Answer;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What becomes of a reservation when its pod is created, or when nobody knows whether it was. */
class StepApplierTest {
    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");

    private final Reservations reservations = new Reservations();

    @Test
    void aPodThatWasTakenIsCreatedOnce() {
        assertThat(afterCreate(201)).isInstanceOf(Reservation.Created.class);
    }

    @Test
    void aPodWhoseCreationGotNoAnswerMayStillComeAndItsAttemptGetsNoSecondOne() {
        var reservation = afterCreate(504);

        assertThat(reservation).isNotInstanceOf(Reservation.Mine.class);
        var later = NOW.plus(Duration.ofMinutes(2));
        assertThat(told(later))
                .isInstanceOfSatisfying(
                        Step.Reserve.class, next -> assertThat(next.attempt()).isEqualTo(2));
    }

    @Test
    void aPodThatWasRefusedIsTriedAgainUnderTheSameAttempt() {
        assertThat(afterCreate(403)).isInstanceOf(Reservation.Refused.class);
    }

    @Test
    void aReservationWhoseAnswerCannotBeReadIsNotWaitedFor() {
        try (var api = new StubApi(request -> new Answer(200, "{}"))) {
            var seen = seen(StubApi.job("a", 1, job().getSpec(), SyncJobStatus.NEW), NOW);
            var effective = Policies.effective(job().getSpec(), SyncQueueSpec.BUILT_IN);
            var reserve = new Step.Reserve(1, "a-1-x", effective);

            assertThatThrownBy(() -> applier(api).apply(seen, reserve)).isInstanceOf(RuntimeException.class);

            assertThat(reservations.of(job())).isInstanceOf(Reservation.Foreign.class);
        }
    }

    /** An agent may write no events. */
    @ParameterizedTest
    @CsvSource({"Started, fail, 1", "Started, retry, 1", "Started, lose, 1", "Started, done, 0", "Isolated, fail, 0"})
    void ofAFailureOnAWarmWorkerAnEventTellsWhenTheWatchHasShownIt(String given, String step, int told) {
        var fresh = StubApi.job("a", 1, job().getSpec(), SyncJobStatus.NEW);
        var before = WarmJobs.with(fresh, WarmJobs.status(fresh, given, "shop-7f-1"));
        var after = WarmJobs.with(fresh, WarmJobs.next(before, WarmJobs.step(step)));
        try (var api = new StubApi(request -> new Answer(201, "{}"))) {
            StepApplier.changed(events(api), before, after);

            assertThat(api.requests(request -> request.path().endsWith("/events")))
                    .hasSize(told);
        }
    }

    private static Events events(StubApi api) {
        return new Events(api.api(), InstantSource.system(), System::nanoTime, Runnable::run, "operator-a");
    }

    private Reservation afterCreate(int code) {
        var answer = code < 300 ? new Answer(code, "{}") : Answer.refusal(code, "SaysTheTest");
        try (var api = new StubApi(request -> answer)) {
            reservations.note(job(), 1, new Reservation.Mine(Duration.ZERO));
            var seen = seen(job(), NOW);
            applier(api).apply(seen, Lifecycle.next(seen));
            assertThat(api.requests(request -> request.path().contains("/pods")))
                    .as("one try each")
                    .hasSize(1);
            return reservations.of(job());
        }
    }

    private StepApplier applier(StubApi api) {
        return new StepApplier(new Jobs(api.api()), new Pods(api.api()), events(api), reservations);
    }

    /** What is done next, once the reason has been told. */
    private Step told(Instant now) {
        var job = job();
        var step = Lifecycle.next(seen(job, now));
        while (step instanceof Step.Explain explain) {
            job = StubApi.job("a", 3, job.getSpec(), Statuses.after(job, explain, now));
            step = Lifecycle.next(seen(job, now));
        }
        return step;
    }

    private Observation seen(SyncJob job, Instant now) {
        var template = JsonNodeFactory.instance.objectNode();
        template.putObject("spec").putArray("containers").addObject().put("name", "worker");
        var queue = new SyncQueueSpec(1, null, null, null, RawJson.of(template.toString()));
        return new Observation(
                job,
                Optional.of(queue),
                List.of(),
                new Run.PodRun(reservations.of(job)),
                Given.EVERYTHING,
                Settings.from(Map.of()),
                NOW,
                now);
    }

    private static SyncJob job() {
        var spec = new SyncJobSpec("default", "export.order", null, null, null, null, null, null);
        var job = StubApi.job("a", 1, spec, SyncJobStatus.NEW);
        var effective = Policies.effective(spec, SyncQueueSpec.BUILT_IN);
        return StubApi.job("a", 2, spec, Statuses.after(job, new Step.Reserve(1, PodNames.of(job, 1), effective), NOW));
    }
}
