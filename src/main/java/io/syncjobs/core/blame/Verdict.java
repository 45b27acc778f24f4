package io.syncjobs.core.blame;

import io.syncjobs.api.Reason;
import java.util.HashMap;
import java.util.Map;

/**
 * Who is to blame in one case, and what follows.
 *
 * @param names the names of objects that the signal contains
 */
public record Verdict(Row row, Map<String, String> names) {
    private static final String OWN_TEMPLATE =
            " A job's own template cannot be changed: delete the job and create it again.";

    static Verdict of(Row row, Signal signal) {
        var names = new HashMap<String, String>();
        for (var name : row.names()) {
            name.in(signal.words()).ifPresent(found -> names.putIfAbsent(name.field(), found));
        }
        return new Verdict(row, Map.copyOf(names));
    }

    public Course course() {
        return row.course();
    }

    public Reason reason() {
        return row.reason();
    }

    /** True if the attempt is lost, and the loss counts against the job. */
    public boolean counts() {
        return course() == Course.RUN_AGAIN_COUNTED;
    }

    /** What to do for a job that goes on by itself as soon as somebody has done it. */
    public String whileItGoesOn(Scene scene) {
        return advice(scene, scene.ownTemplate() ? OWN_TEMPLATE : "", " The job goes on by itself.");
    }

    /** What to do for a job that has ended. */
    public String whenItHasEnded(Scene scene) {
        return advice(
                scene, scene.ownTemplate() ? OWN_TEMPLATE : "", " Then annotate the job with syncjobs.io/requeue=now.");
    }

    /** What to do for a job that is retried in any case. */
    public String whileItIsRetried(Scene scene) {
        return fill(row.advice(), scene);
    }

    private String advice(Scene scene, String ifTemplate, String end) {
        if (row.advice().isEmpty()) return "";
        if (row.over()) return fill(row.advice(), scene);
        var template = row.party() == Party.TEMPLATE && !ifTemplate.isEmpty();
        return fill(row.advice(), scene) + (template ? ifTemplate : end);
    }

    /** The message of the error; empty if the worker's own words are used. */
    public String error(Scene scene) {
        return fill(row.error(), scene);
    }

    /** Replaces {@code {name}}, and {@code {name|words for an unknown name}}, by the name. */
    private String fill(String text, Scene scene) {
        var filled = new StringBuilder();
        var at = 0;
        for (var open = text.indexOf('{'); open >= 0; open = text.indexOf('{', at)) {
            var close = text.indexOf('}', open);
            var parts = text.substring(open + 1, close).split("\\|", 2);
            var known = names.getOrDefault(parts[0], scene.names().getOrDefault(parts[0], ""));
            filled.append(text, at, open).append(known.isEmpty() && parts.length > 1 ? parts[1] : known);
            at = close + 1;
        }
        return filled.append(text, at, text.length()).toString();
    }
}
