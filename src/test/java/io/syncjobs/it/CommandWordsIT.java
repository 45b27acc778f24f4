package io.syncjobs.it;

import static io.syncjobs.cluster.Manifest.job;
import static io.syncjobs.cluster.Manifest.queue;
import static io.syncjobs.it.Accounts.bind;
import static org.assertj.core.api.Assertions.assertThat;

import io.syncjobs.api.State;
import io.syncjobs.cluster.ClusterTest;
import io.syncjobs.cluster.TestNamespace;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a command may say, and who is told that it may not: the prompt where the API server knows, an event where only SyncJobs does. */
@ClusterTest
class CommandWordsIT {
    private static final String REQUEUE = "syncjobs.io/requeue";
    private static final String SET_DONE = "syncjobs.io/set-done";
    private static final String CANCEL = "syncjobs.io/cancel";
    private static final String FAR = "2099-01-01T00:00:00Z";

    @Test
    void whatIsNoWordOrExplainsNothingIsRefusedAtThePrompt(TestNamespace here) {
        here.apply(job("waits").spec("eta", FAR).worker("exit=0"));
        var failed = here.create(job("failed").worker("exit=1"));
        failed.await(State.FAILED);

        for (var word : List.of("", " ", "false", "please", "Now", "true", "now,force")) {
            var refused = failed.tryAnnotate(REQUEUE, word);
            assertThat(refused.exit()).as(word).isNotZero();
            assertThat(refused.err()).as(word).contains("the words are now, again", "force");
        }
        for (var command : List.of(SET_DONE, CANCEL)) {
            for (var value : List.of("", "  ", "false")) {
                var refused = here.job("waits").tryAnnotate(command, value);
                assertThat(refused.exit()).as(command + "=" + value).isNotZero();
                assertThat(refused.err()).contains("say why");
            }
        }
        assertThat(here.job("waits").hasCommand()).isFalse();
        assertThat(failed.hasCommand()).isFalse();
        assertThat(failed.status().attempt()).isEqualTo(1);
    }

    @Test
    void aCommandThatIsSpeltWrongOrIsALabelIsWarnedOfAtThePrompt(TestNamespace here) {
        here.apply(job("waits").spec("eta", FAR).worker("exit=0"));

        var wrong = here.job("waits").tryAnnotate("syncjobs.io/requeu", "now").orThrow();
        var label =
                here.tryKubectl("label", "syncjob", "waits", REQUEUE + "=now").orThrow();
        var later = here.job("waits").tryAnnotate("example.com/checked", "yes").orThrow();

        assertThat(wrong.err())
                .contains("Warning", "does not know the annotation syncjobs.io/requeu ", "syncjobs.io/requeue");
        assertThat(label.err()).contains("Warning", "a command is an annotation", "kubectl annotate");
        assertThat(later.err()).as("only what is new is warned of").isEmpty();
    }

    @Test
    void aCommandOnADoneJobIsToldAtThePromptWhatFits(TestNamespace here) {
        here.apply(job("done").worker("exit=0"), job("failed").worker("fail=1:1"));
        here.job("done").await(State.DONE);
        here.job("failed").await(State.FAILED);

        for (var word : List.of("now", "force")) {
            assertThat(here.job("done").tryAnnotate(REQUEUE, word).err())
                    .contains("the job is Done", "syncjobs.io/requeue=again");
        }
        var all = here.tryKubectl("annotate", "syncjobs", "--all", REQUEUE + "=now");

        assertThat(all.exit()).isEqualTo(1);
        here.job("failed").awaitDone(2);
        assertThat(here.job("done").status().attempt())
                .as("an archive is not exported again")
                .isEqualTo(1);

        here.job("done").annotate(REQUEUE, "again");
        here.job("done").awaitDone(2);
    }

    @Test
    void aWordLeftInAManifestRunsNothingAgainAndHoldsUpNothingElse(TestNamespace here) {
        var manifest = List.of(
                job("stale").annotation(REQUEUE, "now").worker("exit=0"),
                job("other").worker("exit=0"));
        here.apply(manifest);
        here.job("stale").awaitDone(1);
        here.job("stale").awaitCommandsTaken();

        here.apply(manifest);

        assertThat(here.job("stale").awaitEvent("CommandRefused"))
                .contains("the job is Done", "syncjobs.io/requeue=again");
        assertThat(here.job("stale").awaitCommandsTaken().attempt()).isEqualTo(1);
        assertThat(here.job("other").await(State.DONE).attempt()).isEqualTo(1);
    }

    @Test
    void aRequeueThatChangesNothingKeepsTheReasonAndOneThatDoesNotWaitLiftsIt(TestNamespace here) {
        here.apply(queue("held").spec("paused", true).worker("exit=0"));
        here.apply(
                job("paused").spec("queue", "held"),
                job("later").spec("queue", "held").spec("eta", FAR));
        var told = here.job("paused").awaitReason("QueuePaused");
        here.job("later").awaitReason("EtaInFuture");

        here.kubectl("annotate", "syncjobs", "paused", "later", REQUEUE + "=now");

        var after = here.job("paused")
                .await(
                        "the command was obeyed",
                        s -> s.text("lastCommand.command").equals("requeue"));
        assertThat(after.reason()).isEqualTo("QueuePaused");
        assertThat(after.message()).isEqualTo(told.message());
        here.job("later").awaitReason("QueuePaused");
    }

    @Test
    void whoGaveACommandStandsInTheStatusAndTheHistory(TestNamespace here) {
        bind(here, "edit", "mia@example.com");
        here.apply(job("failed").worker("fail=1:1"), job("running").worker("hang"));
        here.job("failed").await(State.FAILED);
        here.job("running").awaitStarted(1);

        here.job("failed").tryAnnotate(REQUEUE, "now", "--as=mia@example.com").orThrow();
        here.job("running")
                .tryAnnotate(SET_DONE, "exported by hand", "--as=mia@example.com")
                .orThrow();

        var requeued = here.job("failed").awaitDone(2);
        assertThat(requeued.text("lastCommand.by")).isEqualTo("mia@example.com");
        assertThat(requeued.text("lastCommand.command")).isEqualTo("requeue");
        assertThat(requeued.text("lastCommand.value")).isEqualTo("now");
        assertThat(requeued.time("lastCommand.time")).isNotNull();
        assertThat(requeued.history("command")).containsExactly("requeue=now", "");
        assertThat(requeued.history("by")).containsExactly("mia@example.com", "");
        var ended = here.job("running").await(State.DONE);
        assertThat(ended.message()).isEqualTo("set to done by mia@example.com: exported by hand");
        assertThat(ended.history("command")).containsExactly("set-done");
        assertThat(ended.history("by")).containsExactly("mia@example.com");
        for (var name : List.of("failed", "running")) here.job(name).awaitCommandsTaken();
    }

    @Test
    void whoGaveACommandCannotBeForged(TestNamespace here) {
        bind(here, "edit", "mia");
        var job = here.create(job("waits").spec("eta", FAR).worker("exit=0"));

        assertThat(job.tryAnnotate("syncjobs.io/by", "tom", "--as=mia").err()).contains("says who gave a command");
        assertThat(job.tryAnnotate("syncjobs.io/handling", "x:cancel:y", "--as=mia")
                        .err())
                .contains("SyncJobs' own");
        job.tryAnnotate(CANCEL, "no need", "syncjobs.io/by=tom", "--as=mia").orThrow();

        assertThat(job.await(State.CANCELLED).text("lastCommand.by")).isEqualTo("mia");
    }
}
