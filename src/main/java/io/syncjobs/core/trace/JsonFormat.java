package io.syncjobs.core.trace;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** One JSON object per line, as loggers of all runtimes write it. */
final class JsonFormat implements Format {
    private static final int MEMBERS = 40;
    private static final List<String> MESSAGES = List.of("msg", "message", "event", "short_message", "@m", "@mt");
    private static final Set<String> OUTCOMES = Set.of("status", "result", "outcome", "type", "kind", "state");
    private static final Set<String> OUTCOMES_OF_TWO = Set.of("ok", "success", "succeeded");
    private static final Set<String> FAILED = Set.of("error", "failed", "failure", "fail", "fatal", "exception");

    @Override
    public List<Found> find(Log log) {
        var found = new ArrayList<Found>();
        for (var i = 0; i < log.size(); i++) {
            var line = i;
            Json.object(log.text(i))
                    .flatMap(entry -> refused(log, entry, line).or(() -> ofEntry(entry, line, log.level(line))))
                    .ifPresent(found::add);
        }
        return found;
    }

    private static Optional<Found> ofEntry(JsonNode entry, int line, Level ofHead) {
        var level = Json.level(entry);
        if (level == Level.NONE) level = ofHead;
        if (level.isQuiet() || (level == Level.NONE && !tellsOfError(entry) && !soundsLikeError(entry)))
            return Optional.empty();
        var error = JsonError.read(entry, line, Found.Weight.BLOCK);
        // The words are deeper inside.
        if (error.type().isEmpty() && error.message().isEmpty() && tellsOfError(entry))
            error = error.withMessage(ErrorObject.read(entry).message());
        if (error.type().isEmpty() && error.message().isEmpty()) return Optional.empty();
        if (level == Level.NONE && !tellsOfError(entry)) return Optional.of(error.at(line, Found.Weight.WORDS));
        var weight = weight(level, !error.type().isEmpty());
        var survived = weight == Found.Weight.BLOCK && Cleanup.is(Json.first(entry, MESSAGES));
        return Optional.of(error.at(line, survived ? Found.Weight.WARNED : weight));
    }

    /** What a server answered, above the line of curl that has only its status. */
    private static Optional<Found> refused(Log log, JsonNode entry, int line) {
        if (Json.hasLevel(entry) || !log.isRefusal(line + 1)) return Optional.empty();
        return Optional.of(JsonError.read(entry, line, Found.Weight.LINE))
                .filter(error -> !error.message().isEmpty())
                .map(error -> error.at(line + 1, Found.Weight.LINE));
    }

    private static Found.Weight weight(Level level, boolean typed) {
        if (level == Level.WARN) return typed ? Found.Weight.WARNED : Found.Weight.NOISE;
        if (typed) return Found.Weight.BLOCK;
        return level == Level.FATAL ? Found.Weight.FATAL : Found.Weight.LINE;
    }

    /** An answer in which only the words, or a list of errors far inside, say that something is wrong. */
    static boolean soundsLikeError(JsonNode entry) {
        return Phrases.soundsLikeError(
                        JsonError.read(entry, 0, Found.Weight.WORDS).message())
                || !FieldErrors.within(entry).isEmpty();
    }

    /** An object without a level that is an error nevertheless: the answer of a server, or a problem document. */
    static boolean tellsOfError(JsonNode entry) {
        var status = Json.path(entry, "status");
        return (status.isNumber() && status.asInt() >= 400)
                || entry.path("trace").hasNonNull("error")
                || entry.properties().stream()
                        .limit(MEMBERS)
                        .anyMatch(one -> tellsOfError(one.getKey(), one.getValue()));
    }

    private static boolean tellsOfError(String name, JsonNode value) {
        var small = name.toLowerCase(Locale.ROOT);
        if (value.isTextual()
                && OUTCOMES.contains(small)
                && FAILED.contains(value.textValue().toLowerCase(Locale.ROOT))) return true;
        if (small.startsWith("trace") || small.startsWith("stack"))
            return value.isArray()
                    || (value.isTextual()
                            && (value.textValue().indexOf('\n') > 0
                                    || value.textValue().startsWith("#0 ")));
        if (value.isBoolean() && OUTCOMES_OF_TWO.contains(small)) return !value.asBoolean();
        var named =
                small.equals("err") || small.equals("fault") || small.contains("error") || small.contains("exception");
        // A number is how many there were, or a code.
        if (value.isNumber()) return named && value.asInt() != 0 && (small.endsWith("code") || small.equals("error"));
        return named
                && (value.isContainerNode()
                        ? !value.isEmpty()
                        : value.isTextual() ? !value.textValue().isBlank() : value.asBoolean());
    }
}
