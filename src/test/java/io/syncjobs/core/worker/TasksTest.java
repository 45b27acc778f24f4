package io.syncjobs.core.worker;

import static io.syncjobs.core.job.Given.NOW;
import static io.syncjobs.core.job.Given.with;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.syncjobs.api.Reason;
import io.syncjobs.api.State;
import io.syncjobs.api.SyncJob;
import io.syncjobs.api.SyncJobStatus.Stop;
import io.syncjobs.api.SyncQueueSpec;
import io.syncjobs.core.job.Given;
import io.syncjobs.core.job.Policies;
import io.syncjobs.core.job.Step;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What an agent does next, row by row: what it knows of the job, how far it is with it, how its worker is. */
class TasksTest {
    private static final Handler HANDLER = new Handler("magento", "handler", 8080, "/", Optional.of("/cancel"), 16_384);
    private static final Handler WITHOUT_CANCEL =
            new Handler("magento", "handler", 8080, "/", Optional.empty(), 16_384);
    private static final SyncQueueSpec QUEUE = new SyncQueueSpec(10, null, null, null, null, "magento");
    private static final Duration DEAD_AFTER = Duration.ofSeconds(90);

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            # it is to be taken
            Enqueued                | Waiting   | well                | writes Start
            Enqueued                | Waiting   | full                | waits
            Enqueued                | Taken     | full                | writes Start
            Enqueued                | Waiting   | cut off             | waits
            Enqueued, being deleted | Waiting   | well                | waits
            Enqueued, stopping      | Waiting   | draining            | writes FinishStop
            Enqueued                | Waiting   | draining            | gives back at +0: its worker, or its handler alone, is being shut down, and had not begun with it
            Enqueued                | Waiting   | not ready           | waits until +60
            Enqueued                | Waiting   | long not ready      | gives back at +5: its worker's handler accepted no connection
            # it is not this worker's any more
            deleted                 | Waiting   | well                | leaves it: the job was deleted
            Started, by another     | Waiting   | well                | leaves it: the job is Started now, attempt 1
            Started, in a pod       | Waiting   | well                | leaves it: the job is Started now, attempt 1
            Done                    | Answered  | well                | leaves it: the job is Done now, attempt 1
            Started, next attempt   | Calling   | well                | asks the handler to end
            deleted                 | Calling   | told                | waits until +90
            deleted                 | Calling   | told in vain        | asks the handler to end
            deleted                 | Calling   | told long ago       | leaves it: the job was deleted
            # the handler has not been called
            Started                 | Waiting   | well                | calls
            Started                 | Taken     | well                | calls
            Started                 | Taken     | cut off             | waits
            Started                 | Taken     | draining            | gives back at +0: its worker, or its handler alone, is being shut down, and had not begun with it
            Started, stopping       | Taken     | draining            | writes FinishStop
            Started                 | Taken     | not ready           | waits until +60
            Started                 | Unreached | well                | calls
            Started                 | Unreached | not ready           | gives back at +5: its worker's handler accepted no connection: refused
            # the handler is at it
            Started                 | Calling   | well                | waits
            Started                 | Calling   | cut off             | asks the handler to end
            Started                 | Calling   | cut off, told       | waits
            Started                 | Calling   | draining            | waits until +20
            Started                 | Calling   | drained             | asks the handler to end
            Started                 | Calling   | drained, told       | gives back at +30: its worker, or its handler alone, is being shut down
            Started                 | Calling   | drained, told, as before | gives back at +30: its handler alone is being shut down during this job, as once before
            Started, stopping       | Calling   | well                | asks the handler to end
            Started, stopping       | Calling   | told                | waits until +90
            Started, stopping       | Calling   | told in vain        | asks the handler to end
            Started, stopping       | Calling   | told long ago       | writes FinishStop
            # the handler has answered
            Started                 | Answered  | cut off             | writes Explain
            Started, stopping       | Answered  | well                | writes FinishStop
            # an earlier agent of this pod has called it
            Started                 | Foreign   | well                | asks the handler to end
            Started                 | Foreign   | told                | gives back at +0: the agent of its worker was restarted
            Started, stopping       | Foreign   | told                | writes FinishStop
            """)
    void whatIsDoneNext(String job, String progress, String worker, String move) {
        assertThat(words(Tasks.next(task(job, progress(progress), worker), here(worker))))
                .isEqualTo(move);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            200    | well           | Done
            200    | draining, told | Done
            500    | well           | Failed
            500    | draining       | Failed
            500    | told, no path  | Failed
            500    | told           | gives back at +0: its worker was cut off from the API server and gave up the call
            500    | draining, told | gives back at +0: its worker, or its handler alone, is being shut down
            broken | draining       | gives back at +0: its worker, or its handler alone, is being shut down
            broken | draining, as before | gives back at +0: its handler alone is being shut down during this job, as once before
            broken | well           | gives back at +0: the connection to its handler broke in the middle of the call: reset
            """)
    void whatAnAnswerMeans(String answer, String worker, String outcome) {
        var task = task("Started", new Progress.Calling(), worker);
        var said = answer.equals("broken")
                ? new HandlerAnswer.Broken("reset")
                : new HandlerAnswer.Answered(
                        Integer.parseInt(answer), "application/json", "", "{}".getBytes(UTF_8), true);

        var change = Tasks.outcome(task, job("Started"), here(worker), said);

        assertThat(change instanceof Step.End end ? end.state().toString() : words(change))
                .isEqualTo(outcome);
    }

    private static SyncJob job(String words) {
        var attempt = words.contains("next attempt") ? 2 : 1;
        var job = with(Given.job("a"), s -> {
            s.state = State.valueOf(words.replaceAll(",.*", "").toUpperCase(Locale.ROOT));
            s.attempt = attempt;
            s.worker = words.contains("by another") ? "w2" : "w1";
            s.startedTime = NOW.minusSeconds(3);
            s.effective =
                    Policies.effective(Given.job("a").getSpec(), words.contains("in a pod") ? Given.QUEUE : QUEUE);
            if (words.contains("stopping"))
                s.stop = new Stop(State.CANCELLED, Reason.CANCELLED_BY_USER.toString(), "not wanted", NOW);
        });
        if (words.contains("being deleted")) job.getMetadata().setDeletionTimestamp(NOW.toString());
        return job;
    }

    private static Task task(String job, Progress progress, String worker) {
        var since = worker.contains("long not ready") ? NOW.minusSeconds(60) : NOW;
        // It was told when the worker was cut off, which is over.
        var end = !worker.contains("in vain");
        var told = worker.contains("told long ago") || !end
                ? Optional.of(new Task.Cancelled(NOW.minus(DEAD_AFTER), end))
                : worker.contains("told")
                        ? Optional.of(new Task.Cancelled(NOW, end))
                        : Optional.<Task.Cancelled>empty();
        var known = job.equals("deleted") ? Optional.<SyncJob>empty() : Optional.of(job(job));
        return new Task(known, 1, since, progress, told, worker.contains("as before"));
    }

    private static Progress progress(String word) {
        return switch (word) {
            case "Waiting" -> new Progress.Waiting();
            case "Taken" -> new Progress.Taken();
            case "Unreached" -> new Progress.Unreached(NOW.minusSeconds(60), "refused");
            case "Calling" -> new Progress.Calling();
            case "Answered" -> new Progress.Answered(new Step.Explain(Reason.WORKERS_BUSY, "stands for any outcome"));
            default -> new Progress.Foreign();
        };
    }

    private static Situation here(String worker) {
        var drain = worker.contains("drained")
                ? Optional.of(NOW)
                : worker.contains("draining") ? Optional.of(NOW.plusSeconds(20)) : Optional.<Instant>empty();
        return new Situation(
                NOW,
                NOW,
                "w1",
                worker.contains("no path") ? WITHOUT_CANCEL : HANDLER,
                !worker.contains("cut off"),
                !worker.contains("not ready"),
                worker.contains("full") ? 0 : 1,
                drain,
                NOW.plusSeconds(30),
                DEAD_AFTER);
    }

    private static String words(Move move) {
        return switch (move) {
            case Move.Wait wait ->
                wait.until().map(time -> "waits until " + in(time)).orElse("waits");
            case Move.Write write -> words(write.change());
            case Move.Call call -> "calls";
            case Move.Cancel cancel -> "asks the handler to end";
            case Move.Leave leave -> "leaves it: " + leave.why();
        };
    }

    private static String words(Step.Change change) {
        return change instanceof Step.RecordLoss loss
                ? "gives back at " + in(loss.notBefore()) + ": "
                        + loss.message().replaceAll("^attempt 1 was lost \\((.*?)\\); it runs.*$", "$1")
                : "writes " + change.getClass().getSimpleName();
    }

    private static String in(Instant time) {
        return "+" + Duration.between(NOW, time).toSeconds();
    }
}
