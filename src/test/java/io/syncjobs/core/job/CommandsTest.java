package io.syncjobs.core.job;

import static io.syncjobs.core.job.Given.NOW;
import static io.syncjobs.core.job.Given.annotated;
import static io.syncjobs.core.job.Given.enqueued;
import static io.syncjobs.core.job.Given.failed;
import static io.syncjobs.core.job.Given.job;
import static io.syncjobs.core.job.Given.seen;
import static io.syncjobs.core.job.Given.started;
import static io.syncjobs.core.job.Given.with;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import io.syncjobs.api.Names;
import io.syncjobs.api.Reason;
import io.syncjobs.api.State;
import io.syncjobs.api.SyncJob;
import io.syncjobs.api.SyncJobStatus;
import io.syncjobs.api.SyncJobStatus.LastCommand;
import io.syncjobs.core.JobFields;
import io.syncjobs.core.job.Command.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class CommandsTest {
    private static final Step.ApplyCommand REQUEUE_NOW = new Step.ApplyCommand(
            new Command.Handling("id-1", new Command(Kind.REQUEUE, "now", null)), new Step.Requeue());

    @ParameterizedTest
    @CsvSource({
        "Pending, REQUEUE, now, Requeue",
        "Pending, REQUEUE, again, Requeue",
        "Pending, REQUEUE, force, Requeue",
        "Enqueued, REQUEUE, now, Stop",
        "Enqueued, REQUEUE, again, Stop",
        "Enqueued, REQUEUE, force, Stop",
        "Started, REQUEUE, now, force",
        "Started, REQUEUE, again, force",
        "Started, REQUEUE, force, Stop",
        "Done, REQUEUE, now, again",
        "Done, REQUEUE, again, Requeue",
        "Done, REQUEUE, force, again",
        "Failed, REQUEUE, now, Requeue",
        "Failed, REQUEUE, again, Requeue",
        "Failed, REQUEUE, force, Requeue",
        "Cancelled, REQUEUE, now, Requeue",
        "Cancelled, REQUEUE, again, Requeue",
        "Cancelled, REQUEUE, force, Requeue",
        "Pending, SET_DONE, by hand, End",
        "Enqueued, SET_DONE, by hand, Stop",
        "Started, SET_DONE, by hand, Stop",
        "Done, SET_DONE, by hand, End",
        "Failed, SET_DONE, by hand, End",
        "Cancelled, SET_DONE, by hand, End",
        "Pending, CANCEL, why, End",
        "Enqueued, CANCEL, why, Stop",
        "Started, CANCEL, why, Stop",
        "Done, CANCEL, why, only an unfinished job",
        "Failed, CANCEL, why, only an unfinished job",
        "Cancelled, CANCEL, why, only an unfinished job"
    })
    void everyCommandHasItsEffectInEveryStateOrIsToldWhatFits(String state, Kind kind, String value, String effect) {
        var fresh = annotated(in(state), kind.annotation(), value);
        var underWay = annotated(in(state), Names.HANDLING, "id-1:" + kind.word() + ":" + value);

        if (!Set.of("Requeue", "Stop", "End").contains(effect)) {
            assertThat(refusal(fresh)).contains(effect);
            assertThat(refusal(underWay)).contains(effect);
        } else {
            assertThat(Lifecycle.next(seen(fresh))).isEqualTo(new Step.ClaimCommand(new Command(kind, value, null)));
            var obey = (Step.ApplyCommand) Lifecycle.next(seen(underWay));
            assertThat(obey.handling().id()).isEqualTo("id-1");
            assertThat(obey.effect().getClass().getSimpleName()).isEqualTo(effect);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "REQUEUE, false",
        "REQUEUE, please",
        "REQUEUE, ''",
        "REQUEUE, ' '",
        "REQUEUE, Now",
        "REQUEUE, true",
        "SET_DONE, ''",
        "SET_DONE, '  '",
        "SET_DONE, false",
        "CANCEL, ''",
        "CANCEL, False"
    })
    void aValueThatIsNoWordOrExplainsNothingIsRefusedInEveryState(Kind kind, String value) {
        for (var state : State.values()) {
            assertThat(refusal(annotated(in(state.toString()), kind.annotation(), value)))
                    .as(state.toString())
                    .contains(kind == Kind.REQUEUE ? "now, again" : "say why");
        }
    }

    @Test
    void whoGaveACommandIsNotedWithItAndInTheHistoryOfTheAttemptThatItFollows() {
        var job = annotated(annotated(withHistory(failed("a")), Names.REQUEUE, "now"), Names.BY, "jo@example.com");
        var accept = (Step.ClaimCommand) Lifecycle.next(seen(job));

        var taken = Given.annotated(job, new Command.Handling("id-1", accept.command()).taking(job));
        assertThat(taken.getMetadata().getAnnotations())
                .containsExactlyInAnyOrderEntriesOf(
                        Map.of(Names.HANDLING, "id-1:requeue:now", Names.HANDLING_BY, "jo@example.com"));
        var status = Statuses.after(taken, (Step.ApplyCommand) Lifecycle.next(seen(taken)), NOW);

        assertThat(status.lastCommand()).isEqualTo(new LastCommand("id-1", "requeue", "now", "jo@example.com", NOW));
        assertThat(lastAttempt(status).command()).isEqualTo("requeue=now");
        assertThat(lastAttempt(status).by()).isEqualTo("jo@example.com");
        assertThat(Given.annotated(taken, Command.handled()).getMetadata().getAnnotations())
                .isNullOrEmpty();
    }

    @Test
    void whoHasARunEndedStandsInItsHistoryAndInTheMessage() {
        var job = annotated(started("a"), Names.HANDLING, "id-1:cancel:wrong customer");
        var stopping = Given.withStatus(job, obeyed(annotated(job, Names.HANDLING_BY, "kim")));

        var status = Statuses.after(stopping, new Step.FinishStop(), NOW.plusSeconds(9));

        assertThat(status.message()).isEqualTo("cancelled by kim: wrong customer");
        assertThat(lastAttempt(status).command()).isEqualTo("cancel");
        assertThat(lastAttempt(status).by()).isEqualTo("kim");
    }

    @Test
    void anEndThatNobodyHasAskedForIsNobodys() {
        var old = with(started("a"), s -> s.lastCommand = new LastCommand("id-0", "requeue", "now", "jo", NOW));
        var deadline = new Step.Stop(State.FAILED, Reason.DEADLINE_EXCEEDED, "too long", null, null);
        var stopping = Given.withStatus(old, Statuses.after(old, deadline, NOW.plusSeconds(5)));

        var status = Statuses.after(stopping, new Step.FinishStop(), NOW.plusSeconds(9));

        assertThat(lastAttempt(status).by()).isNull();
    }

    @Test
    void whoGaveItIsNotedAsLongAsAnotherCommandOfTheirsWaits() {
        var both = annotated(
                annotated(annotated(failed("a"), Names.REQUEUE, "now"), Names.SET_DONE, "by hand"), Names.BY, "jo");

        var one = Given.annotated(both, Command.dropping(both, Names.REQUEUE));
        var none = Given.annotated(one, Command.dropping(one, Names.SET_DONE));

        assertThat(one.getMetadata().getAnnotations()).containsOnlyKeys(Names.SET_DONE, Names.BY);
        assertThat(none.getMetadata().getAnnotations()).isNullOrEmpty();
    }

    @Test
    void aCommandThatAnOlderVersionNotedByItsIdAloneIsKnownAndNotCarriedOn() {
        var job = with(annotated(failed("a"), Names.HANDLING, "id-1:requeue:now"), s -> s.retries = 1);
        var old = Given.withStatus(job, withLastCommand(job, "id-1"));

        assertThat(Lifecycle.next(seen(old))).isEqualTo(new Step.ClearCommand());
        assertThat(Statuses.after(old, new Step.Requeue(), NOW).lastCommand()).isNull();
    }

    @Test
    void aCommandThatHasTakenEffectIsOnlyRemoved() {
        var job = with(
                annotated(failed("a"), Names.HANDLING, "id-1:requeue:now"),
                s -> s.lastCommand = new LastCommand("id-1", "requeue", "now", "jo", NOW));

        assertThat(Lifecycle.next(seen(job))).isEqualTo(new Step.ClearCommand());
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

        var status = Statuses.after(job, REQUEUE_NOW, NOW);

        assertThat(status.state()).isEqualTo(State.PENDING);
        assertThat(status.nextAttemptTime()).isEqualTo(NOW);
        assertThat(status.retries()).isNull();
        assertThat(status.workerLosses()).isNull();
        assertThat(status.requeues()).isEqualTo(1);
        assertThat(status.attempt()).isEqualTo(1);
        assertThat(status.lastCommand()).isEqualTo(new LastCommand("id-1", "requeue", "now", null, NOW));
        assertThat(status.conditions()).isNull();
    }

    @Test
    void aRequeueThatChangesNothingDoesNotEraseTheReason() {
        var paused = explained(job("a"), Reason.QUEUE_PAUSED);

        var status = Statuses.after(paused, REQUEUE_NOW, NOW);

        assertThat(status.reason()).isEqualTo("QueuePaused");
        assertThat(status.message()).isEqualTo("as told");
        assertThat(status.reasonTime()).isNotNull();
    }

    @Test
    void aReasonThatTheRequeueLiftsIsErased() {
        var backoff = with(explained(job("a"), Reason.RETRY_BACKOFF), s -> s.nextAttemptTime = NOW.plusSeconds(60));
        var eta = explained(job("a", Given.spec(null, NOW.plusSeconds(60).toString(), null)), Reason.ETA_IN_FUTURE);

        assertThat(Statuses.after(backoff, REQUEUE_NOW, NOW).reason()).isNull();
        assertThat(Statuses.after(eta, REQUEUE_NOW, NOW).reason()).isNull();
    }

    /** What it has done so far may have reached the other side, which knows it by its idempotency key. */
    @Test
    void aJobThatIsTakenOutOfItsBackOffIsStillTheSameWork() {
        var waiting = with(failed("a"), s -> s.state = State.PENDING);

        var status = Statuses.after(waiting, REQUEUE_NOW, NOW);

        assertThat(status.nextAttemptTime()).isEqualTo(NOW);
        assertThat(status.requeues()).isNull();
    }

    @Test
    void aForcedRequeueEndsTheRunFirst() {
        var stop = new Step.Stop(State.PENDING, null, "requeued by a person", null, null);
        var stopping = Statuses.after(started("a"), new Step.ApplyCommand(REQUEUE_NOW.handling(), stop), NOW);

        assertThat(stopping.state()).isEqualTo(State.STARTED);
        assertThat(stopping.reason()).isEqualTo(Reason.STOPPING.toString());
        var after = Statuses.after(Given.withStatus(started("a"), stopping), new Step.FinishStop(), NOW);
        assertThat(after.state()).isEqualTo(State.PENDING);
        assertThat(after.stop()).isNull();
        assertThat(after.requeues()).isEqualTo(1);
        assertThat(after.history()).hasSize(1);
    }

    /** The shell may die between any two writes; the next one begins from what is stored. */
    @ParameterizedTest
    @EnumSource(Kind.class)
    void aCommandTakesEffectExactlyOnceHoweverOftenTheProcessDies(Kind kind) {
        var job = annotated(kind == Kind.CANCEL ? job("a") : failed("a"), kind.annotation(), "now");
        var effects = new ArrayList<Step>();
        for (var i = 0; i < 5; i++) {
            var step = Lifecycle.next(seen(job));
            if (step instanceof Step.ClaimCommand accept) {
                job = Given.annotated(job, new Command.Handling("id-1", accept.command()).taking(job));
            } else if (step instanceof Step.ApplyCommand obey) {
                effects.add(obey);
                job = Given.withStatus(job, Statuses.after(job, obey, NOW));
            } else if (step instanceof Step.ClearCommand) {
                job = Given.annotated(job, Command.handled());
            }
        }
        assertThat(effects).hasSize(1);
        assertThat(Command.anyOn(job)).isFalse();
    }

    @Test
    void theValueOfSetDoneIsKeptAsExplanationColonsAndAll() {
        var end = (Step.End) ((Step.ApplyCommand)
                        Lifecycle.next(seen(annotated(failed("a"), Names.HANDLING, "id-1:set-done:exported: by hand"))))
                .effect();
        assertThat(end.message()).isEqualTo("set to done by a person: exported: by hand");
    }

    private static SyncJobStatus obeyed(SyncJob job) {
        return Statuses.after(job, (Step.ApplyCommand) Lifecycle.next(seen(job)), NOW);
    }

    private static SyncJobStatus.Attempt lastAttempt(SyncJobStatus status) {
        return Objects.requireNonNull(status.history()).getLast();
    }

    private static String refusal(SyncJob job) {
        assertThat(Lifecycle.next(seen(job))).isInstanceOf(Step.Refuse.class);
        return ((Step.Refuse) Lifecycle.next(seen(job))).why();
    }

    private static SyncJob explained(SyncJob job, Reason reason) {
        return Given.withStatus(job, Statuses.after(job, new Step.Explain(reason, "as told"), NOW.minusSeconds(9)));
    }

    private static SyncJob withHistory(SyncJob job) {
        var attempt = new SyncJobStatus.Attempt(1, "a-1", NOW, NOW, "Failed", "JobFailed", "no", null, null);
        return with(job, s -> s.history = List.of(attempt));
    }

    /** As Jackson reads what version 0.1.0 has stored. */
    private static SyncJobStatus withLastCommand(SyncJob job, String id) {
        var json = new ObjectMapper()
                .registerModule(new JavaTimeModule())
                .configure(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS, false);
        var stored = (ObjectNode) json.valueToTree(JobFields.statusOf(job));
        return json.convertValue(stored.put("lastCommand", id), SyncJobStatus.class);
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
