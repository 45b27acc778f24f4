package io.syncjobs.faults;

import static io.syncjobs.cluster.Manifest.job;
import static io.syncjobs.cluster.Manifest.queue;
import static org.assertj.core.api.Assertions.assertThat;

import io.syncjobs.cluster.ClusterTest;
import io.syncjobs.cluster.Waiting;
import java.time.Duration;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

/** An API server that answers wrongly, late or not at all, and watches that break. */
@ClusterTest
@Order(2)
class ApiTroubleIT {
    private static final int JOBS = 60;
    private static final Duration STORM = Duration.ofSeconds(30);

    @Test
    void inAStormOfErrorsLostAnswersAndBrokenWatchesNothingIsLostOrDoubled() {
        try (var release = FaultyRelease.install("storm", Map.of("DONE_POD_SECONDS", "600"));
                var watch = CapacityWatch.of(release.jobs(), 10)) {
            var here = release.jobs();
            var proxy = release.proxy();
            var operator = release.enqueuer("operator-a", proxy);
            here.apply(queue("work").spec("capacity", 10).worker("sleep=1s", "message={\"result\":1}"));
            var storm = new Storm(20_261_124);
            proxy.plan(storm);
            here.apply(IntStream.rangeClosed(1, JOBS)
                    .mapToObj(i -> job("job-" + i).spec("queue", "work"))
                    .toList());

            Waiting.during(
                    "the storm",
                    STORM,
                    () -> {
                        proxy.breakWatches();
                        return true;
                    },
                    () -> "");
            proxy.plan(request -> Fault.NONE);

            Waiting.until(
                    "all are Done",
                    Duration.ofMinutes(3),
                    () -> here.count(job -> job.at("/status/state").asText().equals("Done")) == JOBS,
                    () -> here.describe() + release.logs());
            assertThat(here.count(job -> job.at("/status/history").size() == 1
                            && job.at("/status/history/0/outcome").asText().equals("Done")))
                    .as("one accepted completion each")
                    .isEqualTo(JOBS);
            assertThat(here.pods()).as("one pod each").hasSize(JOBS);
            assertThat(watch.violations()).isEmpty();
            assertThat(operator.isAlive()).isTrue();
            System.out.println("a storm of " + STORM.toSeconds() + " s under " + JOBS + " jobs: " + storm.faults);
        }
    }

    @Test
    void anApiServerThatIsAwayForLongerThanTheLeaseIsWaitedFor() {
        try (var release = FaultyRelease.install("outage", Map.of())) {
            var here = release.jobs();
            var proxy = release.proxy();
            var operator = release.operator("operator-a", proxy);
            here.create(job("succeeds")
                            .worker("sleep=10s", "message={\"result\":7}")
                            .spec("timeoutSeconds", 20))
                    .awaitStarted(1);
            here.create(job("hangs").worker("hang").spec("timeoutSeconds", 20)).awaitStarted(1);

            proxy.plan(request -> new Fault.Reset());
            proxy.breakWatches();
            Waiting.during("the API server is away", Duration.ofSeconds(30), () -> true, () -> "");
            here.create(job("meanwhile").worker("exit=0"));
            proxy.plan(request -> Fault.NONE);
            // Without its Lease it ended, as it must; Kubernetes starts it again.
            if (!operator.isAlive() || endsSoon(operator)) release.operator("operator-a", proxy);

            var succeeded = here.job("succeeds").await(io.syncjobs.api.State.DONE);
            assertThat(succeeded.result().asInt()).isEqualTo(7);
            assertThat(succeeded.attempt()).isEqualTo(1);
            var failed = here.job("hangs").await(io.syncjobs.api.State.FAILED);
            assertThat(failed.reason()).isEqualTo("DeadlineExceeded");
            assertThat(failed.number("workerLosses")).isZero();
            here.job("meanwhile").awaitDone(1);
        }
    }

    private static boolean endsSoon(ShippedProcess operator) {
        operator.awaitEnd();
        return true;
    }

    /** One request in three meets trouble, the same for the same seed and order of requests. */
    private static final class Storm implements Function<ApiProxy.Request, Fault> {
        private final Random random;
        private final Map<String, AtomicInteger> faults = new ConcurrentHashMap<>();

        Storm(long seed) {
            random = new Random(seed);
        }

        @Override
        public synchronized Fault apply(ApiProxy.Request request) {
            // The Leases are left alone: who loses them ends, and that is another test.
            if (request.path().contains("leases")) return Fault.NONE;
            var fault = choose(request);
            if (!(fault instanceof Fault.None)) {
                var kind = fault instanceof Fault.Answer answer
                        ? Integer.toString(answer.code())
                        : fault.getClass().getSimpleName();
                faults.computeIfAbsent(kind, key -> new AtomicInteger()).incrementAndGet();
            }
            return fault;
        }

        private Fault choose(ApiProxy.Request request) {
            return switch (random.nextInt(18)) {
                case 0 -> new Fault.Answer(500, "InternalError");
                case 1 -> new Fault.Answer(429, "TooManyRequests");
                case 2 -> request.isWatch() ? new Fault.Answer(410, "Expired") : new Fault.Answer(409, "Conflict");
                case 3 -> new Fault.Reset();
                case 4 -> request.isWatch() ? Fault.NONE : new Fault.LoseAnswer(() -> {});
                case 5 -> new Fault.Delay(500 + random.nextInt(1500));
                default -> Fault.NONE;
            };
        }
    }
}
