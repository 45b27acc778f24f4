package io.syncjobs.core.job;

import io.syncjobs.core.job.Step.Inspect.Subject;
import io.syncjobs.core.run.PodEvent;
import io.syncjobs.core.trace.LogError;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * What was looked up beside the caches. Each subject is looked up at most once.
 *
 * @param log what the end of the worker's log says
 * @param own true if the log was read, and does not hold the text that was its end or the worker's message
 * @param events the events of the current pod, latest first
 */
public record Inspected(Set<Subject> subjects, LogError log, boolean own, List<PodEvent> events) {
    /** Only the caches were read. */
    public static final Inspected NOTHING = new Inspected(Set.of(), LogError.NONE, false, List.of());

    /** After a look at {@code subject}. */
    public Inspected and(Subject subject) {
        var all = EnumSet.of(subject);
        all.addAll(subjects);
        return new Inspected(Set.copyOf(all), log, own, events);
    }

    /** After the worker's log was read. */
    public Inspected and(LogError read) {
        return new Inspected(and(Subject.LOG).subjects(), read, own, events);
    }

    /** It was found whether the worker wrote a message of its {@code own}. */
    public Inspected withMessage(boolean isOwn) {
        return new Inspected(subjects, log, isOwn, events);
    }

    /** After the pod's events were read. */
    public Inspected and(List<PodEvent> read) {
        return new Inspected(and(Subject.EVENTS).subjects(), log, own, List.copyOf(read));
    }
}
