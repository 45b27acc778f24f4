package io.syncjobs.it;

import static io.syncjobs.cluster.Manifest.job;
import static io.syncjobs.cluster.Manifest.pool;
import static io.syncjobs.cluster.Manifest.queue;
import static java.util.Objects.requireNonNull;
import static java.util.stream.Collectors.toMap;
import static org.assertj.core.api.Assertions.assertThat;

import io.syncjobs.api.State;
import io.syncjobs.cluster.ClusterTest;
import io.syncjobs.cluster.JobStatus;
import io.syncjobs.cluster.Manifest;
import io.syncjobs.cluster.TestNamespace;
import io.syncjobs.cluster.Waiting;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

/** Why do I have several workers, and what becomes of the jobs of one that dies? Jobs on the warm workers of a pool. */
@ClusterTest
@Order(3)
class WarmIT {
    private static final int JOBS = 1_000;

    /** A pool starts a pod with two containers, on a machine with two cores. */
    private static final Duration PATIENT = Duration.ofMinutes(3);

    @Test
    void aThousandMixedJobsEndEachInItsRightStateByAsManyCallsAsTheyHaveAttempts(TestNamespace here) {
        here.apply(pool("mixed").spec("replicas", 2).spec("slots", 8));
        here.apply(queue("mixed").spec("workerPool", "mixed").spec("capacity", 16));
        awaitWorkers(here, "mixed", 2);
        for (var first = 0; first < JOBS; first += 100)
            here.apply(
                    IntStream.range(first, first + 100).mapToObj(WarmIT::mixed).toList());

        Waiting.until(
                "all have ended",
                PATIENT.multipliedBy(2),
                () -> here.count("status.state!=Done,status.state!=Failed") == 0,
                here::describe);

        var jobs = here.all()
                .collect(toMap(job -> job.at("/metadata/name").asText(), job -> new JobStatus(job.path("status"))));
        var workers = new HashSet<String>();
        var attempts = new ArrayList<String>();
        for (var i = 0; i < JOBS; i++) {
            var status = requireNonNull(jobs.get("job-" + i));
            for (var attempt = 1; attempt <= status.attempt(); attempt++) attempts.add("job-" + i + " " + attempt);
            workers.add(status.worker());
            assertThat(status.state())
                    .as("job-%d: %s", i, status.json())
                    .isEqualTo(i % 5 == 2 ? State.FAILED : State.DONE);
            assertThat(status.text("effective.workerPool")).isEqualTo("mixed");
            switch (i % 5) {
                case 2 -> {
                    assertThat(status.reason()).isEqualTo("JobFailed");
                    assertThat(status.text("error.message")).contains("no such article");
                }
                case 3 -> {
                    assertThat(status.outcomes()).containsExactly("Retried", "Done");
                    assertThat(status.attempt()).isEqualTo(2);
                }
                default -> {
                    assertThat(status.attempt()).isEqualTo(1);
                    assertThat(status.result().path("pod").asText()).isEqualTo(status.worker());
                    assertThat(status.result().path("action").asText()).isEqualTo("test.job-" + i);
                }
            }
        }
        assertThat(workers).hasSize(2).allMatch(worker -> worker.startsWith("mixed-"));
        assertThat(workers.stream().flatMap(worker -> calls(here, worker)))
                .as("the handlers' own count of their calls")
                .containsExactlyInAnyOrderElementsOf(attempts);
        assertThat(here.pods()).as("pods of jobs").isEmpty();
    }

    private static Stream<String> calls(TestNamespace here, String worker) {
        var call = Pattern.compile("job (\\S+) attempt (\\d+):");
        return call.matcher(here.kubectl("logs", worker, "--container=worker"))
                .results()
                .map(found -> found.group(1) + " " + found.group(2));
    }

    private static Manifest mixed(int i) {
        return warm(
                "job-" + i,
                "mixed",
                switch (i % 5) {
                    case 2 ->
                        Map.of("status", 422, "body", Map.of("type", "ArticleUnknown", "detail", "no such article"));
                    case 3 -> Map.of("status", 503, "until", 1, "retryAfter", "1");
                    case 4 -> Map.of("sleep", "200ms");
                    default -> Map.of();
                });
    }

    @Test
    void theJobsOfAWorkerThatIsKilledRunAgainOnAnother(TestNamespace here) {
        here.apply(pool("killed").spec("replicas", 2).spec("slots", 2));
        here.apply(queue("killed").spec("workerPool", "killed"));
        awaitWorkers(here, "killed", 2);
        here.apply(IntStream.range(0, 4)
                .mapToObj(i -> warm("job-" + i, "killed", Map.of("sleep", "6s")))
                .toList());
        var victim = here.job("job-0").awaitStarted(1).worker();

        here.kubectl("delete", "pod", victim, "--grace-period=0", "--force");

        var after = here.job("job-0").awaitDone(2, PATIENT);
        assertThat(after.worker()).isNotEqualTo(victim);
        assertThat(after.outcomes()).containsExactly("Lost", "Done");
        assertThat(after.history("worker")).containsExactly(victim, after.worker());
        IntStream.range(0, 4).forEach(i -> here.job("job-" + i).await(State.DONE, PATIENT));
    }

    /** The kubelet runs the preStop hook, by which a worker drains, also when it restarts the handler alone. */
    @Test
    void aWorkerWhoseHandlerIsRestartedForItsProbeTakesJobsAgain(TestNamespace here) {
        var nothingListens = Map.of(
                "tcpSocket", Map.of("port", 1), "initialDelaySeconds", 15, "periodSeconds", 30, "failureThreshold", 1);
        here.apply(pool("probed").spec("template.spec.containers.0.livenessProbe", nothingListens));
        here.apply(queue("probed").spec("workerPool", "probed"));
        Waiting.until(
                "the handler is restarted",
                PATIENT,
                () -> here.kubectl("get", "pods", "-o", "jsonpath={.items[*].status.containerStatuses[0].restartCount}")
                        .matches(".*[1-9].*"),
                here::describe);

        here.create(warm("after", "probed", Map.of())).await(State.DONE, PATIENT);
    }

    @Test
    void aFailureOnAWorkerIsToldByOneEventAsThatOfAPodIs(TestNamespace here) {
        here.apply(pool("told"), queue("told").spec("workerPool", "told"));
        var job = here.create(warm("fails", "told", Map.of("status", 422)));

        job.await(State.FAILED, PATIENT);

        assertThat(job.awaitEvent("JobFailed")).contains("Http422");
        assertThat(job.events("JobFailed")).hasSize(1);
    }

    @Test
    void aRunThatIsCancelledIsToldToItsHandlerAndItsSlotIsFreeThen(TestNamespace here) {
        here.apply(pool("cancel").spec("slots", 1), queue("cancel").spec("workerPool", "cancel"));
        var job = here.create(warm("long", "cancel", Map.of("sleep", "600s")));
        job.await("it is Started", PATIENT, status -> status.state() == State.STARTED);
        var next = here.create(warm("next", "cancel", Map.of()));
        assertThat(next.awaitReason("WorkersBusy").message()).contains("kubectl scale syncworkerpool cancel");

        job.annotate("syncjobs.io/cancel", "no longer wanted");

        var ended = job.await(State.CANCELLED);
        assertThat(ended.reason()).isEqualTo("CancelledByUser");
        assertThat(ended.outcomes()).containsExactly("Stopped");
        next.await(State.DONE);
    }

    @Test
    void whatTheWorkersOfADeletedPoolHaveIsDoneOnceAndTheRestSaysWhatIsMissing(TestNamespace here) {
        here.apply(pool("gone").spec("slots", 1), queue("gone").spec("workerPool", "gone"));
        var job = here.create(warm("runs", "gone", Map.of("sleep", "6s")));
        job.await("it is Started", PATIENT, status -> status.state() == State.STARTED);
        Waiting.until("the rights belong to the worker too", () -> owners(here).contains("Pod"), here::describe);

        here.kubectl("delete", "syncworkerpool", "gone");
        var waits = here.create(warm("waits", "gone", Map.of()));

        assertThat(job.await(State.DONE, PATIENT).outcomes()).containsExactly("Done");
        assertThat(waits.awaitReason("NoWorkers").message()).contains("there is no SyncWorkerPool gone");
        Waiting.until(
                "the rights end with the worker", PATIENT, () -> owners(here).isEmpty(), here::describe);
    }

    @Test
    void aQueueThatIsGivenAPoolEndsWhatRunsInPodsAndHasTheRestDoneThereAndBack(TestNamespace here) {
        here.apply(
                pool("move").spec("slots", 1), queue("move").spec("capacity", 1).worker("sleep=10s"));
        awaitWorkers(here, "move", 1);
        var first = here.create(warm("first", "move", Map.of("sleep", "10s")));
        first.awaitStarted(1);
        var second = here.create(warm("second", "move", Map.of("sleep", "10s")));

        here.apply(queue("move").spec("capacity", 1).spec("workerPool", "move"));
        second.awaitStarted(1);
        var third = here.create(warm("third", "move", Map.of()));
        here.apply(queue("move").spec("capacity", 1).worker("exit=0"));

        var ended = Stream.of(first, second, third)
                .map(job -> job.await(State.DONE, PATIENT))
                .toList();
        assertThat(ended).extracting(JobStatus::outcomes).containsOnly(List.of("Done"));
        assertThat(ended)
                .extracting(status -> status.text("effective.workerPool"))
                .containsExactly("", "move", "");
    }

    private static String owners(TestNamespace here) {
        return here.tryKubectl("get", "role", "syncjobs-pool-gone", "-o=jsonpath={.metadata.ownerReferences[*].kind}")
                .out();
    }

    @Test
    void moreWorkersShareTheWork(TestNamespace here) {
        here.apply(pool("grow").spec("slots", 1), queue("grow").spec("workerPool", "grow"));
        var first = here.create(warm("first", "grow", Map.of())).await(State.DONE, PATIENT);

        here.kubectl("scale", "syncworkerpool", "grow", "--replicas=3");
        awaitWorkers(here, "grow", 3);
        here.apply(IntStream.range(0, 6)
                .mapToObj(i -> warm("job-" + i, "grow", Map.of("sleep", "2s")))
                .toList());

        var workers = IntStream.range(0, 6)
                .mapToObj(i -> here.job("job-" + i).await(State.DONE, PATIENT).worker())
                .distinct()
                .toList();
        assertThat(workers).hasSize(3).contains(first.worker());
    }

    @Test
    void aJobWithoutAWorkerSaysWhatIsMissing(TestNamespace here) {
        here.apply(queue("none").spec("workerPool", "none"));
        var job = here.create(warm("waits", "none", Map.of()));
        assertThat(job.awaitReason("NoWorkers").message()).contains("there is no SyncWorkerPool none");
        Waiting.until(
                "the queue says so too",
                () -> condition(here, "none", "Ready").path("reason").asText().equals("NoWorkers"),
                here::describe);

        here.apply(pool("none").worker("hang"));

        assertThat(job.awaitReason("HandlerNotReady", PATIENT).message()).contains("kubectl logs none-");
        assertThat(job.status().state()).isEqualTo(State.PENDING);
        here.apply(pool("none"));
        job.await(State.DONE, PATIENT);
    }

    @Test
    void aQueueSaysWhetherItsCapacityFitsThePool(TestNamespace here) {
        here.apply(
                pool("small").spec("replicas", 0).spec("slots", 4),
                queue("big").spec("workerPool", "small").spec("capacity", 20));

        Waiting.until(
                "the queue tells that its pool is too small",
                () -> condition(here, "big", "PoolFits").path("reason").asText().equals("PoolTooSmall"),
                here::describe);
        var job = here.create(warm("waits", "big", Map.of()));
        assertThat(job.awaitReason("NoWorkers").message()).contains("pool small has spec.replicas 0");
    }

    private static com.fasterxml.jackson.databind.JsonNode condition(TestNamespace here, String queue, String type) {
        return JobStatus.condition(here.queue(queue).path("status"), type);
    }

    private static void awaitWorkers(TestNamespace here, String pool, int workers) {
        Waiting.until(
                workers + " workers of pool " + pool + " are ready",
                PATIENT,
                () -> Stream.of(here.kubectl(
                                                "get",
                                                "leases",
                                                "-l",
                                                "syncjobs.io/pool=" + pool,
                                                "-o",
                                                "jsonpath={.items[*].metadata.annotations.syncjobs\\.io/worker-state}")
                                        .split(" ", -1))
                                .filter("Ready"::equals)
                                .count()
                        >= workers,
                here::describe);
    }

    private static Manifest warm(String name, String queue, Map<String, Object> payload) {
        return job(name).spec("queue", queue).spec("payload", payload);
    }

    @Test
    void aJobThatBringsItsOwnTemplateRunsInItsOwnPodAllTheSame(TestNamespace here) {
        here.apply(queue("both").spec("workerPool", "missing"));

        var done =
                here.create(job("own").spec("queue", "both").worker("exit=0")).await(State.DONE);
        assertThat(done.at("effective.workerPool").isMissingNode()).isTrue();
        assertThat(done.worker()).startsWith("own-1-");
        assertThat(List.of(done.outcomes())).hasSize(1);
    }
}
