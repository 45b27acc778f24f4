package io.syncjobs.enqueuer;

import static io.syncjobs.enqueuer.GivenJobs.running;
import static io.syncjobs.enqueuer.GivenJobs.waiting;
import static org.assertj.core.api.Assertions.assertThat;

import io.syncjobs.api.Names;
import io.syncjobs.api.RawJson;
import io.syncjobs.api.SyncJob;
import io.syncjobs.api.SyncQueueSpec;
import io.syncjobs.core.index.JobEntry;
import io.syncjobs.core.index.JobIndex;
import io.syncjobs.core.index.PodEntry;
import io.syncjobs.core.index.QueueKey;
import io.syncjobs.enqueuer.EnqueueIo.Kind;
import io.syncjobs.enqueuer.EnqueueIo.Listed;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A sweep from its request to its end: what it has read, whom it has looked at, and when it is made again. */
class SweepTest {
    private static final QueueKey QUEUE = new QueueKey("shop", "narrow");

    private Instant now = GivenJobs.NOW;
    private final JobIndex index = new JobIndex(Duration.ofMinutes(1), Duration.ofMinutes(5));
    private final FakeIo io = new FakeIo();
    private final List<String> looked = new ArrayList<>();
    private final Sweep sweep =
            new Sweep(index, io, () -> Duration.between(Instant.EPOCH, now).toNanos(), job -> looked.add(job.name()));

    SweepTest() {
        index.see(QUEUE, new SyncQueueSpec(1, false, null, null, RawJson.of("{}")), 1);
    }

    @Test
    void aSweepFindsTheJobThatTheWatchHasMissed() {
        see(waiting("a", 10));
        sweep.ask("now");
        sweep.step();
        io.lists.getFirst().accept(List.of(listed("a", 1), listed("lost", 7), listed("a", 1)));
        io.listed.getFirst().accept(true);
        assertThat(io.refreshed).as("the watch may only be a moment later").isEmpty();

        after(Duration.ofSeconds(1));
        sweep.step();

        assertThat(io.refreshed).extracting(Listed::name).contains("lost").doesNotContain("a");
    }

    @Test
    void aSweepAsksForWhatShouldHaveBeenListed() {
        see(waiting("a", 10), waiting("deleted", 10));
        sweep.ask("now");
        sweep.step();
        io.lists.getFirst().accept(List.of(listed("a", 1)));
        see(waiting("new", 10));
        io.listed.getFirst().accept(true);
        after(Duration.ofSeconds(1));
        sweep.step();

        assertThat(io.refreshed)
                .filteredOn(each -> each.kind() == Kind.JOB)
                .extracting(Listed::name)
                .containsExactly("deleted");
    }

    @Test
    void aSweepHasThoseJobsLookedAtForWhichThereMayBeSomethingToDo() {
        see(waiting("waits", 10), running("runs"), waiting("old", 10));
        var commanded = waiting("commanded", 10);
        commanded.getMetadata().setAnnotations(Map.of(Names.CANCEL, "x"));
        see(commanded);
        index.see(new PodEntry("uid-p", "p", "uid-old", QUEUE, 1, 1, true));
        sweep.ask("now");
        sweep.step();
        io.listed.getFirst().accept(true);
        after(Duration.ofSeconds(1));
        sweep.step();

        assertThat(looked).containsExactlyInAnyOrder("runs", "commanded", "old");
    }

    @Test
    void aListThatEndedEarlySaysNothingOfWhatIsMissing() {
        see(waiting("a", 10));
        sweep.ask("now");
        sweep.step();
        io.listed.getFirst().accept(false);
        sweep.step();
        assertThat(io.refreshed).isEmpty();

        after(Duration.ofSeconds(5));
        sweep.step();
        assertThat(io.lists).as("it is repeated").hasSize(2);
    }

    @Test
    void theSameRequestForASweepIsMetOnce() {
        for (var i = 0; i < 3; i++) {
            sweep.ask("now");
            sweep.step();
            if (i == 0) io.listed.getFirst().accept(true);
            after(Duration.ofSeconds(2));
            sweep.step();
        }
        assertThat(io.lists).hasSize(1);

        after(Duration.ofMinutes(1));
        sweep.step();
        assertThat(io.lists).as("but there is one each minute").hasSize(2);
    }

    @Test
    void aRequestThatComesWhileASweepIsUnderWayGetsOneOfItsOwn() {
        sweep.ask("first");
        sweep.step();
        sweep.ask("second");
        io.listed.getFirst().accept(true);
        after(Duration.ofSeconds(1));
        sweep.step();
        sweep.step();

        assertThat(io.lists).hasSize(2);
    }

    private void after(Duration time) {
        now = now.plus(time);
    }

    private void see(SyncJob... jobs) {
        for (var job : jobs) index.see(JobEntry.of(job));
    }

    private static Listed listed(String name, long version) {
        return new Listed(Kind.JOB, "shop", name, "uid-" + name, version);
    }
}
