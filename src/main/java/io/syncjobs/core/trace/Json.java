package io.syncjobs.core.trace;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.util.List;
import java.util.Optional;

/** Reads JSON objects of loggers, which have different names for the same few fields. */
final class Json {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** Fields with words come first: if a logger writes a word and a number, the number is on a scale of its own. */
    private static final List<String> LEVELS = List.of(
            "level_name",
            "levelname",
            "_level_name",
            "log.level",
            "log/level",
            "record/level/name",
            "severity_text",
            "severityText",
            "severity",
            "level",
            "Level",
            "@l",
            "lvl",
            "LogLevel",
            "loglevel",
            "log_level",
            "levelText",
            "levelno",
            "level_value",
            "severityNumber",
            "severity_number",
            "SeverityText",
            "PRIORITY",
            "L",
            "_meta/logLevelName");

    private Json() {}

    /** The object that the line consists of, or the first of its array of objects. */
    static Optional<JsonNode> object(String line) {
        var text = line.strip();
        var several = text.startsWith("[{") && text.endsWith("}]");
        if (!several && (!text.startsWith("{") || !text.endsWith("}"))) return Optional.empty();
        return value(text).map(node -> record(several ? node.path(0) : node)).filter(JsonNode::isObject);
    }

    /** The value that the text consists of. */
    static Optional<JsonNode> value(String text) {
        try {
            return Optional.of(JSON.readTree(text));
        } catch (JsonProcessingException e) {
            return Optional.empty();
        }
    }

    /** The last record of a line of OpenTelemetry's exporter, what dbt tells of an event; otherwise the node itself. */
    private static JsonNode record(JsonNode node) {
        if (node.path("info").has("level") && node.path("info").has("msg")) return node.get("info");
        var records =
                node.path("resourceLogs").path(0).path("scopeLogs").path(0).path("logRecords");
        return records.isEmpty() ? node : records.path(records.size() - 1);
    }

    /** The node at a name, or at a path of names with slashes between them. */
    static JsonNode path(JsonNode node, String way) {
        if (node.has(way)) return node.get(way);
        if (way.indexOf('/') < 0) return named(node, way);
        var at = node;
        for (var from = 0; from <= way.length(); ) {
            var slash = way.indexOf('/', from);
            var end = slash < 0 ? way.length() : slash;
            var name = way.substring(from, end);
            at = at.isArray() && name.equals("0") ? at.path(0) : named(at, name);
            from = end + 1;
        }
        return at;
    }

    /**
     * The field of this name. Loggers write it in small and in capital letters, and OpenTelemetry as a list of keys and values.
     */
    private static JsonNode named(JsonNode node, String name) {
        if (node.has(name)) return node.get(name);
        if (node.isArray()) {
            for (var one : node) {
                if (name.equals(one.path("key").textValue())) return one.path("value");
            }
            return MissingNode.getInstance();
        }
        for (var field : node.properties()) {
            if (field.getKey().equalsIgnoreCase(name)) return field.getValue();
        }
        return MissingNode.getInstance();
    }

    /** The first text or number at one of these paths that is not empty. */
    static String first(JsonNode node, List<String> ways) {
        for (var way : ways) {
            var value = path(node, way);
            if (value.has("stringValue")) value = value.get("stringValue");
            if (value.isTextual() && !value.textValue().isBlank())
                return value.textValue().strip();
        }
        return "";
    }

    static boolean hasLevel(JsonNode entry) {
        return LEVELS.stream()
                .anyMatch(way ->
                        path(entry, way).isValueNode() && !path(entry, way).isNull());
    }

    static Level level(JsonNode entry) {
        for (var way : LEVELS) {
            var value = path(entry, way);
            if (value.isObject()) value = value.has("name") ? value.get("name") : MissingNode.getInstance();
            if (value.isTextual()) {
                var word = Level.of(value.textValue().strip());
                if (word != Level.NONE) return word;
                if (!value.textValue().isEmpty()
                        && Chars.digits(value.textValue(), 0)
                                == value.textValue().length()) return ofNumber(entry, way, value.asInt());
            } else if (value.isNumber()) {
                return ofNumber(entry, way, value.asInt());
            }
        }
        return Level.NONE;
    }

    /** The number scales of different loggers. */
    private static Level ofNumber(JsonNode entry, String way, int number) {
        if (way.equals("PRIORITY")) return ofSyslog(number);
        if (way.equals("severityNumber") || way.equals("severity_number")) return scale(number, 13, 17, 21);
        if (way.equals("LogLevel") || way.equals("Level")) return scale(number, 3, 4, 5);
        if (number >= 1_000) return scale(number, 30_000, 40_000, 50_000);
        if (number >= 100) return scale(number, 300, 400, 500);
        if (way.equals("levelno") || entry.has("levelno") || entry.has("funcName")) return scale(number, 30, 40, 50);
        return number < 8 ? ofSyslog(number) : scale(number, 40, 50, 60);
    }

    private static Level ofSyslog(int number) {
        return number <= 2 ? Level.FATAL : number == 3 ? Level.ERROR : number == 4 ? Level.WARN : Level.INFO;
    }

    private static Level scale(int number, int warn, int error, int fatal) {
        return number >= fatal ? Level.FATAL : number >= error ? Level.ERROR : number >= warn ? Level.WARN : Level.INFO;
    }

    /** The texts of a list, each on a line. */
    static String joined(JsonNode lines) {
        var text = new StringBuilder();
        for (var line : lines) {
            if (line.isTextual()) text.append(line.textValue()).append('\n');
        }
        return text.toString();
    }
}
