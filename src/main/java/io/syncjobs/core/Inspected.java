package io.syncjobs.core;

import io.syncjobs.core.PodView.Container.Waiting;
import io.syncjobs.core.Step.Inspect.Subject;
import io.syncjobs.core.trace.LogError;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * What was looked at closer since the caches were asked, each at most once.
 *
 * @param log what the end of the worker's log says
 * @param warnings what the events of the current pod warn of, latest first
 */
public record Inspected(Set<Subject> subjects, LogError log, List<Waiting> warnings) {
    /** The caches only. */
    public static final Inspected NOTHING = new Inspected(Set.of(), LogError.NONE, List.of());

    /** Everything, and nothing more was found. */
    public static final Inspected EVERYTHING =
            new Inspected(Set.copyOf(EnumSet.allOf(Subject.class)), LogError.NONE, List.of());

    /** After one more look. */
    public Inspected and(Subject subject) {
        var all = EnumSet.of(subject);
        all.addAll(subjects);
        return new Inspected(Set.copyOf(all), log, warnings);
    }

    /** After a look at the worker's log. */
    public Inspected and(LogError read) {
        return new Inspected(and(Subject.LOG).subjects(), read, warnings);
    }

    /** After a look at the pod's events. */
    public Inspected and(List<Waiting> read) {
        return new Inspected(and(Subject.EVENTS).subjects(), log, List.copyOf(read));
    }
}
