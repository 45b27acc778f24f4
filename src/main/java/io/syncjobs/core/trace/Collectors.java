package io.syncjobs.core.trace;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Removes from each line what a collector of logs has put around it: a JSON object, or a prefix with time and stream. */
final class Collectors {
    /** The container runtime splits lines at this length. */
    private static final int PART = 16_000;

    private static final List<String> TEXTS = List.of("log", "message", "MESSAGE", "msg", "line");
    private static final List<String> MARKS = List.of(
            "stream", "kubernetes", "container_name", "container_id", "source_type", "docker", "_HOSTNAME", "tag");

    private static final List<String> MESSAGES = List.of("msg", "message", "short_message", "log", "event");
    private static final List<String> ERRORS = List.of("err", "error", "exception", "stack", "stack_trace", "thrown");
    private static final List<String> FRAMES =
            List.of("\"\\tat ", "\"    at ", "\"   at ", "\"  File \\\"", "\"\\tfrom ", "\"\\t/");

    /** Time, host, application, process and id of the message. */
    private static final int SYSLOG_FIELDS = 5;

    /** Supercronic logs each line of the command that it runs. */
    private static final String CHANNEL = " channel=std";

    private static final String CHILD = " said into std";
    private static final String NOTICE = "NOTICE: PHP message: ";

    private Collectors() {}

    static List<String> unwrap(List<String> lines) {
        var plain = new ArrayList<String>(lines.size());
        var part = new StringBuilder();
        var changed = false;
        var each = lines.stream().anyMatch(Collectors::isFrame);
        for (var line : lines) {
            var content = each ? message(line).or(() -> content(line)) : content(line);
            changed |= content.isPresent();
            var text = content.orElse(line);
            if (content.isPresent() && text.length() >= PART && !text.endsWith("\n")) {
                part.append(text);
            } else {
                part.append(text);
                LogText.plain(part.toString()).lines().forEach(plain::add);
                if (part.isEmpty()) plain.add("");
                part.setLength(0);
            }
        }
        LogText.plain(part.toString()).lines().forEach(plain::add);
        return changed ? plain : lines;
    }

    /** {@code "msg":"\tat shop.Push.run(Push.java:3)"}: a frame with a level. Then a logger got each line of a trace. */
    private static boolean isFrame(String line) {
        return line.contains(CHANNEL)
                || FRAMES.stream()
                        .map(line::indexOf)
                        .anyMatch(at ->
                                at > 0 && (":=".indexOf(line.charAt(at - 1)) >= 0 || line.startsWith(": ", at - 2)));
    }

    /** Level and message of an entry, as JSON or as logfmt, that tells of no error beside it. */
    private static Optional<String> message(String line) {
        var entry = line.startsWith("{")
                ? Json.object(line)
                : line.contains(" msg=\"") ? Optional.of(LogfmtFormat.parse(line)) : Optional.<JsonNode>empty();
        return entry.filter(fields -> Json.hasLevel(fields) && ERRORS.stream().noneMatch(fields::has))
                .flatMap(fields -> MESSAGES.stream()
                        .map(fields::path)
                        .filter(JsonNode::isTextual)
                        // The level of a line of a child is none of its own.
                        .map(text -> (line.contains(CHANNEL) ? "" : "[" + Json.level(fields) + "] ") + text.textValue()
                                + "\n")
                        .findFirst());
    }

    private static Optional<String> content(String line) {
        if (line.startsWith("{")) return fromJson(line);
        if (line.startsWith("<")) return fromSyslog(line);
        return line.indexOf(CHILD) > 0 ? fromChild(line) : fromStream(line).or(() -> fromMachine(line));
    }

    /** {@code 2031-03-02T04:10:07Z app[148e2d] cdg [info]text}: Fly's machine, its region, and the level of the stream. */
    private static Optional<String> fromMachine(String line) {
        var app = Chars.find(line, " app[", 18, 20);
        var region = app < 0 ? -1 : Chars.find(line, "] ", app, 40) + 2;
        if (region < 2 || !line.startsWith(" [", region + 3)) return Optional.empty();
        var end = Chars.find(line, "]", region, 16);
        return end < 0 ? Optional.empty() : Optional.of(line.substring(end + 1) + "\n");
    }

    /** {@code … [pool www] child 7 said into stderr: "text"}: PHP-FPM's master about its children. */
    private static Optional<String> fromChild(String line) {
        var open = line.indexOf(": \"", line.indexOf(CHILD));
        var close = line.lastIndexOf('"');
        if (open < 0 || close < open + 3) return Optional.empty();
        var text = line.substring(open + 3, close);
        return Optional.of((text.startsWith(NOTICE) ? text.substring(NOTICE.length()) : text) + "\n");
    }

    /** {@code <11>1 time host app process id - text}, or {@code <11>time app: text}: of a syslog as it is sent. */
    private static Optional<String> fromSyslog(String line) {
        var close = Chars.digits(line, 1);
        if (close == 1 || close > 4 || Chars.at(line, close) != '>') return Optional.empty();
        // A program tells systemd the level of a line by the severity alone.
        if ((Chars.isUpper(Chars.at(line, close + 1)) && Chars.at(line, close + 4) == ' ')
                || (close == 2 && line.charAt(1) < '8' && line.indexOf('<', 1) < 0))
            return Optional.of(level(line.substring(1, close)) + line.substring(close + 1) + "\n");
        if (!line.startsWith(">1 ", close)) return Optional.empty();
        var at = close + 2;
        for (var i = 0; i < SYSLOG_FIELDS && at > 0; i++) at = line.indexOf(' ', at + 1);
        if (at < 0 || Chars.at(line, at + 1) != '-') return Optional.empty();
        return Optional.of(line.substring(Math.min(line.length(), at + 3)) + "\n");
    }

    /** The priority is the facility and the severity, of which the lowest is the worst. */
    private static String level(String priority) {
        var severity = Integer.parseInt(priority) % 8;
        return severity < 4 ? "[ERROR] " : severity == 4 ? "[WARN] " : "";
    }

    /** {@code 2031-03-02T04:10:07.411111111Z stderr F text}: the form in which a container runtime stores a line. */
    private static Optional<String> fromStream(String line) {
        if (!Chars.isDigit(Chars.at(line, 0)) || Chars.at(line, 10) != 'T') return Optional.empty();
        var stream = Math.max(Chars.find(line, " stdout ", 18, 30), Chars.find(line, " stderr ", 18, 30));
        if (stream < 0) return Optional.empty();
        var tag = Chars.at(line, stream + 8);
        if ("FP".indexOf(tag) < 0 || Chars.at(line, stream + 9) != ' ') return Optional.empty();
        return Optional.of(line.substring(stream + 10) + (tag == 'F' ? "\n" : ""));
    }

    private static Optional<String> fromJson(String line) {
        // The level that a journal gives is that of the stream.
        return Json.object(line)
                .filter(json -> !Json.hasLevel(json) || json.has("__REALTIME_TIMESTAMP"))
                .flatMap(Collectors::fromObject);
    }

    private static Optional<String> fromObject(JsonNode json) {
        var marked = MARKS.stream().anyMatch(json::has);
        for (var name : TEXTS) {
            var text = json.path(name);
            if (text.isTextual() && (marked || name.equals("log"))) return Optional.of(text.textValue());
        }
        return Optional.empty();
    }
}
