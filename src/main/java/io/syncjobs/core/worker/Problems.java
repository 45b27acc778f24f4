package io.syncjobs.core.worker;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.syncjobs.core.Limits;
import io.syncjobs.core.Text;
import io.syncjobs.core.run.LooseJson;
import io.syncjobs.core.run.Report;
import io.syncjobs.core.trace.ErrorObject;
import io.syncjobs.core.trace.FieldErrors;
import io.syncjobs.core.trace.LogError;
import io.syncjobs.core.trace.LogErrors;
import io.syncjobs.core.trace.LogTail;
import io.syncjobs.core.worker.HandlerAnswer.Answered;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.StreamSupport;

/**
 * Reads an answer that reports a failure. It may be a problem document (RFC 9457), with {@code trace} and {@code resolution} as
 * additional members; an error object as web frameworks write it; a trace as text; or any other text.
 */
final class Problems {
    private static final String NO_TYPE = "about:blank";

    /** .NET writes these names with a capital, unless it is told not to. */
    private static final List<String> CAPITALS = List.of("Type", "Title", "Detail", "Trace", "Resolution");

    private static final String WERKZEUG = " // Werkzeug Debugger";

    private Problems() {}

    static Report read(Answered answered) {
        var text = Text.clean(LooseJson.bare(Bodies.text(answered))).strip();
        var remarks = new ArrayList<String>();
        if (!answered.whole())
            remarks.add("the handler's answer is longer than " + answered.body().length + " bytes and was cut there");
        if (Page.isOne(text, Bodies.isOf(answered, "html"))) return ofPage(Page.of(text), remarks);
        var value = LooseJson.read(text)
                .filter(LooseJson.Value::whole)
                .map(LooseJson.Value::node)
                .or(() -> answered.whole() ? Optional.empty() : LooseJson.closed(text));
        var words = value.filter(Problems::isWords).map(LooseJson::text);
        if (words.isPresent()) return ofText(Text.clean(words.get()).strip(), remarks);
        var object = value
                // Some APIs answer with a list of errors.
                .map(node -> node.isArray() && node.path(0).isObject() ? node.path(0) : node)
                .filter(ObjectNode.class::isInstance)
                .map(ObjectNode.class::cast);
        if (object.isPresent()) return ofObject(object.get(), remarks);
        if (Bodies.isOf(answered, "x-www-form-urlencoded")) return ofObject(Forms.read(text), remarks);
        if (Bodies.isOf(answered, "json") && !text.isEmpty())
            remarks.add("the handler's answer calls itself " + Text.cut(Text.clean(answered.contentType()), 60)
                    + " and could not be read as a JSON object");
        return Bodies.isOf(answered, "problem+xml") ? ofXml(text, remarks) : ofText(text, remarks);
    }

    /** A text, or a list of texts. */
    private static boolean isWords(JsonNode value) {
        return value.isTextual() || (value.isArray() && value.path(0).isTextual() && isPlain(value));
    }

    /** RFC 9457 knows a problem document in XML too. */
    private static Report ofXml(String text, List<String> remarks) {
        var detail = Page.element(text, "detail");
        var message = detail.isEmpty() ? Page.element(text, "title") : detail;
        return message.isEmpty()
                ? ofText(text, remarks)
                : Report.failing(
                        Page.element(text, "type").replace(NO_TYPE, ""),
                        message,
                        bottom(Page.element(text, "trace")),
                        Page.element(text, "resolution"),
                        List.copyOf(remarks));
    }

    private static Report ofObject(ObjectNode problem, List<String> remarks) {
        for (var name : CAPITALS) {
            var small = name.toLowerCase(Locale.ROOT);
            if (problem.has(name) && !problem.has(small)) problem.set(small, problem.remove(name));
        }
        var trace = text(problem, "trace").orElse("");
        var stack = trace.isEmpty() ? LogError.NONE : LogErrors.read(new LogTail(trace, false));
        var other = ErrorObject.read(problem);
        var message = FieldErrors.with(
                words(problem, "detail")
                        .or(() -> words(problem, "message"))
                        .or(() -> filled(other.type()).flatMap(type -> filled(other.message())))
                        .or(() -> words(problem, "title"))
                        .or(() -> words(problem, "error_description"))
                        .or(() -> words(problem, "error").filter(text -> !text.equals("true")))
                        .or(() -> filled(stack.message()))
                        .or(() -> filled(other.message()))
                        .orElseGet(() -> withoutTrace(problem)),
                problem);
        var type = words(problem, "type")
                .filter(uri -> !uri.equals(NO_TYPE))
                .or(() ->
                        named(problem, "exception").filter(name -> name.chars().noneMatch(Character::isWhitespace)))
                .or(() -> filled(other.type()))
                .or(() -> words(problem, "title"))
                // Where it is all that is said, it is the message.
                .or(() -> named(problem, "error").filter(error -> !error.equals(message)))
                .orElse(stack.type());
        return Report.failing(
                type, message, bottom(trace), text(problem, "resolution").orElse(""), List.copyOf(remarks));
    }

    /** The words of a member; a list of texts counts as lines. */
    private static Optional<String> words(JsonNode problem, String name) {
        var value = problem.path(name);
        return isPlain(value) && !value.isObject() ? text(problem, name) : Optional.empty();
    }

    private static boolean isPlain(JsonNode value) {
        return !value.isContainerNode()
                || StreamSupport.stream(value.spliterator(), false).allMatch(JsonNode::isTextual);
    }

    /** The text of a member that may be a flag or a number instead. */
    private static Optional<String> named(JsonNode problem, String name) {
        return problem.path(name).isTextual() ? text(problem, name) : Optional.empty();
    }

    private static Optional<String> filled(String text) {
        return Optional.of(text).filter(one -> !one.isEmpty());
    }

    /** The whole problem as text, for a problem without a message. If it has only a trace, the text is empty. */
    private static String withoutTrace(ObjectNode problem) {
        if (!problem.has("trace")) return problem.toString();
        var rest = problem.deepCopy().without("trace");
        return rest.isEmpty() ? "" : rest.toString();
    }

    /** The text of a member; empty if it is missing, null or blank. */
    private static Optional<String> text(JsonNode problem, String name) {
        var text = LooseJson.text(problem.path(name)).strip();
        return text.isEmpty() ? Optional.empty() : Optional.of(text);
    }

    /** A framework prints the trace into its page. Without one the title says most. */
    private static Report ofPage(Page page, List<String> remarks) {
        var log = LogErrors.read(new LogTail(page.preformatted(), false));
        if (!log.type().isEmpty())
            return Report.failing(log.type(), log.message(), log.trace(), "", List.copyOf(remarks));
        var title = page.said().endsWith(WERKZEUG)
                ? LogErrors.read(
                        new LogTail(page.said().substring(0, page.said().length() - WERKZEUG.length()), false))
                : LogError.NONE;
        if (!title.type().isEmpty()) return Report.failing(title.type(), title.message(), "", "", List.copyOf(remarks));
        return Report.failing(page.type(), page.told(), "", "", List.copyOf(remarks));
    }

    private static Report ofText(String text, List<String> remarks) {
        var log = LogErrors.read(new LogTail(text, false));
        var markup = text.startsWith("<") && !log.message().isEmpty();
        if (markup || !log.type().isEmpty())
            return Report.failing(log.type(), log.message(), log.trace(), "", List.copyOf(remarks));
        // A text that fits into the message need not be repeated as trace.
        var trace = text.length() <= Limits.MESSAGE_CHARS ? "" : log.trace();
        return Report.failing("", text, trace, "", List.copyOf(remarks));
    }

    private static String bottom(String trace) {
        return new LogError("", "", trace).atMost(Limits.TRACE_BYTES).trace();
    }
}
