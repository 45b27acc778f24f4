package io.syncjobs.core.trace;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** One JSON object per line, as logback, logstash, pino, zap, structlog and bunyan write them. */
final class JsonFormat implements Format {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Set<String> ERRORS =
            Set.of("error", "fatal", "critical", "severe", "panic", "emergency", "alert");
    private static final List<String> OBJECTS = List.of("err", "error", "exception", "throwable");
    private static final List<String> STACKS =
            List.of("stack_trace", "stack", "stacktrace", "exc_info", "exception", "error.stack_trace", "error");
    private static final List<String> MESSAGES = List.of("message", "msg", "event", "error");
    private static final List<String> TYPES = List.of("type", "name", "class", "className", "error.type");

    @Override
    public Optional<Found> find(List<String> lines) {
        for (var i = lines.size() - 1; i >= 0; i--) {
            var entry = parse(lines.get(i));
            if (entry.isEmpty() || !isError(entry.get())) continue;
            var last = i;
            return Optional.of(read(entry.get())).map(found -> new Found(last, found.type(), found.message()));
        }
        return Optional.empty();
    }

    private static Found read(JsonNode entry) {
        for (var name : OBJECTS) {
            var error = entry.path(name);
            var type = first(error, TYPES);
            if (error.isObject() && !(type.isEmpty() && first(error, MESSAGES).isEmpty())) {
                return new Found(0, type, first(error, MESSAGES));
            }
        }
        for (var name : STACKS) {
            var stack = entry.path(name).asText("").lines().toList();
            var found = stack.size() < 2 ? Optional.<Found>empty() : LogErrors.find(stack);
            if (found.isPresent()) return found.get();
        }
        return new Found(0, first(entry, TYPES), first(entry, MESSAGES));
    }

    private static Optional<JsonNode> parse(String line) {
        if (!line.startsWith("{") || !line.endsWith("}")) return Optional.empty();
        try {
            return Optional.of(JSON.readTree(line)).filter(JsonNode::isObject);
        } catch (JsonProcessingException e) {
            return Optional.empty();
        }
    }

    /** Levels are words, or numbers as in pino and bunyan, where 50 is error. */
    private static boolean isError(JsonNode entry) {
        var level = Stream.of("level", "severity", "lvl", "log.level")
                .map(entry::path)
                .filter(node -> !node.isMissingNode())
                .findFirst();
        return level.filter(node -> node.isNumber()
                        ? node.asInt() >= 50
                        : ERRORS.contains(node.asText().toLowerCase(Locale.ROOT)))
                .isPresent();
    }

    private static String first(JsonNode node, List<String> names) {
        return names.stream()
                .map(name -> node.path(name))
                .filter(JsonNode::isTextual)
                .map(JsonNode::asText)
                .findFirst()
                .orElse("");
    }
}
