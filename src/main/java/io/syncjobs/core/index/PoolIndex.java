package io.syncjobs.core.index;

import static java.util.Comparator.comparing;
import static java.util.Comparator.comparingInt;

import io.syncjobs.core.index.WorkerEntry.Standing;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Objects;
import java.util.Optional;
import java.util.SequencedSet;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** One pool in the index: its workers by their standing, the workers with free slots, and the queues that wait for a slot. */
public final class PoolIndex {
    /** A worker is dead after so many times its timeout, even if most workers of its pool are silent. */
    static final int SECOND_TIMEOUT = 2;

    private static final Comparator<WorkerEntry> LEAST_BUSY =
            comparingInt(WorkerEntry::busy).thenComparing(WorkerEntry::name);

    private final PoolKey key;
    private @Nullable PoolSpec spec;
    private final Map<Standing, NavigableSet<WorkerEntry>> workers = new EnumMap<>(Standing.class);
    private final TreeSet<WorkerEntry> free = new TreeSet<>(LEAST_BUSY);

    /** The queues that name this pool. */
    private final Set<QueueIndex> queues = new HashSet<>();

    /** The queues that have a job for a worker, in the order of their turns. */
    private final SequencedSet<QueueIndex> line = new LinkedHashSet<>();

    private int slots;
    private int busy;

    /** The last answer of {@link #isMostlySilent}, and the time for which it was computed. */
    private boolean silent;

    private long silentAsked = Long.MIN_VALUE;

    PoolIndex(PoolKey key) {
        this.key = key;
    }

    public PoolKey key() {
        return key;
    }

    /** Empty if nobody created the pool. */
    public Optional<PoolSpec> spec() {
        return Optional.ofNullable(spec);
    }

    /** The workers with this standing, by name. */
    public NavigableSet<WorkerEntry> workers(Standing standing) {
        return Collections.unmodifiableNavigableSet(workers.getOrDefault(standing, Collections.emptyNavigableSet()));
    }

    /** All workers about which anything is known. */
    public Collection<WorkerEntry> workers() {
        var all = new ArrayList<WorkerEntry>();
        workers.values().forEach(all::addAll);
        return all;
    }

    /** The number of workers with this standing. */
    public int count(Standing standing) {
        return workers(standing).size();
    }

    /** The slots of the workers that take jobs. */
    public int slots() {
        return slots;
    }

    /** The slots of those workers that are taken. */
    public int busy() {
        return busy;
    }

    /** The worker that gets the next job: the least busy one, then the first by name. */
    public Optional<WorkerEntry> next() {
        return free.isEmpty() ? Optional.empty() : Optional.of(free.first());
    }

    /** The queues that name this pool. */
    public Collection<QueueIndex> queues() {
        return Collections.unmodifiableCollection(queues);
    }

    Duration deadAfter() {
        return spec == null ? Duration.ZERO : spec.deadAfter();
    }

    /**
     * True if most workers of the pool, and at least two, have fallen silent together. Then the operator itself may be cut off.
     * Workers that have been silent for longer than the second timeout do not count.
     */
    boolean isMostlySilent(long nanos) {
        if (silentAsked == nanos) return silent;
        var recent = workers(Standing.SILENT).stream()
                .filter(worker -> !worker.isEnding())
                .filter(worker -> worker.silence(nanos)
                                .compareTo(worker.deadAfter(deadAfter()).multipliedBy(SECOND_TIMEOUT))
                        < 0)
                .count();
        var heard = count(Standing.READY)
                + count(Standing.HANDLER_NOT_READY)
                + count(Standing.DRAINING)
                + count(Standing.UNSEEN);
        silentAsked = nanos;
        silent = recent >= 2 && recent > heard;
        return silent;
    }

    boolean set(@Nullable PoolSpec next) {
        var before = spec;
        spec = next;
        return !Objects.equals(before, next);
    }

    void name(QueueIndex queue) {
        queues.add(queue);
    }

    void unname(QueueIndex queue) {
        queues.remove(queue);
        line.remove(queue);
    }

    boolean isUnused() {
        return spec == null && queues.isEmpty() && workers.values().stream().allMatch(Set::isEmpty);
    }

    // --- the line of queues ---

    /** Puts a queue in line that has a job for a worker. A queue that is in line already keeps its turn. */
    void lineUp(QueueIndex queue) {
        line.add(queue);
    }

    boolean serves() {
        return !free.isEmpty() && !line.isEmpty();
    }

    QueueIndex pollLine() {
        return line.removeFirst();
    }

    // --- where workers are filed ---

    void file(WorkerEntry worker, Standing standing) {
        silentAsked = Long.MIN_VALUE;
        worker.standing = standing;
        worker.pool = this;
        workers.computeIfAbsent(standing, each -> new TreeSet<>(comparing(WorkerEntry::name)))
                .add(worker);
        if (standing != Standing.READY) return;
        slots += worker.slots();
        busy += worker.busy();
        worker.free = worker.busy() < worker.slots();
        if (worker.free) free.add(worker);
    }

    void unfile(WorkerEntry worker) {
        worker.pool = null;
        var same = workers.get(worker.standing);
        if (same != null) same.remove(worker);
        if (worker.standing != Standing.READY) return;
        slots -= worker.slots();
        busy -= worker.busy();
        if (worker.free) free.remove(worker);
        worker.free = false;
    }
}
