package io.syncjobs.core.queue;

import io.syncjobs.api.Names;
import io.syncjobs.api.Reason;
import io.syncjobs.api.State;
import io.syncjobs.api.SyncJob;
import io.syncjobs.core.JobFields;
import io.syncjobs.core.Text;
import io.syncjobs.core.job.Command;
import io.syncjobs.core.run.Payloads;
import io.syncjobs.core.run.Signals;
import java.util.Objects;
import java.util.Optional;

/** Answers a person's question about one job: its state, the reason for it, and what has to happen next. */
public final class Answers {
    private static final String NO_OPERATOR =
            "No operator is running: nothing goes on until one is back; see kubectl get pods in its namespace";

    private Answers() {}

    /** Whether the operator and the enqueue CronJob are working. */
    public record Processes(boolean operatorLives, boolean eager, SchedulerHealth scheduler) {
        /** Who gives the job a place. */
        public Starter starter() {
            return new Starter(operatorLives ? Starter.Who.enqueuing(eager) : Starter.Who.MINUTE_ALONE, scheduler);
        }
    }

    /** True while only an operator can bring the job on. */
    public static boolean needsOperator(SyncJob job) {
        var state = JobFields.statusOf(job).state();
        if (state == State.PENDING && job.isMarkedForDeletion()) return false;
        return !state.finished() || Command.anyOn(job);
    }

    /** Returns one or two lines; {@code why} is the reason why the job waits, and empty if it waits for nothing. */
    public static String of(SyncJob job, Optional<Wait> why, Processes processes) {
        if (JobFields.statusOf(job).state() != State.PENDING)
            return complete(Text.clean(recorded(job)), job, processes);
        var other = leadsElsewhere(job);
        if (other.isPresent()) return complete("Pending: " + other.get(), job, processes);
        if (why.isEmpty()) return "Pending: it has its turn now and is being enqueued";
        var answer = "Pending, " + why.get().reason() + ": " + why.get().messageFor(job);
        return why.get().reason() == Reason.OPERATOR_NOT_RUNNING ? answer : complete(answer, job, processes);
    }

    private static String complete(String answer, SyncJob job, Processes processes) {
        return processes.operatorLives() || !needsOperator(job) ? answer : answer + "\n" + NO_OPERATOR;
    }

    /** What happens to a Pending job that is not enqueued as it stands, even when its turn comes. */
    private static Optional<String> leadsElsewhere(SyncJob job) {
        if (job.isMarkedForDeletion()) {
            return Optional.of("it is being deleted and is not enqueued any more; what still holds it are its"
                    + " metadata.finalizers, " + job.getMetadata().getFinalizers());
        }
        if (Command.anyOn(job)) {
            return Optional.of("the command " + command(job) + " waits, and the job is not enqueued before an operator"
                    + " has carried it out");
        }
        return Payloads.problem(job.getSpec().payload())
                .map(problem -> "spec.payload " + problem + "; the job ends Failed, " + Reason.PAYLOAD_TOO_LARGE + ". "
                        + Signals.ofOperator(Reason.PAYLOAD_TOO_LARGE.toString(), false)
                                .row()
                                .advice());
    }

    private static String command(SyncJob job) {
        return Command.waiting(job).stream()
                .findFirst()
                .map(waiting -> waiting.kind().annotation())
                .orElse(Names.HANDLING);
    }

    private static String recorded(SyncJob job) {
        var status = JobFields.statusOf(job);
        var worker = status.worker() == null ? "" : " (attempt " + status.attempt() + ", pod " + status.worker() + ")";
        if (status.reason() == null) return status.state() + worker;
        return status.state() + worker + ", " + status.reason() + ": "
                + Objects.requireNonNullElse(status.message(), "");
    }
}
