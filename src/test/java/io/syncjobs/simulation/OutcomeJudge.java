package io.syncjobs.simulation;

import static io.syncjobs.simulation.Judge.hold;
import static io.syncjobs.simulation.Judge.number;

import io.syncjobs.api.Reason;
import io.syncjobs.api.State;
import io.syncjobs.api.SyncJob;
import io.syncjobs.api.SyncJobStatus;
import io.syncjobs.api.SyncJobStatus.Stop;
import io.syncjobs.core.JobFields;
import io.syncjobs.core.Limits;
import io.syncjobs.core.job.Policies;
import io.syncjobs.core.settings.Settings;
import io.syncjobs.simulation.Run.Harm;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Compares what is written about the end of a run with what became of it. */
final class OutcomeJudge {
    /** News of a pod can take so long on a slow watch. */
    private static final Duration LATE_NEWS = Duration.ofMinutes(1);

    /** A pod that is not taken is tried again each minute; the tries of a while show that it really was not. */
    private static final Duration LATE_TRY = Duration.ofMinutes(3);

    /** The exit code by which a worker asks for a retry. */
    private static final int EXIT_RETRYABLE = 75;

    private static final Set<String> DEADLINE =
            Set.of(Reason.DEADLINE_EXCEEDED.toString(), Reason.RETRY_BACKOFF.toString());

    private final World world;
    private final Reality reality;
    private final Settings settings;

    /** True for a pod that the API server still has, on a node that it hears of. */
    private final Predicate<String> isVisible;

    private final Map<String, Instant> leading = new HashMap<>();

    OutcomeJudge(World world, Reality reality, Settings settings, Predicate<String> isVisible) {
        this.world = world;
        this.reality = reality;
        this.settings = settings;
        this.isVisible = isVisible;
    }

    void leads(String identity) {
        leading.put(identity, world.now());
        world.count("leader changes");
    }

    void written(String by, SyncJob was, SyncJob is) {
        var before = JobFields.statusOf(was);
        var after = JobFields.statusOf(is);
        stops(by, is, before, after);
        if (before.state().occupying() && !after.state().occupying()) {
            var run = Optional.ofNullable(before.worker()).flatMap(reality::run);
            ended(by, is, before, after, run);
            losses(is, before, after, run);
            retries(by, is, before, after, run);
        } else if (!Judge.isObeyed(before, after)) {
            hold(is, number(before.retries()) == number(after.retries()), "retries change without an end");
            hold(is, number(before.workerLosses()) == number(after.workerLosses()), "losses change without an end");
        }
    }

    private void stops(String by, SyncJob job, SyncJobStatus before, SyncJobStatus after) {
        var was = before.stop();
        var is = after.stop();
        if (Objects.equals(was, is)) return;
        if (is == null) {
            var late = isForTime(was) && isCompleted(after);
            hold(job, was != null && (late || after.state() == was.target()), "a stop vanished: " + was);
            return;
        }
        hold(job, was == null || Judge.isObeyed(before, after), "a stop was replaced: " + was);
        var run = Optional.ofNullable(before.worker()).flatMap(reality::run);
        if (Judge.isObeyed(before, after)) return;
        if (isDeadline(is) && !neverStarted(is.message())) {
            var begun = run.flatMap(r -> r.started).orElse(Instant.MAX);
            hold(job, !world.now().isBefore(begun.plus(timeout(before))), "is stopped before its deadline");
        } else {
            hold(job, neverStarted(is.message()), "is stopped for no reason: " + is);
            neverStarted(by, job, before, run);
        }
    }

    private void neverStarted(String by, SyncJob job, SyncJobStatus before, Optional<Run> run) {
        world.count("pods that never started");
        var placed = Objects.requireNonNull(before.enqueuedTime());
        var since = leading.getOrDefault(by, World.START);
        var begin = placed.isAfter(since) ? placed : since;
        hold(
                job,
                !world.now().isBefore(begin.plus(settings.podStart())),
                "PodNeverStarted after less than podStart of watching, since " + begin);
        var begun = run.flatMap(r -> r.started).orElse(Instant.MAX);
        var heldUp = run.isPresent()
                ? run.get().isZombie() || begun.isAfter(world.now().minus(LATE_NEWS))
                : reality.hasRefusedSince(world.now().minus(LATE_TRY));
        hold(job, heldUp, "PodNeverStarted though nothing held up " + before.worker());
    }

    private void ended(String by, SyncJob job, SyncJobStatus before, SyncJobStatus after, Optional<Run> run) {
        if (isCompleted(after)) {
            hold(job, run.filter(Run::succeeded).isPresent(), "is completed though its worker did not succeed");
            hold(job, run.orElseThrow().attempt == number(before.attempt()), "is completed by an old attempt");
            hold(
                    job,
                    before.stop() == null || (isForTime(before.stop()) && isInTime(run.orElseThrow(), before)),
                    "is completed while a stop stands");
            world.count("completions");
            return;
        }
        var stoppedBefore = (before.stop() != null && !isAfterEnd(before.stop(), run, Duration.ZERO))
                || Judge.isObeyed(before, after);
        var thrownAway = !stoppedBefore
                && run.filter(r -> r.succeeded() && r.harm.isEmpty() && isInTime(r, before))
                        .isPresent();
        // Not promised: its node's word was still on the way, and who heard it died before he could record it, or the
        // pod was
        // deleted so soon after that it may have been told to stop.
        var toldLate = isForTime(before.stop())
                && ((!isAfterEnd(before.stop(), run, LATE_NEWS) && isNew(by))
                        || !isAfterEnd(before.stop(), run, Limits.DELETION_MARGIN));
        hold(job, !thrownAway || toldLate, "the success of " + before.worker() + " is thrown away: " + after.reason());
        if (thrownAway) world.count("successes told too late");
        var reason = Objects.requireNonNullElse(after.reason(), "");
        if (reason.equals(Reason.JOB_FAILED.toString()) || reason.equals(Reason.RETRIES_EXHAUSTED.toString())) {
            hold(
                    job,
                    run.filter(r -> r.endedByItself() && r.code != 0).isPresent(),
                    "failed though its worker did not");
            world.count("failures");
        }
        if (reason.equals(Reason.POD_NEVER_STARTED.toString()) && before.stop() == null)
            neverStarted(by, job, before, run);
    }

    private boolean isNew(String leader) {
        return leading.getOrDefault(leader, World.START).isAfter(world.now().minus(LATE_NEWS));
    }

    private void losses(SyncJob job, SyncJobStatus before, SyncJobStatus after, Optional<Run> run) {
        if (number(after.workerLosses()) <= number(before.workerLosses())) return;
        world.count("losses");
        if (after.state() == State.FAILED) {
            world.count("jobs lost for good");
            hold(job, number(after.workerLosses()) == Limits.WORKER_LOSSES, "is given up after too few losses");
        }
        var harm = run.map(r -> r.harm).orElse(Set.of());
        hold(job, !harm.isEmpty(), "a loss is counted though nobody harmed its worker");
        hold(
                job,
                !harm.equals(Set.of(Harm.DELETED)) || run.orElseThrow().started.isPresent(),
                "a loss is counted though its worker had not begun");
        if (harm.equals(Set.of(Harm.PLANNED)))
            hold(job, !isVisible.test(run.orElseThrow().pod), "an eviction is counted as a loss");
    }

    private void retries(String by, SyncJob job, SyncJobStatus before, SyncJobStatus after, Optional<Run> run) {
        var grown = number(after.retries()) - number(before.retries());
        if (grown == 0) return;
        var policy = Objects.requireNonNull(before.effective()).retry();
        hold(job, grown == 1 && number(after.retries()) <= number(policy.limit()), "one retry too many");
        var any = Policies.retriesAny(policy);
        var retryable = run.filter(Run::endedByItself)
                .filter(r -> r.code == EXIT_RETRYABLE || (any && r.code != 0))
                .isPresent();
        var notStarted = before.stop() == null && neverStarted(after.message());
        if (any && notStarted) neverStarted(by, job, before, run);
        hold(
                job,
                retryable || (any && (isDeadline(before.stop()) || notStarted)),
                "is retried though its worker did not ask for it");
        world.count(retryable ? "retries" : "retries after the deadline");
    }

    /** What a stop or a retry says of a pod that had its time to start. */
    private static boolean neverStarted(@Nullable String message) {
        return message != null && message.contains("did not start within");
    }

    private static boolean isCompleted(SyncJobStatus status) {
        return status.state() == State.DONE && Reason.COMPLETED.toString().equals(status.reason());
    }

    private static boolean isDeadline(@Nullable Stop stop) {
        return stop != null && DEADLINE.contains(Objects.requireNonNullElse(stop.reason(), ""));
    }

    /** Nobody has asked for such a stop: a time was over. */
    private static boolean isForTime(@Nullable Stop stop) {
        return isDeadline(stop)
                || (stop != null && Reason.POD_NEVER_STARTED.toString().equals(stop.reason()));
    }

    private static boolean isAfterEnd(@Nullable Stop stop, Optional<Run> run, Duration by) {
        var ended = run.flatMap(r -> r.ended).orElse(Instant.MAX);
        return stop != null && isForTime(stop) && ended.isBefore(stop.time().minus(by));
    }

    private boolean isInTime(Run run, SyncJobStatus status) {
        return run.time(world.now()).compareTo(timeout(status)) < 0;
    }

    private static Duration timeout(SyncJobStatus status) {
        return Duration.ofSeconds(
                number(Objects.requireNonNull(status.effective()).timeoutSeconds()));
    }
}
