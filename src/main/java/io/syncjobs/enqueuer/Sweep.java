package io.syncjobs.enqueuer;

import io.syncjobs.core.index.Group;
import io.syncjobs.core.index.JobEntry;
import io.syncjobs.core.index.JobIndex;
import io.syncjobs.core.index.QueueKey;
import io.syncjobs.enqueuer.EnqueueIo.Kind;
import io.syncjobs.enqueuer.EnqueueIo.Listed;
import io.syncjobs.kube.Ticker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Compares the index with all objects that the API server lists, once a minute and on request, and has those objects read that
 * differ. So it finds what a watch has missed. Then it has the jobs looked at for which there may be something to do. Enqueueing
 * never waits for a sweep.
 */
public final class Sweep {
    private static final Logger LOG = LoggerFactory.getLogger(Sweep.class);
    private static final Duration EVERY = Duration.ofMinutes(1);
    private static final Duration AFTER_FAILURE = Duration.ofSeconds(5);

    /** An object that still differs after this time was missed; before, the watch may only be a moment late. */
    private static final Duration GRACE = Duration.ofSeconds(1);

    private enum Phase {
        IDLE,
        LISTING,
        CHECKING
    }

    private final JobIndex index;
    private final EnqueueIo io;
    private final Ticker ticker;
    private final Consumer<JobEntry> look;
    private final List<Listed> unknown = new ArrayList<>();
    private Phase phase = Phase.IDLE;
    private long next;

    /** The latest request; the request that the current sweep answers; and the latest request that was answered. */
    private String asked = "";

    private String meets = "";
    private String met = "";

    /** {@code look} has a job looked at. */
    public Sweep(JobIndex index, EnqueueIo io, Ticker ticker, Consumer<JobEntry> look) {
        this.look = look;
        this.index = index;
        this.io = io;
        this.ticker = ticker;
        next = ticker.nanos() + EVERY.toNanos();
    }

    /** Requests a sweep; the same request is answered once. */
    public void ask(String request) {
        asked = request;
        if (phase == Phase.IDLE && !asked.equals(met)) next = ticker.nanos();
    }

    /** Does what is due; returns after how long there may be more to do. */
    public Duration step() {
        var left = Duration.ofNanos(next - ticker.nanos());
        if (phase == Phase.LISTING) return AFTER_FAILURE;
        if (left.isPositive()) return left;
        if (phase == Phase.CHECKING) check();
        else begin();
        return GRACE;
    }

    private void begin() {
        phase = Phase.LISTING;
        meets = asked;
        unknown.clear();
        index.sweep().begin();
        io.list(this::compare, this::listed);
    }

    private void compare(List<Listed> some) {
        for (var object : some) {
            if (!isKnown(object)) unknown.add(object);
        }
    }

    private boolean isKnown(Listed object) {
        return switch (object.kind()) {
            case JOB -> index.sweep().job(object.uid(), object.version());
            case POD -> index.sweep().pod(object.uid(), object.version());
            case QUEUE -> index.sweep().queue(new QueueKey(object.namespace(), object.name()), object.version());
        };
    }

    private void listed(boolean complete) {
        if (complete) {
            phase = Phase.CHECKING;
            next = ticker.nanos() + GRACE.toNanos();
        } else {
            end(AFTER_FAILURE);
        }
    }

    /**
     * Objects that the index knew before the sweep and that are not listed are probably gone. They are read to be sure, as are
     * listed objects that the index does not know.
     */
    private void check() {
        unknown.removeIf(this::isKnown);
        for (var job : index.sweep().unlistedJobs()) {
            unknown.add(new Listed(Kind.JOB, job.namespace(), job.name(), job.uid(), job.version()));
        }
        for (var pod : index.sweep().unlistedPods()) {
            unknown.add(new Listed(Kind.POD, pod.queue().namespace(), pod.name(), pod.uid(), pod.version()));
        }
        for (var queue : index.sweep().unlistedQueues()) {
            unknown.add(new Listed(Kind.QUEUE, queue.namespace(), queue.name(), "", 0));
        }
        if (!unknown.isEmpty()) LOG.info("a sweep reads {} objects that the watch has missed", unknown.size());
        unknown.forEach(io::refresh);
        worth().forEach(look);
        met = meets;
        end(EVERY);
    }

    /**
     * The jobs for which there may be something to do although no event said so: those with a run in a pod, with a command, or
     * with a pod. For jobs of warm workers the index is asked each second.
     */
    private Set<JobEntry> worth() {
        var found = new LinkedHashSet<JobEntry>();
        for (var job : index.jobs()) {
            var hasRun = job.group() == Group.HELD && job.warmRun().isEmpty();
            if (hasRun || job.group() == Group.ASIDE || job.isAside()) found.add(job);
        }
        for (var pod : index.pods()) index.job(pod.jobUid()).ifPresent(found::add);
        return found;
    }

    private void end(Duration wait) {
        phase = Phase.IDLE;
        // A request that arrived during the sweep is not answered by it: what the request is about may have been listed
        // before.
        var again = wait.equals(EVERY) && !asked.equals(met);
        next = ticker.nanos() + (again ? 0 : wait.toNanos());
    }
}
