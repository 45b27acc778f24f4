package io.syncjobs.core.trace;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** One JSON object per line, as loggers of all runtimes write it. */
final class JsonFormat implements Format {
    @Override
    public List<Found> find(Log log) {
        var found = new ArrayList<Found>();
        for (var i = 0; i < log.size(); i++) {
            var line = i;
            Json.object(log.text(i))
                    .flatMap(entry -> ofEntry(entry, line, log.level(line)))
                    .ifPresent(found::add);
        }
        return found;
    }

    private static Optional<Found> ofEntry(JsonNode entry, int line, Level ofHead) {
        var level = Json.level(entry);
        if (level == Level.NONE) level = ofHead;
        if (level == Level.INFO || (level == Level.NONE && !tellsOfError(entry) && !soundsLikeError(entry)))
            return Optional.empty();
        var error = JsonError.read(entry, line, Found.Weight.BLOCK);
        if (error.type().isEmpty() && error.message().isEmpty()) return Optional.empty();
        if (level == Level.NONE && !tellsOfError(entry)) return Optional.of(error.at(line, Found.Weight.WORDS));
        return Optional.of(error.at(line, weight(level, !error.type().isEmpty())));
    }

    private static Found.Weight weight(Level level, boolean typed) {
        if (level == Level.WARN) return typed ? Found.Weight.WARNED : Found.Weight.NOISE;
        if (typed) return Found.Weight.BLOCK;
        return level == Level.FATAL ? Found.Weight.FATAL : Found.Weight.LINE;
    }

    /** An answer in which only the words say that something is wrong. */
    static boolean soundsLikeError(JsonNode entry) {
        return Phrases.soundsLikeError(
                JsonError.read(entry, 0, Found.Weight.WORDS).message());
    }

    /** An object without a level that is an error nevertheless: the answer of a server, or a problem document. */
    static boolean tellsOfError(JsonNode entry) {
        var status = Json.path(entry, "status");
        return entry.hasNonNull("error")
                || entry.hasNonNull("err")
                || entry.hasNonNull("errors")
                || entry.hasNonNull("exception")
                || entry.hasNonNull("error_description")
                || entry.hasNonNull("errorMessage")
                || entry.hasNonNull("errorCode")
                || entry.path("trace").hasNonNull("error")
                || (status.isNumber() && status.asInt() >= 400);
    }
}
