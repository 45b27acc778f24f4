package io.syncjobs.bench;

import io.syncjobs.api.SyncJob;
import io.syncjobs.core.index.JobEntry;
import io.syncjobs.core.index.JobIndex;
import io.syncjobs.core.queue.Admission;
import io.syncjobs.core.queue.Planner;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/**
 * One event with 100,000 jobs waiting in 1,000 queues that are full: a job ends, the next one of its queue has its place written,
 * the one that has ended is deleted, another one comes. Each with what it leads to: the plan of its queue.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class EventBenchmark {
    private final Backlog backlog = new Backlog();
    private final Map<String, SyncJob> jobs = new HashMap<>();
    private final Queue<Runnable> events = new ArrayDeque<>();
    private final Queue<SyncJob> running = new ArrayDeque<>();
    private final JobIndex index = backlog.queues();
    private List<Admission> admitted = List.of();
    private Runnable next = () -> {};

    @Setup(Level.Trial)
    public void fill() {
        for (var i = 0; i < Backlog.JOBS + Backlog.QUEUES; i++) {
            var job = backlog.waiting(i % Backlog.QUEUES);
            jobs.put(job.getMetadata().getUid(), job);
            index.see(JobEntry.of(job));
        }
        Planner.plan(index, Integer.MAX_VALUE, Micro::broken).forEach(this::answer);
        while (!events.isEmpty()) events.remove().run();
        if (running.size() != Backlog.QUEUES) throw new IllegalStateException("all queues are to be full");
    }

    private SyncJob take(JobEntry entry) {
        var job = jobs.remove(entry.uid());
        if (job == null) throw new IllegalStateException("unknown: " + entry.uid());
        return job;
    }

    /** What is made of objects is not measured. */
    @Setup(Level.Invocation)
    public void prepare() {
        admitted.forEach(this::answer);
        if (events.isEmpty()) begin(running.remove());
        next = events.remove();
    }

    private void answer(Admission admission) {
        var held = backlog.enqueued(take(admission.job()));
        running.add(held);
        events.add(() -> index.confirm(JobEntry.of(held)));
    }

    private void begin(SyncJob ending) {
        var ended = backlog.done(ending);
        var queue = Integer.parseInt(ending.getSpec().queue().substring("queue-".length()));
        var comes = backlog.waiting(queue);
        events.add(() -> index.see(JobEntry.of(ended)));
        events.add(() -> index.gone(ended.getMetadata().getUid(), false));
        events.add(() -> index.see(JobEntry.of(comes)));
        jobs.put(comes.getMetadata().getUid(), comes);
    }

    @Benchmark
    public int event() {
        next.run();
        admitted = Planner.plan(index, 32, Micro::broken);
        return admitted.size();
    }
}
