package io.syncjobs.core.queue;

import static io.syncjobs.core.job.Given.NOW;
import static org.assertj.core.api.Assertions.assertThat;

import io.syncjobs.api.RawJson;
import io.syncjobs.api.Reason;
import io.syncjobs.api.SyncJob;
import io.syncjobs.api.SyncJobSpec;
import io.syncjobs.api.SyncQueueSpec;
import io.syncjobs.core.Limits;
import io.syncjobs.core.index.JobEntry;
import io.syncjobs.core.index.JobIndex;
import io.syncjobs.core.index.QueueKey;
import io.syncjobs.core.job.Given;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** When a waiting job gets its reason. */
class ReasonsTest {
    private final JobIndex index = new JobIndex(Duration.ofSeconds(60), Limits.MESSAGE_REFRESH);
    private final Reasons reasons = new Reasons(index);

    /** The job was created a minute before. */
    @ParameterizedTest
    @CsvSource({
        "missing, -56, ",
        "missing, -55, QUEUE_NOT_FOUND",
        "bare, -55, INVALID_TEMPLATE",
        "paused, -55, ",
        "paused, -1, ",
        "paused, 0, QUEUE_PAUSED"
    })
    void plainMisconfigurationIsToldAfterFiveSecondsAndTheRestWhenAJobHasWaitedLong(
            String queue, int second, Reason told) {
        index.see(new QueueKey("shop", "bare"), new SyncQueueSpec(1, null, null, null, null), 1);
        index.see(new QueueKey("shop", "paused"), new SyncQueueSpec(1, true, null, null, RawJson.of("{}")), 1);
        index.see(JobEntry.of(waiting(queue)));

        index.advance(NOW.plusSeconds(second));

        assertThat(next()).isEqualTo(told == null ? List.of() : List.of(told));
    }

    /** What the last run left stays true for a while; any other reason that is wrong is corrected at once. */
    @ParameterizedTest
    @CsvSource({"WorkerDied, 59, false", "WorkerDied, 60, true", "QueueAtCapacity, 0, true"})
    void aReasonThatIsWrongIsCorrectedAtOnceUnlessTheLastRunHasLeftIt(String told, int second, boolean corrected) {
        index.see(new QueueKey("shop", "paused"), new SyncQueueSpec(1, true, null, null, RawJson.of("{}")), 1);
        index.see(JobEntry.of(Given.with(waiting("paused"), s -> {
            s.reason = told;
            s.reasonTime = NOW;
        })));

        index.advance(NOW.plusSeconds(second));

        assertThat(next()).isEqualTo(corrected ? List.of(Reason.QUEUE_PAUSED) : List.of());
    }

    @Test
    void aJobThatCannotBeWrittenToIsLeftOut() {
        index.see(JobEntry.of(waiting("missing")));
        index.advance(NOW);

        assertThat(reasons.next(Starter.EAGER, 10, Set.of("uid-a"))).isEmpty();
        assertThat(next()).containsExactly(Reason.QUEUE_NOT_FOUND);
    }

    /** In a long queue that moves, the facts of each job change all the time. */
    @ParameterizedTest
    @CsvSource({"299, b", "300, b a"})
    void aJobWithoutAReasonComesFirstAndNewFactsAreToldOnceInFiveMinutes(int second, String told) {
        index.see(new QueueKey("shop", "full"), new SyncQueueSpec(0, null, null, null, RawJson.of("{}")), 1);
        index.see(JobEntry.of(Given.with(waiting("full"), s -> {
            s.reason = "QueueAtCapacity";
            s.message = "7 jobs are before this one";
            s.reasonTime = NOW;
        })));
        index.see(JobEntry.of(waiting("b", "full")));

        index.advance(NOW.plusSeconds(second));

        assertThat(reasons.next(Starter.EAGER, 10, Set.of()))
                .extracting(each -> each.job().name())
                .containsExactly(told.split(" "));
    }

    /** One namespace may have any number of queues, and change them all the time. */
    @Test
    void namespacesTakeTurnsAndThenTheirQueues() {
        var queues = List.of("q1", "q2", "q3", "q4");
        for (var queue : queues) {
            for (var name : List.of("1", "2", "3"))
                index.see(JobEntry.of(in("mob", waiting(queue + "-" + name, queue))));
        }
        index.see(JobEntry.of(waiting("quiet", "missing")));
        index.advance(NOW);

        assertThat(names(reasons.next(Starter.EAGER, 2, Set.of())))
                .contains("quiet")
                .hasSize(2);
        queues.forEach(queue -> index.see(new QueueKey("mob", queue), new SyncQueueSpec(1, true, null, null, null), 1));
        assertThat(names(reasons.next(Starter.EAGER, 2, Set.of())))
                .contains("quiet")
                .hasSize(2);
        // The queue that got nothing the last time comes first.
        assertThat(names(reasons.next(Starter.EAGER, 3, Set.of())))
                .contains("quiet")
                .anyMatch(name -> name.startsWith("q3") || name.startsWith("q4"));
    }

    private static List<String> names(List<Explanation> told) {
        return told.stream().map(each -> each.job().name()).toList();
    }

    private static SyncJob in(String namespace, SyncJob job) {
        job.getMetadata().setNamespace(namespace);
        job.getMetadata().setUid(namespace + "-" + job.getMetadata().getName());
        return job;
    }

    private List<Reason> next() {
        return reasons.next(Starter.EAGER, 10, Set.of()).stream()
                .map(each -> each.why().reason())
                .toList();
    }

    private static SyncJob waiting(String queue) {
        return waiting("a", queue);
    }

    private static SyncJob waiting(String name, String queue) {
        return Given.job(name, new SyncJobSpec(queue, "export.order", null, null, null, null, null, null));
    }
}
