package io.syncjobs.it;

import static io.syncjobs.cluster.Manifest.job;
import static io.syncjobs.cluster.Manifest.queue;
import static org.assertj.core.api.Assertions.assertThat;

import io.syncjobs.api.State;
import io.syncjobs.cluster.ClusterTest;
import io.syncjobs.cluster.Manifest;
import io.syncjobs.cluster.TestJob;
import io.syncjobs.cluster.TestNamespace;
import io.syncjobs.cluster.Waiting;
import java.time.Duration;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The Requeue button, the Set-to-Done button and Cancel, in every state of a job. */
@ClusterTest
class CommandIT {
    private static final String REQUEUE = "syncjobs.io/requeue";
    private static final String SET_DONE = "syncjobs.io/set-done";
    private static final String CANCEL = "syncjobs.io/cancel";
    private static final String FAR = "2099-01-01T00:00:00Z";

    @Test
    void requeueOfAWaitingJobMakesItDueNowAndLeavesItsSpec(TestNamespace here) {
        var job = here.create(job("later").spec("eta", FAR).worker("exit=0"));

        job.annotate(REQUEUE, "now");

        job.awaitDone(1);
        assertThat(job.read().at("/spec/eta").asText()).isEqualTo(FAR);
    }

    @Test
    void requeueOfAnEnqueuedJobGivesItAnotherPod(TestNamespace here) {
        var job = enqueued(here, "stuck");
        var first = job.status().worker();

        job.annotate(REQUEUE, "now");

        var second = job.await("attempt 2 is Enqueued", s -> s.state() == State.ENQUEUED && s.attempt() == 2);
        assertThat(second.worker()).isNotEqualTo(first);
        Waiting.until(
                "the first pod is gone",
                () -> job.pods().stream()
                        .noneMatch(pod -> pod.getMetadata().getName().equals(first)),
                here::describe);
    }

    @Test
    void requeueOfAStartedJobIsRefusedUnlessForced(TestNamespace here) {
        var job = started(here, job("busy").worker("hang=1:"));

        var refused = job.tryAnnotate(REQUEUE, "now");

        assertThat(refused.exit()).isNotZero();
        assertThat(refused.err()).contains("the job is Started", "syncjobs.io/requeue=force");
        var still = job.status();
        assertThat(job.hasCommand()).isFalse();
        assertThat(still.state()).isEqualTo(State.STARTED);
        assertThat(still.attempt()).isEqualTo(1);

        job.annotate(REQUEUE, "force");

        var done = job.awaitDone(2);
        assertThat(done.outcomes()).containsExactly("Stopped", "Done");
        assertThat(done.number("workerLosses")).isZero();
        assertThat(done.number("requeues")).isEqualTo(1);
    }

    @Test
    void requeueOfAFailedJobRunsItAgainAndTheSameValueWorksTwice(TestNamespace here) {
        var job = here.create(job("failed").worker("print=no such customer", "fail=2:1"));
        job.await(State.FAILED);

        job.annotate(REQUEUE, "now");
        var again = job.await("the second attempt failed", s -> s.state() == State.FAILED && s.attempt() == 2);
        assertThat(again.outcomes()).containsExactly("Failed", "Failed");
        assertThat(again.text("error.message")).isEqualTo("no such customer");
        job.awaitCommandsTaken();

        job.annotate(REQUEUE, "now");
        var done = job.awaitDone(3);
        assertThat(done.number("requeues")).isEqualTo(2);
        assertThat(done.condition("Complete")).isEqualTo("True");
        assertThat(done.condition("Failed")).isNotEqualTo("True");
    }

    @Test
    void requeueOfADoneAndOfACancelledJobRunsThemAgain(TestNamespace here) {
        here.apply(
                job("done").worker("exit=0"), job("cancelled").spec("eta", FAR).worker("exit=0"));
        here.job("done").await(State.DONE);
        here.job("cancelled").annotate(CANCEL, "not needed");
        here.job("cancelled").await(State.CANCELLED);

        here.kubectl("annotate", "syncjobs", "done", "cancelled", REQUEUE + "=again");

        here.job("done").awaitDone(2);
        here.job("cancelled").awaitDone(1);
    }

    @Test
    void setDoneWorksInEveryState(TestNamespace here) {
        here.apply(
                job("pending").spec("eta", FAR).worker("exit=0"),
                job("cancelled").spec("eta", FAR).worker("exit=0"),
                job("started").worker("hang"),
                job("failed").worker("exit=1"),
                job("done").worker("exit=0"));
        enqueued(here, "enqueued");
        here.job("cancelled").annotate(CANCEL, "not needed");
        here.job("cancelled").await(State.CANCELLED);
        here.job("started").awaitStarted(1);
        here.job("failed").await(State.FAILED);
        here.job("done").await(State.DONE);

        here.kubectl("annotate", "syncjobs", "--all", SET_DONE + "=exported by hand");

        for (var job : here.jobs("pending", "cancelled", "enqueued", "started", "failed", "done")) {
            var done = job.await(
                    "is set to done", s -> s.state() == State.DONE && s.reason().equals("ManuallySetDone"));
            assertThat(done.message()).contains("exported by hand");
            assertThat(done.condition("Complete")).isEqualTo("True");
            assertThat(done.condition("Failed")).isNotEqualTo("True");
            assertThat(job.pods()).noneMatch(TestJob::runs);
        }
        assertThat(here.job("pending").status().attempt()).isZero();
    }

    @Test
    void cancelWorksInUnfinishedStatesAndIsRefusedInFinishedOnes(TestNamespace here) {
        here.apply(
                job("pending").spec("eta", FAR).worker("exit=0"),
                job("started").worker("hang"),
                job("failed").worker("exit=1"),
                job("done").worker("exit=0"));
        here.job("started").awaitStarted(1);
        here.job("failed").await(State.FAILED);
        here.job("done").await(State.DONE);
        // Last, because its pod never starts, and the job is not given long for that.
        enqueued(here, "enqueued");

        var bulk = here.tryKubectl("annotate", "syncjobs", "--all", CANCEL + "=order withdrawn");

        assertThat(bulk.exit()).as("kubectl tells each refusal and goes on").isEqualTo(1);
        assertThat(bulk.err().lines().filter(line -> line.contains("only an unfinished job can be cancelled")))
                .hasSize(2);
        for (var job : here.jobs("pending", "enqueued", "started")) {
            var cancelled = job.await(State.CANCELLED);
            assertThat(cancelled.reason()).isEqualTo("CancelledByUser");
            assertThat(cancelled.message()).contains("order withdrawn");
            assertThat(job.pods()).noneMatch(TestJob::runs);
        }
        for (var job : here.jobs("failed", "done")) {
            var before = job.name().equals("done") ? State.DONE : State.FAILED;
            assertThat(job.hasCommand()).isFalse();
            assertThat(job.status().state()).isEqualTo(before);
        }
    }

    @Test
    void whileItsWorkerIsBeingEndedTheJobSaysWhatItBecomes(TestNamespace here) {
        var job = started(here, job("slow").worker("hang").spec("template.spec.terminationGracePeriodSeconds", 4));

        job.annotate(CANCEL, "order withdrawn");

        var stopping = job.awaitReason("Stopping");
        assertThat(stopping.state()).isEqualTo(State.STARTED);
        assertThat(stopping.text("stop.target")).isEqualTo("Cancelled");
        assertThat(stopping.message()).contains("Cancelled");
        assertThat(job.await(State.CANCELLED).reason()).isEqualTo("CancelledByUser");
    }

    @Test
    void aResultThatComesWhileTheJobIsBeingStoppedIsRefused(TestNamespace here) {
        var job = started(here, job("toolate").worker("message={\"done\":true}", "term=0"));

        job.annotate(CANCEL, "order withdrawn");

        assertThat(job.await(State.CANCELLED).reason()).isEqualTo("CancelledByUser");
    }

    @Test
    void ofSeveralCommandsAtOnceSetDoneWinsAndTheOthersAreRefused(TestNamespace here) {
        var job = here.create(job("several").spec("eta", FAR).worker("exit=0"));

        here.kubectl("annotate", "syncjob", "several", SET_DONE + "=by hand", CANCEL + "=no", REQUEUE + "=now");

        assertThat(job.await(State.DONE).reason()).isEqualTo("ManuallySetDone");
        Waiting.until(
                "both others are refused", () -> job.events("CommandRefused").size() == 2, job::describe);
        assertThat(job.awaitCommandsTaken().state()).isEqualTo(State.DONE);
    }

    @Test
    void twoHundredJobsAtOnceBySelector(TestNamespace here) {
        here.apply(queue("held").spec("paused", true).worker("exit=0"));
        here.apply(IntStream.rangeClosed(1, 200)
                .mapToObj(i -> job("job-" + i).spec("queue", "held"))
                .toList());

        here.kubectl("annotate", "syncjobs", "--field-selector", "status.state=Pending", CANCEL + "=wrong import");
        awaitAll(here, State.CANCELLED);

        here.kubectl("annotate", "syncjobs", "--field-selector", "status.state=Cancelled", REQUEUE + "=now");
        awaitAll(here, State.PENDING);

        here.kubectl("annotate", "syncjobs", "--field-selector", "spec.queue=held", SET_DONE + "=all by hand");
        awaitAll(here, State.DONE);
    }

    private static void awaitAll(TestNamespace here, State state) {
        Waiting.until(
                "all 200 jobs are " + state,
                Duration.ofMinutes(2),
                () -> here.count(job -> job.at("/status/state").asText().equals(state.toString())
                                && job.at("/metadata/annotations/syncjobs.io~1handling")
                                        .isMissingNode())
                        == 200,
                () -> here.kubectl("get", "syncqueue", "held", "-o", "yaml"));
    }

    private static TestJob started(TestNamespace here, Manifest manifest) {
        var job = here.create(manifest);
        job.awaitStarted(1);
        return job;
    }

    /** A job that stays Enqueued: no node takes its pod. */
    private static TestJob enqueued(TestNamespace here, String name) {
        var job = here.create(job(name).worker("exit=0").spec("template.spec.nodeSelector", Map.of("disk", "none")));
        job.await(
                "it is Enqueued and has a pod",
                s -> s.state() == State.ENQUEUED && !job.pods().isEmpty());
        return job;
    }
}
