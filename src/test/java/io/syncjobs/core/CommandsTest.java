package io.syncjobs.core;

import static io.syncjobs.core.Given.NOW;
import static io.syncjobs.core.Given.annotated;
import static io.syncjobs.core.Given.enqueued;
import static io.syncjobs.core.Given.failed;
import static io.syncjobs.core.Given.job;
import static io.syncjobs.core.Given.seen;
import static io.syncjobs.core.Given.started;
import static io.syncjobs.core.Given.with;
import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.syncjobs.api.Names;
import io.syncjobs.api.Reason;
import io.syncjobs.api.State;
import io.syncjobs.api.SyncJob;
import io.syncjobs.core.Command.Kind;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class CommandsTest {
    @ParameterizedTest
    @CsvSource({
        "Pending, REQUEUE, now, Requeue", "Enqueued, REQUEUE, now, Stop", "Started, REQUEUE, now, Refuse",
        "Started, REQUEUE, force, Stop", "Done, REQUEUE, now, Requeue", "Failed, REQUEUE, now, Requeue",
        "Cancelled, REQUEUE, now, Requeue", "Pending, SET_DONE, by hand, End", "Enqueued, SET_DONE, by hand, Stop",
        "Started, SET_DONE, by hand, Stop", "Done, SET_DONE, by hand, End", "Failed, SET_DONE, by hand, End",
        "Cancelled, SET_DONE, by hand, End", "Pending, CANCEL, why, End", "Enqueued, CANCEL, why, Stop",
        "Started, CANCEL, why, Stop", "Done, CANCEL, why, Refuse", "Failed, CANCEL, why, Refuse",
        "Cancelled, CANCEL, why, Refuse"
    })
    void everyCommandHasItsEffectInEveryState(String state, Kind kind, String value, String effect) {
        var fresh = annotated(in(state), kind.annotation(), value);
        var underWay = annotated(in(state), Names.HANDLING, "id-1:" + kind.word() + ":" + value);

        if (effect.equals("Refuse")) {
            assertThat(Lifecycle.next(seen(fresh))).isInstanceOf(Step.Refuse.class);
            assertThat(Lifecycle.next(seen(underWay))).isInstanceOf(Step.Refuse.class);
        } else {
            assertThat(Lifecycle.next(seen(fresh))).isEqualTo(new Step.Accept(new Command(kind, value)));
            var obey = (Step.Obey) Lifecycle.next(seen(underWay));
            assertThat(obey.commandId()).isEqualTo("id-1");
            assertThat(obey.effect().getClass().getSimpleName()).isEqualTo(effect);
        }
    }

    @Test
    void aCommandThatHasTakenEffectIsOnlyRemoved() {
        var job = with(annotated(failed("a"), Names.HANDLING, "id-1:requeue:now"), s -> s.lastCommand = "id-1");

        assertThat(Lifecycle.next(seen(job))).isEqualTo(new Step.Forget());
    }

    @Test
    void theStrongestOfSeveralCommandsWinsAndTheOthersAreRefusedOneByOne() {
        var job = annotated(annotated(failed("a"), Names.REQUEUE, "now"), Names.SET_DONE, "by hand");

        var refuse = (Step.Refuse) Lifecycle.next(seen(job));

        assertThat(refuse.annotation()).isEqualTo(Names.REQUEUE);
        assertThat(refuse.why()).contains("set-done, which wins");
    }

    @Test
    void aHandlingAnnotationThatNobodyCanReadIsRemovedWithAWarning() {
        assertThat(((Step.Refuse) Lifecycle.next(seen(annotated(job("a"), Names.HANDLING, "what")))).annotation())
                .isEqualTo(Names.HANDLING);
    }

    @Test
    void aRequeueMakesTheJobDueNowWithFreshCountersAndKeepsItsHistory() {
        var job = with(failed("a"), s -> s.workerLosses = 3);

        var status = Statuses.after(job, new Step.Obey("id-1", new Step.Requeue()), NOW);

        assertThat(status.state()).isEqualTo(State.PENDING);
        assertThat(status.nextAttemptTime()).isEqualTo(NOW);
        assertThat(status.retries()).isNull();
        assertThat(status.workerLosses()).isNull();
        assertThat(status.requeues()).isEqualTo(1);
        assertThat(status.attempt()).isEqualTo(1);
        assertThat(status.lastCommand()).isEqualTo("id-1");
        assertThat(status.conditions()).isNull();
    }

    /** What it has done so far may have reached the other side, which knows it by its idempotency key. */
    @Test
    void aJobThatIsTakenOutOfItsBackOffIsStillTheSameWork() {
        var waiting = with(failed("a"), s -> s.state = State.PENDING);

        var status = Statuses.after(waiting, new Step.Obey("id-1", new Step.Requeue()), NOW);

        assertThat(status.nextAttemptTime()).isEqualTo(NOW);
        assertThat(status.requeues()).isNull();
    }

    @Test
    void aForcedRequeueEndsTheRunFirst() {
        var stop = new Step.Stop(State.PENDING, null, "requeued by a person", null, null);
        var stopping = Statuses.after(started("a"), new Step.Obey("id-1", stop), NOW);

        assertThat(stopping.state()).isEqualTo(State.STARTED);
        assertThat(stopping.reason()).isEqualTo(Reason.STOPPING.toString());
        var after = Statuses.after(Given.withStatus(started("a"), stopping), new Step.Stopped(), NOW);
        assertThat(after.state()).isEqualTo(State.PENDING);
        assertThat(after.stop()).isNull();
        assertThat(after.requeues()).isEqualTo(1);
        assertThat(after.history()).hasSize(1);
    }

    /** The shell may die between any two writes; the next one begins from what is stored. */
    @ParameterizedTest
    @EnumSource(Kind.class)
    void aCommandTakesEffectExactlyOnceHoweverOftenTheProcessDies(Kind kind) {
        var job = annotated(failed("a"), kind.annotation(), "now");
        if (kind == Kind.CANCEL) job = annotated(job("a"), kind.annotation(), "now");
        var effects = new ArrayList<Step>();
        for (var i = 0; i < 5; i++) {
            var step = Lifecycle.next(seen(job));
            if (step instanceof Step.Accept accept) {
                job = annotated(
                        without(job, kind.annotation()),
                        Names.HANDLING,
                        new Command.Handling("id-1", accept.command()).text());
            } else if (step instanceof Step.Obey obey) {
                effects.add(obey);
                job = Given.withStatus(job, Statuses.after(job, obey, NOW));
            } else if (step instanceof Step.Forget) {
                job = without(job, Names.HANDLING);
            }
        }
        assertThat(effects).hasSize(1);
        assertThat(Command.anyOn(job)).isFalse();
    }

    @Test
    void theValueOfSetDoneIsKeptAsExplanationColonsAndAll() {
        var end = (Step.End) ((Step.Obey)
                        Lifecycle.next(seen(annotated(failed("a"), Names.HANDLING, "id-1:set-done:exported: by hand"))))
                .effect();
        assertThat(end.message()).isEqualTo("set to done by a person: exported: by hand");
    }

    private static SyncJob without(SyncJob job, String annotation) {
        var copy = Given.withStatus(job, Observation.statusOf(job));
        copy.setMetadata(new ObjectMetaBuilder(job.getMetadata())
                .removeFromAnnotations(annotation)
                .build());
        return copy;
    }

    private static SyncJob in(String state) {
        return switch (state) {
            case "Pending" -> job("a");
            case "Enqueued" -> enqueued("a");
            case "Started" -> started("a");
            default ->
                with(
                        failed("a"),
                        s -> s.state = List.of(State.values()).stream()
                                .filter(each -> each.toString().equals(state))
                                .findFirst()
                                .orElseThrow());
        };
    }
}
