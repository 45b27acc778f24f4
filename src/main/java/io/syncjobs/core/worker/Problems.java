package io.syncjobs.core.worker;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.syncjobs.core.Limits;
import io.syncjobs.core.Text;
import io.syncjobs.core.run.LooseJson;
import io.syncjobs.core.run.Report;
import io.syncjobs.core.trace.LogError;
import io.syncjobs.core.trace.LogErrors;
import io.syncjobs.core.trace.LogTail;
import io.syncjobs.core.worker.HandlerAnswer.Answered;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Reads an answer that reports a failure. It may be a problem document (RFC 9457), with {@code trace} and {@code resolution} as
 * additional members; an error object as web frameworks write it; a trace as text; or any other text.
 */
final class Problems {
    private static final String NO_TYPE = "about:blank";

    private Problems() {}

    static Report read(Answered answered) {
        var text = Text.clean(LooseJson.bare(Bodies.text(answered))).strip();
        var remarks = new ArrayList<String>();
        if (!answered.whole())
            remarks.add("the handler's answer is longer than " + answered.body().length + " bytes and was cut there");
        if (Bodies.isHtml(answered)) return Report.failing("", title(text), "", "", remarks);
        var object = LooseJson.read(text)
                .filter(LooseJson.Value::whole)
                .map(LooseJson.Value::node)
                .filter(ObjectNode.class::isInstance)
                .map(ObjectNode.class::cast);
        if (object.isPresent()) return ofObject(object.get(), remarks);
        if (answered.contentType().contains("json") && !text.isEmpty())
            remarks.add("the handler's answer calls itself " + Text.cut(Text.clean(answered.contentType()), 60)
                    + " and could not be read as a JSON object");
        return ofText(text, remarks);
    }

    private static Report ofObject(ObjectNode problem, List<String> remarks) {
        var trace = text(problem, "trace").orElse("");
        var read = trace.isEmpty() ? LogError.NONE : LogErrors.read(new LogTail(trace, false));
        var type = text(problem, "type").filter(uri -> !uri.equals(NO_TYPE));
        return Report.failing(
                type.or(() -> text(problem, "exception"))
                        .or(() -> text(problem, "title"))
                        .or(() -> text(problem, "error"))
                        .orElse(read.type()),
                text(problem, "detail")
                        .or(() -> text(problem, "message"))
                        .or(() -> text(problem, "title"))
                        .or(() -> text(problem, "error"))
                        .orElseGet(() -> read.message().isEmpty() ? withoutTrace(problem) : read.message()),
                bottom(trace),
                text(problem, "resolution").orElse(""),
                List.copyOf(remarks));
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

    private static Report ofText(String text, List<String> remarks) {
        var log = LogErrors.read(new LogTail(text, false));
        if (!log.type().isEmpty())
            return Report.failing(log.type(), log.message(), log.trace(), "", List.copyOf(remarks));
        // A text that fits into the message need not be repeated as trace.
        var trace = text.length() <= Limits.MESSAGE_CHARS ? "" : log.trace();
        return Report.failing("", text, trace, "", List.copyOf(remarks));
    }

    private static String bottom(String trace) {
        return new LogError("", "", trace).atMost(Limits.TRACE_BYTES).trace();
    }

    /** The title of an HTML page. */
    private static String title(String page) {
        var lower = page.toLowerCase(Locale.ROOT);
        var open = lower.indexOf("<title");
        var from = open < 0 ? -1 : lower.indexOf('>', open) + 1;
        var to = from <= 0 ? -1 : lower.indexOf("</title", from);
        return to < 0 ? "a page of HTML" : page.substring(from, to).strip();
    }
}
