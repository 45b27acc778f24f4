package io.syncjobs.bench;

import io.syncjobs.api.SyncJob;
import io.syncjobs.core.index.JobEntry;
import io.syncjobs.core.queue.Planner;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/**
 * A plan from nothing: 100,000 jobs in 1,000 queues come into an empty index, and all queues are planned. The entries are there, as
 * they are made by the threads of the watches.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
public class PlanBenchmark {
    private final Backlog backlog = new Backlog();
    private List<SyncJob> jobs = List.of();
    private List<JobEntry> entries = List.of();

    @Setup(Level.Trial)
    public void create() {
        jobs = IntStream.range(0, Backlog.JOBS)
                .mapToObj(i -> backlog.waiting(i % Backlog.QUEUES))
                .toList();
    }

    @Setup(Level.Invocation)
    public void read() {
        entries = jobs.stream().map(JobEntry::of).toList();
    }

    @Benchmark
    public int planFromNothing() {
        var index = backlog.queues();
        entries.forEach(index::see);
        return Planner.plan(index, Integer.MAX_VALUE, Micro::broken).size();
    }
}
