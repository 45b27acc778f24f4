package io.syncjobs.core.job;

import static java.util.Objects.requireNonNullElse;

import io.syncjobs.api.Names;
import io.syncjobs.api.SyncJob;
import io.syncjobs.core.Limits;
import io.syncjobs.core.Text;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A person's command on a job, given as an annotation.
 *
 * @param by the user who gave it, where the API server has recorded that
 */
public record Command(Kind kind, String value, @Nullable String by) {
    /** The bound of status.lastCommand.id. */
    private static final int LONGEST_ID = 64;

    /** In the order in which they win when several are given at once. */
    public enum Kind {
        SET_DONE(Names.SET_DONE),
        CANCEL(Names.CANCEL),
        REQUEUE(Names.REQUEUE);

        private final String annotation;

        Kind(String annotation) {
            this.annotation = annotation;
        }

        /** The annotation by which the command is given. */
        public String annotation() {
            return annotation;
        }

        String word() {
            return annotation.substring(annotation.indexOf('/') + 1);
        }
    }

    /** A command in progress: it was moved from its annotation to the handling annotation and has an id. */
    public record Handling(String id, Command command) {
        /** The value of the handling annotation. A long explanation is cut to the length that the status keeps. */
        public String text() {
            return id + ":" + command.kind().word() + ":" + Text.message(command.value());
        }

        /**
         * The annotation changes that move the command to the handling annotation, for one write; an empty value removes an
         * annotation.
         */
        public Map<String, Optional<String>> taking(SyncJob job) {
            var changes = command.removal(job);
            changes.put(Names.HANDLING, Optional.of(text()));
            changes.put(
                    Names.HANDLING_BY,
                    Optional.ofNullable(command.by()).map(user -> Text.cut(user, Limits.USER_CHARS)));
            return changes;
        }
    }

    /** The annotation changes that end a command, whatever its effect was. */
    public static Map<String, Optional<String>> handled() {
        return Map.of(Names.HANDLING, Optional.empty(), Names.HANDLING_BY, Optional.empty());
    }

    /** The annotation changes that drop the command in {@code annotation}. */
    public static Map<String, Optional<String>> dropping(SyncJob job, String annotation) {
        if (annotation.equals(Names.HANDLING)) return handled();
        return waiting(job).stream()
                .filter(command -> command.kind().annotation().equals(annotation))
                .findFirst()
                .map(command -> command.removal(job))
                .orElseGet(() -> new HashMap<>(Map.of(annotation, Optional.empty())));
    }

    /** The annotation with the user's name stays while another command waits. */
    private Map<String, Optional<String>> removal(SyncJob job) {
        var changes = new HashMap<String, Optional<String>>();
        changes.put(kind.annotation(), Optional.empty());
        if (waiting(job).size() == 1) changes.put(Names.BY, Optional.empty());
        return changes;
    }

    /** The commands that wait on a job. The first one wins. */
    public static List<Command> waiting(SyncJob job) {
        var annotations = annotations(job);
        var found = new ArrayList<Command>();
        for (var kind : Kind.values()) {
            var value = annotations.get(kind.annotation());
            if (value != null) found.add(new Command(kind, value, annotations.get(Names.BY)));
        }
        return found;
    }

    /** True while the job has a command without effect so far, or cannot be read. Such a job must not be enqueued. */
    public static boolean anyOn(SyncJob job) {
        var annotations = annotations(job);
        return annotations.containsKey(Names.UNREADABLE)
                || annotations.containsKey(Names.HANDLING)
                || !waiting(job).isEmpty();
    }

    /** The command in progress on a job; empty also where its text cannot be read, and then {@link #garbled} is true. */
    public static Optional<Handling> handling(SyncJob job) {
        var text = annotations(job).get(Names.HANDLING);
        if (text == null) return Optional.empty();
        var parts = text.split(":", 3);
        // A longer id does not fit into the status.
        if (parts.length < 3 || parts[0].isEmpty() || parts[0].length() > LONGEST_ID) return Optional.empty();
        for (var kind : Kind.values()) {
            if (kind.word().equals(parts[1])) {
                var by = annotations(job).get(Names.HANDLING_BY);
                return Optional.of(new Handling(parts[0], new Command(kind, parts[2], by)));
            }
        }
        return Optional.empty();
    }

    static boolean garbled(SyncJob job) {
        return annotations(job).containsKey(Names.HANDLING) && handling(job).isEmpty();
    }

    private static Map<String, String> annotations(SyncJob job) {
        return requireNonNullElse(job.getMetadata().getAnnotations(), Map.of());
    }
}
