package io.syncjobs.core.run;

import io.syncjobs.core.Limits;
import io.syncjobs.core.blame.Course;
import io.syncjobs.core.blame.Verdict;
import io.syncjobs.core.run.PodView.Container;
import io.syncjobs.core.run.PodView.Container.Terminated;
import io.syncjobs.core.run.PodView.Disruption;
import io.syncjobs.core.run.PodView.Init;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;

/** What a pod shows about its attempt; a pure function of the pod. The table of blame says who is responsible. */
public sealed interface PodOutcome {
    /** The worker has not run yet; {@code container} is the container that it waits for. */
    record Starting(Verdict why, String container, String message) implements PodOutcome {}

    /** The worker runs. */
    record Running(Instant started) implements PodOutcome {}

    /** The worker ended with its work done, as far as the pod says. */
    record Succeeded(Terminated end, Report report) implements PodOutcome {}

    /** The worker ended by itself with a failure. */
    record Failed(Terminated end, Report report, Verdict why) implements PodOutcome {}

    /** The pod came to nothing before its worker began. Another pod replaces it. */
    record Refused(Verdict why, String message) implements PodOutcome {}

    /** The pod ended without a result. */
    record Lost(Verdict why, String message) implements PodOutcome {}

    /** How a message goes on behind the names of pod and container, if nobody has said why the container does not start. */
    String NO_CAUSE = ": is being started";

    /** Reasons with which a kubelet, or what stands for one (virtual-kubelet), says that it lost sight of a container. */
    Set<String> UNSEEN = Set.of("ContainerStatusUnknown", "Unknown", "NotFound");

    static PodOutcome of(PodView pod) {
        return switch (pod.worker()) {
            case Terminated end -> ended(pod, end);
            case Container c
            when pod.failedInit().isPresent() ->
                failedInit(pod, pod.failedInit().get());
            case Container c when pod.isOver() -> gone(pod);
            case Container.Running running -> new Running(running.started());
            case Container.Waiting waiting -> starting(pod, waiting);
        };
    }

    private static PodOutcome ended(PodView pod, Terminated end) {
        var report = Report.parse(end.message(), end.finished());
        if (UNSEEN.contains(end.reason()) || interrupted(pod, end)) {
            if (report.claimsSuccess()) return new Succeeded(end, report);
            if (isOverTime(pod)) return failed(pod, end, report);
            return isAllThatIsSaid(pod) ? failed(pod, end, report) : gone(pod);
        }
        return end.exitCode() == 0 ? new Succeeded(end, report) : failed(pod, end, report);
    }

    /** True if nobody says why the pod ended: then the state of its worker is all that is known. */
    private static boolean isAllThatIsSaid(PodView pod) {
        return pod.disruption().isEmpty()
                && pod.deletion().isEmpty()
                && pod.reason().isEmpty()
                && !pod.emptied();
    }

    /** True if the kubelet ended the pod for its activeDeadlineSeconds. An exit code 0 is then no success. */
    private static boolean isOverTime(PodView pod) {
        return pod.reason().equals(PodView.OVER_TIME);
    }

    private static PodOutcome failedInit(PodView pod, Terminated init) {
        return interrupted(pod, init) ? gone(pod) : failed(pod, init, Report.parse(init.message(), init.finished()));
    }

    private static PodOutcome failed(PodView pod, Terminated end, Report report) {
        var why = Signals.ofEnd(pod, end);
        if (why.course() == Course.FAIL || why.course() == Course.RETRY) {
            // If a container could not start, the kubelet puts its own message into the termination message.
            var said = Signals.isOfKubelet(end.reason()) ? Report.saying(end.reason(), end.message(), "") : report;
            return new Failed(end, said, why);
        }
        var words = end.message().isEmpty() ? end.reason() : end.reason() + ": " + end.message();
        return lost(why, "container " + end.container() + ", " + words);
    }

    /**
     * True unless the worker had clearly finished before anybody asked the pod to end. An exit code 0 after SIGTERM is no
     * success.
     */
    private static boolean interrupted(PodView pod, Terminated end) {
        if (Signals.isRejected(pod)) return true;
        var asked = askedToEnd(pod);
        // When the deletion began is not known: the job runs again rather than losing its work.
        if (asked.isEmpty()) return pod.deletion().isPresent();
        var limit = asked.get().minus(Limits.DELETION_MARGIN);
        return end.finished().map(finished -> !finished.isBefore(limit)).orElse(true);
    }

    private static Optional<Instant> askedToEnd(PodView pod) {
        // 1. Somebody deletes the pod. 2. The kubelet stops its containers, which may take the whole grace period.
        // 3. The kubelet lets go of the pod: the API server moves the deadline to that moment, with a grace of 0.
        return pod.deletion()
                .filter(deletion -> !deletion.grace().isZero())
                .map(PodView.Deletion::asked)
                .or(() -> pod.disruption().map(Disruption::since));
    }

    /** Ended from outside. */
    private static PodOutcome gone(PodView pod) {
        if (isOverTime(pod) && pod.hasBegun()) {
            var unseen = new Terminated(pod.workerName(), -1, "", "", Optional.empty(), Optional.empty());
            return failed(pod, unseen, Report.EMPTY);
        }
        return lost(Signals.ofDisruption(pod), story(pod));
    }

    private static PodOutcome lost(Verdict why, String message) {
        return why.course() == Course.MAKE_AGAIN ? new Refused(why, message) : new Lost(why, message);
    }

    private static String story(PodView pod) {
        var told = pod.disruption()
                .map(d -> d.reason() + ": " + d.message())
                .or(() -> pod.deletion().map(d -> "the pod was deleted"))
                .or(() -> Optional.of((pod.reason() + ": " + pod.message()).strip())
                        .filter(text -> text.length() > 2))
                .orElse(
                        pod.emptied()
                                ? "its kubelet restarted and did not take the pod again; the pod's events say why"
                                : "the pod ended without an exit code");
        return pod.node().isEmpty() ? told : told + " (node " + pod.node() + ")";
    }

    private static Starting starting(PodView pod, Container.Waiting waiting) {
        if (pod.unschedulable().isPresent()) {
            var scheduler = pod.unschedulable().get();
            var lead = scheduler.reason().equals("SchedulerError")
                    ? "the scheduler has not placed pod "
                    : "no node accepts pod ";
            var message = lead + pod.name() + ": " + scheduler.message();
            return new Starting(Signals.ofScheduler(scheduler), pod.workerName(), message);
        }
        return pod.init()
                .map(init -> startingInit(pod, init))
                .orElseGet(() -> waits(pod, pod.workerName(), waiting, Signals.ofWaiting(pod, waiting)));
    }

    private static Starting startingInit(PodView pod, Init init) {
        return switch (init.state()) {
            case Container.Waiting waiting -> waits(pod, init.name(), waiting, Signals.ofWaiting(pod, init, waiting));
            case Container.Running running ->
                new Starting(
                        Signals.ofInit(),
                        init.name(),
                        "pod " + pod.name() + " waits for its init container " + init.name()
                                + ", which has been running"
                                + (running.started().equals(Instant.EPOCH) ? "" : " since " + running.started()));
            case Terminated end -> throw new IllegalStateException("an init container that failed has been looked at");
        };
    }

    private static Starting waits(PodView pod, String container, Container.Waiting waiting, Verdict why) {
        var detail = waiting.message().isEmpty() ? waiting.reason() : waiting.reason() + ": " + waiting.message();
        var lead = switch (waiting.reason()) {
            case Container.Waiting.NO_SCHEDULER, Container.Waiting.NO_KUBELET -> ": " + waiting.message();
            case String reason when why.row().vague() -> NO_CAUSE + (detail.isEmpty() ? "" : " (" + detail + ")");
            default -> ": " + detail;
        };
        var whose = container.equals(pod.workerName()) ? "" : ", container " + container;
        return new Starting(why, container, "pod " + pod.name() + whose + lead);
    }
}
