package io.syncjobs.core.index;

import io.syncjobs.core.Assignment.Slot;
import io.syncjobs.core.WorkerEnd;
import io.syncjobs.core.WorkerView;
import io.syncjobs.core.index.WorkerEntry.Standing;
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
 * The pools, their workers and the slots of those, kept up to date event by event beside the {@link JobIndex}, on the same
 * thread. A worker that is heard, takes a job or ends costs O(log n); all of them are looked at once a second at most, when the
 * time of one may be over.
 */
public final class WorkerIndex {
    private static final long LOOK_NANOS = Duration.ofSeconds(1).toNanos();

    /** How often the silence of a worker is noted. */
    private static final Duration NOTE_EVERY = Duration.ofMinutes(1);

    /** A note for a Lease that is due. */
    public record Note(String namespace, String lease, SilenceNote note) {}

    private record WorkerKey(String namespace, String name) {}

    private final Map<WorkerKey, WorkerEntry> workers = new HashMap<>();
    private final TreeMap<PoolKey, PoolIndex> pools = new TreeMap<>();
    private final SequencedSet<PoolIndex> serving = new LinkedHashSet<>();
    private final Consumer<PoolIndex> changed;
    private boolean settled;
    private long nanos;
    private long nextLook = Long.MIN_VALUE;

    /** {@code changed} is told which pool's spec, or whose workers stand differently. */
    WorkerIndex(Consumer<PoolIndex> changed) {
        this.changed = changed;
    }

    // --- what is told ---

    /** A pool as somebody has seen it. */
    public void see(PoolKey key, PoolSpec spec) {
        set(key, spec);
    }

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

    /** A worker's Lease; what is older than what is known is ignored. */
    public void see(LeaseEntry lease) {
        var worker = worker(lease.namespace(), lease.name());
        change(worker, () -> worker.see(lease, settled, nanos));
    }

    public void leaseGone(String namespace, String name) {
        var worker = workers.get(new WorkerKey(namespace, name));
        if (worker != null) change(worker, worker::leaseGone);
    }

    public void see(WorkerPod pod) {
        var worker = worker(pod.namespace(), pod.name());
        change(worker, () -> worker.see(pod));
    }

    public void podGone(String namespace, String name, String uid) {
        var worker = workers.get(new WorkerKey(namespace, name));
        if (worker != null) change(worker, () -> worker.podGone(uid));
    }

    /**
     * The watches have shown all that there was: what comes now is new, and what is not there is gone. Whoever only stood by until
     * now did not look whether the API server was there: silences begin anew, but for what is noted of them.
     */
    public void settled() {
        if (settled) return;
        settled = true;
        List.copyOf(workers.values()).forEach(worker -> change(worker, () -> worker.begin(nanos)));
    }

    /** The watcher itself was away: every silence starts anew, and each worker must be seen renewing before it gets a job. */
    public void watchAnew() {
        List.copyOf(workers.values()).forEach(worker -> change(worker, () -> worker.watchAnew(nanos)));
    }

    /** It is later now, on a monotonic clock. */
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

    /** It leaves it. */
    void leave(String namespace, Slot slot) {
        var worker = worker(namespace, slot.worker());
        change(worker, () -> worker.take(-1));
    }

    // --- what is asked ---

    /** The pools that exist, are named by a queue or have a worker. */
    public Collection<PoolIndex> pools() {
        return Collections.unmodifiableCollection(pools.values());
    }

    /** A pool, created or not. */
    PoolIndex pool(PoolKey key) {
        return pools.computeIfAbsent(key, PoolIndex::new);
    }

    public Optional<PoolIndex> find(PoolKey key) {
        return Optional.ofNullable(pools.get(key));
    }

    public Optional<WorkerEntry> find(String namespace, String worker) {
        return Optional.ofNullable(workers.get(new WorkerKey(namespace, worker)));
    }

    /** How a worker is that has a job; {@code now} is the moment on the clock that people read. */
    public WorkerView view(String namespace, String name, Instant now) {
        var worker = workers.get(new WorkerKey(namespace, name));
        if (worker == null) return settled ? new WorkerView.Gone(WorkerEnd.UNSEEN, false) : WorkerView.UNKNOWN;
        var gone = worker.gone();
        if (gone.isPresent()) return new WorkerView.Gone(gone.get(), true);
        if (worker.lease().isEmpty() && worker.pod().isEmpty()) {
            return settled ? new WorkerView.Gone(WorkerEnd.UNSEEN, false) : WorkerView.UNKNOWN;
        }
        // Without a Lease its pool alone says how long it may be silent.
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

    /** True where a worker was silent for its whole time. */
    public boolean isDead(WorkerEntry worker) {
        return worker.standing == Standing.SILENT
                && worker.silence(nanos).compareTo(worker.deadAfter(deadAfter(worker))) >= 0;
    }

    /** The silences that are to be noted now; each is told once a minute. */
    public List<Note> notes() {
        var due = new ArrayList<Note>();
        for (var worker : workers.values()) {
            worker.toNote(NOTE_EVERY, nanos).ifPresent(note -> {
                worker.noted(note.silence());
                due.add(new Note(worker.namespace(), worker.name(), note));
            });
        }
        return due;
    }

    /** The next queue whose turn it is for a slot that is free. */
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

    void unname(PoolIndex pool, QueueIndex queue) {
        pool.unname(queue);
        serve(pool);
        release(pool);
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
