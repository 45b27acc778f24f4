package io.syncjobs.core.index;

import io.syncjobs.api.SyncQueueSpec;
import io.syncjobs.core.index.WorkerEntry.Standing;
import io.syncjobs.core.run.Assignment.Slot;
import io.syncjobs.core.run.WorkerEnd;
import io.syncjobs.core.run.WorkerView;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SequencedSet;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The pools, their workers and the slots of the workers. The same thread keeps this index up to date that uses the {@link
 * JobIndex}. It costs O(log n) when a worker renews, takes a job or ends. Once a second all workers are looked at, because the
 * time of one may be over.
 */
public final class WorkerIndex {
    private static final long LOOK_NANOS = Duration.ofSeconds(1).toNanos();

    /** How often the silence of a worker is noted on its Lease. */
    private static final Duration NOTE_EVERY = Duration.ofMinutes(1);

    /** A note that should be written to a Lease now. */
    public record Note(String namespace, String lease, SilenceNote note) {}

    private record WorkerKey(String namespace, String name) {}

    private final Map<WorkerKey, WorkerEntry> workers = new HashMap<>();
    private final TreeMap<PoolKey, PoolIndex> pools = new TreeMap<>();
    private final SequencedSet<PoolIndex> serving = new LinkedHashSet<>();
    private final Consumer<PoolIndex> changed;
    private boolean settled;
    private long nanos;
    private long nextLook = Long.MIN_VALUE;

    /** {@code changed} is called with a pool whose spec or workers have changed. */
    WorkerIndex(Consumer<PoolIndex> changed) {
        this.changed = changed;
    }

    // --- what is told ---

    /** Takes in a pool. */
    public void see(PoolKey key, PoolSpec spec) {
        set(key, spec);
    }

    /** Takes in that a pool was deleted. Its workers go on until their pods end. */
    public void poolGone(PoolKey key) {
        set(key, null);
    }

    private void set(PoolKey key, @Nullable PoolSpec spec) {
        var pool = pool(key);
        if (!pool.set(spec)) return;
        List.copyOf(pool.workers()).forEach(this::refile);
        changed.accept(pool);
        release(pool);
    }

    /** Takes in a worker's Lease; an older version than the known one is ignored. */
    public void see(LeaseEntry lease) {
        var worker = worker(lease.namespace(), lease.name());
        change(worker, () -> worker.see(lease, settled, nanos));
    }

    /** Takes in that a worker's Lease was deleted. */
    public void leaseGone(String namespace, String name) {
        var worker = workers.get(new WorkerKey(namespace, name));
        if (worker != null) change(worker, worker::leaseGone);
    }

    /** Takes in a worker's pod; an older version than the known one is ignored. */
    public void see(WorkerPod pod) {
        var worker = worker(pod.namespace(), pod.name());
        change(worker, () -> worker.see(pod));
    }

    /** Takes in that a worker's pod was deleted. Another one of the same name stays. */
    public void podGone(String namespace, String name, String uid) {
        var worker = workers.get(new WorkerKey(namespace, name));
        if (worker != null) change(worker, () -> worker.podGone(uid));
    }

    /**
     * The watches have shown everything that existed, and this operator leads from now on: what appears later is new, and what
     * was not shown is gone. While the operator stood by it did not check whether the API server was reachable. So silences are
     * measured anew, except for what is noted on the Leases.
     */
    public void settled() {
        if (settled) return;
        settled = true;
        List.copyOf(workers.values()).forEach(worker -> change(worker, () -> worker.begin(nanos)));
    }

    /**
     * The operator was cut off. All silences are measured anew, and each worker must be seen renewing its Lease before it gets a
     * job.
     */
    public void watchAnew() {
        List.copyOf(workers.values()).forEach(worker -> change(worker, () -> worker.watchAnew(nanos)));
    }

    /** It is {@code time} now, on a monotonic clock. */
    public void advance(long time) {
        nanos = time;
        if (nanos < nextLook) return;
        nextLook = nanos + LOOK_NANOS;
        for (var worker : List.copyOf(workers.values())) {
            if (worker.judge(deadAfter(worker), settled, nanos) != worker.standing) refile(worker);
        }
    }

    /** A job takes a slot. */
    void take(String namespace, Slot slot) {
        var worker = worker(namespace, slot.worker());
        change(worker, () -> worker.take(1));
    }

    /** A job leaves its slot. */
    void leave(String namespace, Slot slot) {
        var worker = worker(namespace, slot.worker());
        change(worker, () -> worker.take(-1));
    }

    // --- what is asked ---

    /** The pools that somebody created, that a queue names, or that have a worker. */
    public Collection<PoolIndex> pools() {
        return Collections.unmodifiableCollection(pools.values());
    }

    /** The pool with this key, whether or not somebody created it. */
    PoolIndex pool(PoolKey key) {
        return pools.computeIfAbsent(key, PoolIndex::new);
    }

    /** The pool with this key; empty if nobody created it, no queue names it and no worker is of it. */
    public Optional<PoolIndex> find(PoolKey key) {
        return Optional.ofNullable(pools.get(key));
    }

    /** The worker of this name; empty if nothing is known about it. */
    public Optional<WorkerEntry> find(String namespace, String worker) {
        return Optional.ofNullable(workers.get(new WorkerKey(namespace, worker)));
    }

    /** What is known about a worker that has a job; {@code now} is the current wall-clock time. */
    public WorkerView view(String namespace, String name, Instant now) {
        var worker = workers.get(new WorkerKey(namespace, name));
        if (worker == null) return settled ? new WorkerView.Gone(WorkerEnd.UNSEEN, false) : WorkerView.UNKNOWN;
        var gone = worker.gone();
        if (gone.isPresent()) return new WorkerView.Gone(gone.get(), true);
        // Its Lease may outlive its pod: Kubernetes collects garbage only while it can read all kinds of objects.
        if (worker.pod().isEmpty() && settled) return new WorkerView.Gone(WorkerEnd.UNSEEN, false);
        if (worker.pod().isEmpty() && worker.lease().isEmpty()) return WorkerView.UNKNOWN;
        // Without a Lease, only the pool says how long the worker may be silent.
        var isTimed =
                worker.lease().isPresent() || (settled && deadAfter(worker).isPositive());
        if (!isTimed) return WorkerView.UNKNOWN;
        if (worker.lease().isEmpty()) return silent(worker, now);
        return worker.standing == Standing.SILENT ? silent(worker, now) : alive(worker);
    }

    private static WorkerView alive(WorkerEntry worker) {
        var lease = worker.lease().orElseThrow();
        return new WorkerView.Alive(lease.state() == LeaseEntry.State.HANDLER_NOT_READY, lease.message());
    }

    private WorkerView silent(WorkerEntry worker, Instant now) {
        var since = now.minus(worker.silence(nanos));
        var deadAfter = worker.deadAfter(deadAfter(worker));
        var many = !worker.isEnding() && worker.pool != null && worker.pool.isMostlySilent(nanos);
        var deadAt = since.plus(many ? deadAfter.multipliedBy(PoolIndex.SECOND_TIMEOUT) : deadAfter);
        return new WorkerView.Silent(since, since.plus(deadAfter), deadAt);
    }

    /** True if the worker has been silent for its whole timeout. */
    public boolean isDead(WorkerEntry worker) {
        return worker.standing == Standing.SILENT
                && worker.silence(nanos).compareTo(worker.deadAfter(deadAfter(worker))) >= 0;
    }

    /** The silences to note on Leases now: that of a silent worker once a minute, and once that of a worker that is not seen renewing. */
    public List<Note> notes() {
        var due = new ArrayList<Note>();
        if (!settled) return due;
        for (var worker : workers.values()) {
            worker.toNote(NOTE_EVERY, nanos).ifPresent(note -> {
                worker.noted(note.silence());
                due.add(new Note(worker.namespace(), worker.name(), note));
            });
        }
        return due;
    }

    /** The next queue in line for a free slot. */
    Optional<QueueIndex> pollLine() {
        if (serving.isEmpty()) return Optional.empty();
        var pool = serving.removeFirst();
        var queue = pool.pollLine();
        serve(pool);
        return Optional.of(queue);
    }

    void lineUp(PoolIndex pool, QueueIndex queue) {
        pool.lineUp(queue);
        serve(pool);
    }

    /** Connects the queue with the pool that its spec names, and disconnects it from the pool that it named before. */
    void name(QueueIndex queue) {
        var before = queue.pool();
        var next = queue.spec()
                .map(SyncQueueSpec::workerPool)
                .map(name -> pool(new PoolKey(queue.key().namespace(), name)));
        if (before.equals(next)) return;
        queue.pool(next.orElse(null));
        next.ifPresent(pool -> pool.name(queue));
        before.ifPresent(pool -> {
            pool.unname(queue);
            serve(pool);
            release(pool);
        });
    }

    // --- where workers are filed ---

    private WorkerEntry worker(String namespace, String name) {
        return workers.computeIfAbsent(
                new WorkerKey(namespace, name), key -> new WorkerEntry(key.namespace(), key.name(), nanos));
    }

    private void refile(WorkerEntry worker) {
        change(worker, () -> {});
    }

    private void change(WorkerEntry worker, Runnable how) {
        var before = worker.pool;
        var stood = worker.standing;
        if (before != null) before.unfile(worker);
        how.run();
        var after = worker.poolName()
                .map(name -> pool(new PoolKey(worker.namespace(), name)))
                .orElse(null);
        if (after != null) after.file(worker, worker.judge(after.deadAfter(), settled, nanos));
        else worker.standing = Standing.ENDED;
        if (!worker.isUsed()) workers.remove(new WorkerKey(worker.namespace(), worker.name()));
        if (!Objects.equals(before, after) && before != null) settle(before);
        if (after != null && (before != after || stood != worker.standing)) settle(after);
        else if (after != null) serve(after);
    }

    private void settle(PoolIndex pool) {
        serve(pool);
        changed.accept(pool);
        release(pool);
    }

    private void serve(PoolIndex pool) {
        if (pool.serves()) serving.add(pool);
        else serving.remove(pool);
    }

    private void release(PoolIndex pool) {
        if (!pool.isUnused()) return;
        pools.remove(pool.key());
        serving.remove(pool);
    }

    private Duration deadAfter(WorkerEntry worker) {
        return worker.pool == null ? Duration.ZERO : worker.pool.deadAfter();
    }
}
