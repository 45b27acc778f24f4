package io.syncjobs.it;

import static io.syncjobs.cluster.Manifest.job;
import static io.syncjobs.cluster.Manifest.pool;
import static io.syncjobs.cluster.Manifest.queue;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.syncjobs.api.State;
import io.syncjobs.cluster.ClusterTest;
import io.syncjobs.cluster.Json;
import io.syncjobs.cluster.OwnRelease;
import io.syncjobs.cluster.TestNamespace;
import io.syncjobs.cluster.Waiting;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The operator is shut down, killed or replaced while jobs run: nothing is lost, nothing runs twice without need. */
@ClusterTest
@Order(4)
@Timeout(900)
class OperatorIT {
    @Test
    void aSecondReplicaTakesOverAndNoJobIsLostHoweverTheLeaderEnds() {
        // With so long a Lease the other takes over only when the leader hands it over.
        try (var own = OwnRelease.install("pair", pair(300))) {
            var here = own.jobs();
            here.create(job("first").worker("exit=0")).await(State.DONE);
            here.create(job("runs").worker("sleep=30s")).awaitStarted(1);
            own.release().kubectl("delete", "pod", own.release().leader(), "--wait=false");
            here.create(job("second").worker("exit=0")).await(State.DONE);

            var old = own.release().operatorPods();
            own.upgrade(pair(7));
            var leader = own.release().leader(pod -> !old.contains(pod));
            own.release().kubectl("delete", "pod", leader, "--force", "--grace-period=0");
            here.create(job("third").worker("exit=0")).await(State.DONE);
            assertThat(here.job("runs").await(State.DONE).attempt()).isEqualTo(1);

            killedAgainAndAgain(own);
        }
    }

    /** The heartbeat is longer than any wait here. A note that came only after a minute of silence would name that silence. */
    @Test
    void aNewOperatorAsksWorkersToRenewSoThatNoJobWaitsForTheirHeartbeat() {
        try (var own = OwnRelease.install("asks", Map.of())) {
            var here = own.jobs();
            here.apply(
                    pool("slow").spec("heartbeatSeconds", 600).spec("deadAfterSeconds", 1_800),
                    queue("slow").spec("workerPool", "slow"));
            var worker = here.create(job("first").spec("queue", "slow"))
                    .await(State.DONE)
                    .worker();
            var before = lease(here, worker);
            var leader = own.release().leader();

            own.release().kubectl("delete", "pod", leader);
            own.release().leader(pod -> !pod.equals(leader));
            var second = here.create(job("second").spec("queue", "slow"));
            var after = renewed(here, worker, before);

            assertThat(second.await(State.DONE).worker()).isEqualTo(worker);
            assertThat(after.at("/spec/holderIdentity"))
                    .as("its incarnation")
                    .isEqualTo(before.at("/spec/holderIdentity"));
            var note =
                    after.at("/metadata/annotations/syncjobs.io~1seen").asText().split(" ", 2);
            assertThat(note)
                    .as("the last renewal that was seen, and the silence after it")
                    .hasSize(2);
            assertThat(Instant.parse(note[0]))
                    .isEqualTo(Instant.parse(before.at("/spec/renewTime").asText()));
            assertThat(note[1]).as("noted when the operator began").isEqualTo("0");
        }
    }

    /** The Lease of the worker when it is renewed after {@code before}. */
    private static JsonNode renewed(TestNamespace here, String worker, JsonNode before) {
        var seen = new ArrayList<>(List.of(before));
        Waiting.until(
                "worker " + worker + " renews its Lease",
                () -> {
                    seen.add(lease(here, worker));
                    return !seen.getLast().at("/spec/renewTime").equals(before.at("/spec/renewTime"));
                },
                here::describe);
        return seen.getLast();
    }

    private static JsonNode lease(TestNamespace here, String worker) {
        return Json.read(here.kubectl("get", "lease", worker, "--output=json"));
    }

    private static Map<String, Object> pair(int leaseSeconds) {
        return Map.of("leaseSeconds", leaseSeconds, "replicas", 2, "enqueuer", OwnRelease.EACH_MINUTE);
    }

    private static void killedAgainAndAgain(OwnRelease own) {
        var here = own.jobs();
        here.apply(queue("many").spec("capacity", 4).worker("sleep=1s"));
        here.apply(IntStream.rangeClosed(1, 30)
                .mapToObj(i -> job("job-" + i).spec("queue", "many"))
                .toList());
        for (var round = 1; round <= 3; round++) {
            var done = 5 * round;
            Waiting.until("some jobs are Done", Duration.ofMinutes(5), () -> done(here) >= done, here::describe);
            for (var pod : own.release().operatorPods()) {
                own.release().kubectl("delete", "pod", pod, "--force", "--grace-period=0", "--ignore-not-found");
            }
        }

        Waiting.until("all are Done", Duration.ofMinutes(5), () -> done(here) == 30, here::describe);
        // A reservation whose writer is gone gets a new attempt before its pod exists: that is not a second run.
        var ran = here.pods().stream()
                .map(pod -> pod.getMetadata().getLabels().get("syncjobs.io/job-uid"))
                .toList();
        assertThat(ran).doesNotHaveDuplicates();
    }

    private static int done(TestNamespace here) {
        return here.count(job -> job.at("/spec/queue").asText().equals("many")
                && job.at("/status/state").asText().equals("Done"));
    }
}
