package io.syncjobs.job;

import io.syncjobs.api.Names;
import io.syncjobs.api.Reason;
import io.syncjobs.api.SyncJob;
import io.syncjobs.core.Backoff;
import io.syncjobs.core.JobFields;
import io.syncjobs.core.Text;
import io.syncjobs.core.job.Statuses;
import io.syncjobs.core.job.Step;
import io.syncjobs.kube.ApiException;
import io.syncjobs.kube.Jobs;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps a failure at one job from affecting other jobs. The failure is written to the job's status, counted, and followed by
 * another try after a growing pause. The framework alone handles only exceptions: after an Error it would never look at the job
 * again.
 */
public final class Containment {
    private static final Logger LOG = LoggerFactory.getLogger(Containment.class);
    private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
    private static final Duration LONGEST_PAUSE = Duration.ofMinutes(1);

    /** For more jobs in trouble than this nothing is remembered. They are tried again after the longest pause. */
    private static final int MOST = 10_000;

    private record Trouble(Instant since, Duration pause) {
        Trouble again() {
            return new Trouble(since, Backoff.longer(pause, FIRST_PAUSE, LONGEST_PAUSE));
        }
    }

    private final Jobs jobs;
    private final Runnable counter;
    private final InstantSource clock;
    private final Map<String, Trouble> troubles = new ConcurrentHashMap<>();

    /** {@code counter} is run for each failure. */
    public Containment(Jobs jobs, Runnable counter, InstantSource clock) {
        this.jobs = jobs;
        this.counter = counter;
        this.clock = clock;
    }

    /** Handles a job and returns when to look at it again. Temporary failures of the API server are left to the caller. */
    Optional<Duration> handle(SyncJob job, Supplier<Optional<Duration>> handling) {
        try {
            var unreadable = job.getMetadata().getAnnotations().get(Names.UNREADABLE);
            if (unreadable != null) throw new UnreadableObject(unreadable);
            var done = handling.get();
            troubles.remove(uid(job));
            return done;
        } catch (ApiException e) {
            // A right is missing, or an admission policy refuses the write. Every repetition fails until somebody mends
            // that.
            if (!e.isRefusal() || e.isNotFound() || e.isTooLarge()) throw e;
            return contain(job, e);
        } catch (Throwable e) {
            return contain(job, e);
        }
    }

    /** Runs a part whose failure must not fail the whole; if it fails, {@code otherwise} supplies the result. */
    <T> T orElse(SyncJob job, String part, Supplier<T> action, Function<String, T> otherwise) {
        try {
            return action.get();
        } catch (ApiException e) {
            throw e;
        } catch (Throwable e) {
            endIfInDoubt(e);
            count(job, part, e);
            return otherwise.apply(words(e));
        }
    }

    private Optional<Duration> contain(SyncJob job, Throwable e) {
        endIfInDoubt(e);
        // This process ends, and what it is in the middle of fails for that reason. The next one does it.
        if (Thread.currentThread().isInterrupted()) return Optional.of(FIRST_PAUSE);
        count(job, "a job", e);
        var now = clock.instant();
        var fresh = new Trouble(now.truncatedTo(ChronoUnit.SECONDS), FIRST_PAUSE);
        var trouble = troubles.size() >= MOST && !troubles.containsKey(uid(job))
                ? new Trouble(fresh.since(), LONGEST_PAUSE)
                : troubles.merge(uid(job), fresh, (before, first) -> before.again());
        tell(job, trouble, e, now);
        return Optional.of(trouble.pause());
    }

    private void tell(SyncJob job, Trouble trouble, Throwable e, Instant now) {
        var status = JobFields.statusOf(job);
        // A finished job's status already says how it ended. The failure is written only once, because each write would
        // cause another look.
        if (status.state().finished() || Reason.INTERNAL_ERROR.toString().equals(status.reason())) return;
        var message = "the operator failed at this job, since " + trouble.since() + ": " + words(e)
                + ". It tries again after growing pauses"
                + switch (e) {
                    case UnreadableObject u ->
                        "; mend what cannot be read, or delete the job and create it again: until then no command reaches it";
                    case ApiException a ->
                        ", and commands work; see that its roles are those of the chart (helm upgrade brings them back), and which admission policy or webhook refuses it";
                    default -> ", and commands work; please report it with the operator's log";
                };
        try {
            jobs.writeStatus(
                    job, Statuses.after(job, new Step.Explain(Reason.INTERNAL_ERROR, Text.message(message)), now));
        } catch (RuntimeException failed) {
            LOG.atWarn()
                    .addKeyValue("job", JobFields.nameOf(job))
                    .log("its InternalError is not told: {}", failed.toString());
        }
    }

    private void count(SyncJob job, String part, Throwable e) {
        counter.run();
        var known = troubles.containsKey(uid(job));
        var log = LOG.atError().addKeyValue("job", JobFields.nameOf(job));
        // After a stack overflow the stack has a thousand similar frames.
        if (known || e instanceof StackOverflowError || e instanceof ApiException)
            log.log("{} cannot be handled: {}", part, words(e));
        else log.log("{} cannot be handled", part, e);
    }

    /** After these errors the state of the process is unknown. So it ends, and Kubernetes starts it again. */
    public static void endIfInDoubt(Throwable e) {
        if (e instanceof StackOverflowError) return;
        if (e instanceof VirtualMachineError || e instanceof LinkageError) {
            try {
                LOG.error("the process is in doubt; ends", e);
            } finally {
                Runtime.getRuntime().halt(1);
            }
        }
    }

    /** Looks at what no thread has caught, too. Who waits for the answer of a thread that failed so would wait for ever. */
    public static void watchThreads() {
        Thread.setDefaultUncaughtExceptionHandler((thread, error) -> {
            LOG.error("thread {} failed", thread.getName(), error);
            endIfInDoubt(error);
        });
    }

    private static String words(Throwable e) {
        var message = switch (e) {
            case UnreadableObject u -> "";
            case ApiException a -> "the API server refuses it: ";
            default -> e.getClass().getSimpleName() + ": ";
        };
        return Text.cut(Text.clean(message + e.getMessage()), 300);
    }

    private static final class UnreadableObject extends RuntimeException {
        private static final long serialVersionUID = 1;

        UnreadableObject(String what) {
            super(what);
        }
    }

    /** Forgets a job that was deleted. */
    void forget(String uid) {
        troubles.remove(uid);
    }

    private static String uid(SyncJob job) {
        return job.getMetadata().getUid();
    }
}
