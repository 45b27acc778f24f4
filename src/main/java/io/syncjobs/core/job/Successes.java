package io.syncjobs.core.job;

import io.syncjobs.core.job.Step.Inspect;
import io.syncjobs.core.job.Step.Inspect.Subject;
import io.syncjobs.core.run.PodEvent;
import io.syncjobs.core.run.PodEvents;
import io.syncjobs.core.run.PodOutcome;
import io.syncjobs.core.run.PodView;
import io.syncjobs.core.run.Report;
import io.syncjobs.core.run.Signals;
import java.util.function.Function;

/** A worker that has ended with code 0. */
final class Successes {
    /** The type of the error of a worker that its kubelet has told to end. */
    private static final String TYPE = "KilledByKubelet";

    private Successes() {}

    static Step next(Observation seen, PodView pod, PodOutcome.Succeeded succeeded) {
        return next(seen, pod, succeeded, kill -> {
            var report = Report.saying(TYPE, kill.message(), "");
            var failed = new PodOutcome.Failed(succeeded.end(), report, Signals.ofKill());
            return seen.afterLog(failed.end().container(), () -> Failures.failure(seen, failed));
        });
    }

    /** The job is Done, unless its kubelet has told the worker to end: a worker that ends with 0 then has perhaps done nothing. */
    static Step next(Observation seen, PodView pod, PodOutcome.Succeeded succeeded, Function<PodEvent, Step> killed) {
        if (!PodEvents.areNeededFor(pod, succeeded)) return Failures.success(succeeded);
        if (!seen.wasLookedAt(Subject.EVENTS)) return new Inspect(Subject.EVENTS, pod.uid());
        return PodEvents.kill(pod, succeeded.end(), seen.inspected().events())
                .map(killed)
                .orElseGet(() -> Failures.success(succeeded));
    }
}
