package io.syncjobs.enqueuer;

import io.syncjobs.core.Backoff;
import io.syncjobs.core.index.JobEntry;
import io.syncjobs.core.index.JobIndex;
import io.syncjobs.core.index.QueueIndex;
import io.syncjobs.core.index.Reading;
import io.syncjobs.core.index.Refusal;
import io.syncjobs.core.queue.Admission;
import io.syncjobs.core.queue.Planner;
import io.syncjobs.enqueuer.EnqueueIo.Outcome;
import io.syncjobs.kube.Ticker;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Enqueues as events arrive. It is a state machine that one thread drives; all I/O is behind {@link EnqueueIo}.
 *
 * <p>Before a new holder of the Lease may plan, it must know every place that the last holder has given. This includes places
 * whose writes are still on their way. So each term goes through these phases:
 * <pre>
 *   UNPROVEN   The API server may still accept admissions from the last holder, because it sees the Lease through a cache.
 *      │
 *      ▼       There is a job to admit.
 *   ASKING     The API server is asked for a dry run of an admission. If it refuses that, or takes too long: UNPROVEN again.
 *      │
 *      ▼       It accepts the dry run. From now on it refuses the last holder.
 *   READING    Everything that takes up a place is read from the API server, including what the last holder has given. If it cannot
 *      │       be read: UNPROVEN again.
 *      │
 *      ▼       The index knows at least what was read, whatever the watch shows later.
 *   SETTLED    Admissions are planned and written.
 * </pre>
 * An idle holder sends nothing: the dry run waits until there is a job to admit.
 */
public final class EnqueueLoop {
    private static final Logger LOG = LoggerFactory.getLogger(EnqueueLoop.class);

    /** How often to look at a Lease that another process holds. */
    private static final Duration LOOK_AGAIN = Duration.ofSeconds(1);

    private static final Backoff FENCE = Backoff.before(Duration.ofMillis(100), Duration.ofSeconds(5));

    /** A dry run that takes longer says nothing about this holder: a webhook of its namespace may hold it up. Another one is asked too. */
    private static final Duration DRY_RUN = Duration.ofSeconds(5);

    private static final int NONE = -1;

    /** Says who may enqueue now. */
    public interface Term {
        /** True while nobody else can enqueue. */
        boolean isHeld();

        /** How many terms have begun. Between two terms another process may have enqueued. */
        int term();
    }

    private enum Phase {
        UNPROVEN,
        ASKING,
        READING,
        SETTLED
    }

    private final JobIndex index;
    private final EnqueueIo io;
    private final Term lease;
    private final InstantSource clock;
    private final Ticker ticker;
    private final Runnable planned;
    private final InFlight inFlight = new InFlight();

    /** The queues that were to be planned while too many writes of their namespace had no answer, by namespace. */
    private final Map<String, Set<QueueIndex>> postponed = new HashMap<>();

    private int term = NONE;
    private Phase phase = Phase.UNPROVEN;
    private Backoff fence = FENCE;
    private int tries;

    /** How many dry runs were asked for or given up, and when the last one was asked for. */
    private int question;

    private long askedNanos;

    /** The namespaces of which a job was asked for in vain: those of which none was come first. */
    private final Set<String> tried = new HashSet<>();

    /** Nothing runs yet; {@code planned} is run after each plan that gives a place. */
    public EnqueueLoop(JobIndex index, EnqueueIo io, Term lease, InstantSource clock, Ticker ticker, Runnable planned) {
        this.index = index;
        this.io = io;
        this.lease = lease;
        this.clock = clock;
        this.ticker = ticker;
        this.planned = planned;
    }

    /** Does what is due. Returns after how long there may be more to do if no event arrives before. */
    public Duration step() {
        var now = clock.instant();
        index.advance(now);
        index.workers().advance(ticker.nanos());
        if (!lease.isHeld()) return LOOK_AGAIN;
        if (lease.term() != term) begin(lease.term());
        return switch (phase) {
            case UNPROVEN -> prove(now);
            case ASKING -> waitForDryRun();
            case READING -> LOOK_AGAIN;
            case SETTLED -> admit(now);
        };
    }

    private void begin(int next) {
        term = next;
        phase = Phase.UNPROVEN;
        tried.clear();
        List.copyOf(postponed.keySet()).forEach(this::planAgain);
    }

    private Duration prove(Instant now) {
        var left = fence.left(ticker.nanos());
        if (left.isPositive()) return left;
        var candidates = candidates();
        if (candidates.isEmpty()) return untilChange(now);
        // Another job each time, because one job may be refused for a reason of its own, or its namespace's.
        var candidate = candidates.get(Math.floorMod(tries++, candidates.size()));
        tried.add(candidate.job().namespace());
        var asked = term;
        var number = ++question;
        askedNanos = ticker.nanos();
        phase = Phase.ASKING;
        io.ask(candidate, allowed -> {
            var isOpen = phase == Phase.UNPROVEN || phase == Phase.ASKING;
            // If it comes late, a refusal says nothing, and a consent as much as ever.
            if (term == asked && isOpen && (allowed || question == number)) answered(allowed);
        });
        return LOOK_AGAIN;
    }

    private Duration waitForDryRun() {
        if (ticker.nanos() - askedNanos < DRY_RUN.toNanos()) return LOOK_AGAIN;
        question++;
        answered(false);
        return fence.left(ticker.nanos());
    }

    /**
     * What this holder would write: the jobs whose turn it is. If there is none, the writes of earlier terms that got no answer: 1. A
     * place is written, and no answer comes. 2. A new term begins. 3. No other job waits, so without these nothing would ever be
     * asked, and the job of step 1 would wait for the next one.
     */
    private List<Admission> candidates() {
        var next = Planner.peek(index, tried::contains, admission -> true);
        if (next.isEmpty() && !tried.isEmpty()) {
            tried.clear();
            next = Planner.peek(index);
        }
        if (!next.isEmpty()) return next;
        var again = new ArrayList<Admission>();
        for (var job : index.unresolved()) {
            if (Planner.stopsResend(index, job).isPresent()) {
                resend(job);
            } else {
                again.add(Planner.resend(index, job));
                index.unknown(job);
            }
        }
        return again;
    }

    private void answered(boolean allowed) {
        if (!allowed) {
            phase = Phase.UNPROVEN;
            fence = fence.failed(ticker.nanos());
            return;
        }
        fence = FENCE;
        tried.clear();
        phase = Phase.READING;
        var asked = term;
        var reading = index.read();
        io.readPlaces(
                places -> {
                    places.pods().forEach(reading::see);
                    places.jobs().forEach(reading::see);
                    settled(asked, reading, Phase.SETTLED);
                },
                () -> settled(asked, reading, Phase.UNPROVEN));
    }

    private void settled(int asked, Reading reading, Phase next) {
        reading.close();
        if (term != asked) return;
        phase = next;
        if (next == Phase.UNPROVEN) fence = fence.failed(ticker.nanos());
    }

    private Duration admit(Instant now) {
        index.unresolved().forEach(this::resend);
        var nanos = ticker.nanos();
        var full = inFlight.full(nanos);
        postponed.keySet().stream()
                .filter(namespace -> !full.contains(namespace))
                .toList()
                .forEach(this::planAgain);
        var plan = Planner.plan(index, inFlight.room(nanos), queue -> isPostponed(queue, full), EnqueueLoop::broken);
        if (!plan.isEmpty()) planned.run();
        plan.forEach(this::send);
        return inFlight.room(nanos) == 0 ? InFlight.STRAGGLER : untilChange(now);
    }

    private boolean isPostponed(QueueIndex queue, Set<String> full) {
        var namespace = queue.key().namespace();
        if (!full.contains(namespace)) return false;
        postponed.computeIfAbsent(namespace, name -> new LinkedHashSet<>()).add(queue);
        return true;
    }

    private void planAgain(String namespace) {
        var queues = postponed.remove(namespace);
        if (queues != null) queues.forEach(index::again);
    }

    /** A queue whose planning fails must not stop the planning of the others. */
    private static void broken(Object queue, RuntimeException error) {
        LOG.error("planning {} failed; it is planned again when something of it changes", queue, error);
    }

    private void send(Admission admission) {
        var job = admission.job();
        var planned = term;
        inFlight.sent(job, ticker.nanos());
        // Between two terms another process may have held the Lease, and the API server would accept the rest of this
        // term's plan in the next term. So the term is checked just before each write.
        io.admit(admission, () -> lease.isHeld() && lease.term() == planned, outcome -> {
            inFlight.answered(job.uid());
            outcome.tell(index, job);
        });
    }

    /**
     * Handles a write without an answer.
     * 1. A place was given, and no answer came.
     * 2. The write may still be carried out, so the place counts as taken.
     * 3. The same write is sent again; or, if the job may not run any more, its reason is written. Either one changes the job's
     * version. Then the API server refuses the first write.
     */
    private void resend(JobEntry job) {
        if (inFlight.has(job.uid()) || !inFlight.hasRoomAgain(job.namespace())) {
            index.unknown(job);
            return;
        }
        var queue = index.queueOf(job);
        var stop = Planner.stopsResend(index, job);
        if (stop.isEmpty() && queue.spec().isPresent()) {
            send(Planner.resend(index, job));
        } else if (stop.isPresent()) {
            io.explain(job, stop.get(), outcome -> retold(job, outcome));
        } else {
            index.unknown(job);
        }
    }

    private void retold(JobEntry job, Outcome outcome) {
        if (outcome instanceof Outcome.Written written) index.confirm(written.now());
        else if (outcome instanceof Outcome.Refused refused && refused.how() == Refusal.FOR_GOOD)
            index.refused(job, Refusal.FOR_GOOD);
        else index.unknown(job);
    }

    private Duration untilChange(Instant now) {
        var latest = now.plus(LOOK_AGAIN);
        var next = index.nextChange().filter(latest::isAfter).orElse(latest);
        var wait = Duration.between(now, next).plusMillis(1);
        return wait.isPositive() ? wait : Duration.ofMillis(1);
    }
}
