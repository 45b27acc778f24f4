package io.syncjobs.core.trace;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Optional;

/** The error in one JSON object of a logger. */
final class JsonError {
    private static final List<String> OBJECTS = List.of(
            "err",
            "error/data",
            "error",
            "exception",
            "throwable",
            "thrown",
            "context/exception",
            "context/error",
            "record/exception",
            "fields/error",
            "exc_info",
            "error_detail",
            "Exception",
            "attributes/exception",
            "extra/exception",
            "ExceptionDetail",
            "Properties/ExceptionDetail",
            "metadata/error",
            "cause",
            "data/error",
            "error/exception",
            "trace/error",
            // tslog numbers what it is given.
            "0",
            "1",
            "2");
    private static final List<String> TYPES = List.of(
            "type",
            "exc_type",
            "exceptionType",
            "errorType",
            "exception_class",
            "className",
            "class",
            "name",
            "kind",
            "Type",
            "ClassName",
            "exception.type",
            "error.type");
    private static final List<String> MESSAGES = List.of(
            "message",
            "message/value",
            "errorMessage",
            "exc_value",
            "internal_message",
            "exception_message",
            "msg",
            "value",
            "Message",
            "detail",
            "description",
            "reason",
            "exceptionMessage",
            "exception.message",
            "error.message");
    private static final List<String> STACKS = List.of(
            "stack_trace",
            "stack",
            "stacktrace",
            "stackTrace",
            "StackTrace",
            "extendedStackTrace",
            "error.stack_trace",
            "exception.stacktrace",
            "attributes/exception.stacktrace",
            "error.stack",
            "exc_info",
            "exc_text",
            "exception",
            "thrown",
            "traceback",
            "debug",
            "backtrace",
            "trace",
            "@x",
            "Exception",
            "full_message",
            "errorVerbose",
            "error",
            "err",
            "text",
            "details",
            "message",
            "msg",
            "event",
            "short_message",
            "Message",
            "log",
            "fields/message",
            "jsonPayload/message",
            "textPayload");
    private static final List<String> WORDS = List.of(
            "message",
            "msg",
            "event",
            "short_message",
            "@m",
            "@message",
            "Message",
            "RenderedMessage",
            "@mt",
            "MessageTemplate",
            "fields/message",
            "record/message",
            "jsonPayload/message",
            "textPayload",
            "text",
            "body",
            "log",
            "detail",
            "title",
            "M");
    private static final List<String> REASONS = List.of(
            "error_description",
            "error",
            "err",
            "exception",
            "reason",
            "fields/error",
            "fields/err",
            "error_message",
            "errorMessage",
            "error.message",
            "exc",
            "panic",
            "errors",
            "errors/0",
            "errors/0/message",
            "errors/0/detail",
            "errors/0/title",
            "fault/faultstring");
    private static final List<String> FLAT_TYPES = List.of(
            "error.type",
            "exception.type",
            "attributes/exception.type",
            "exception_class",
            "exc_type",
            "exceptionType",
            "errorType");
    private static final List<String> FLAT_MESSAGES = List.of(
            "error.message",
            "exception.message",
            "attributes/exception.message",
            "exception_message",
            "exceptionMessage",
            "errorMessage",
            "exc_value");
    private static final int CAUSES = 20;

    private JsonError() {}

    /** The error of an entry; its type is empty where it has none. */
    static Found read(JsonNode entry, int line, Found.Weight weight) {
        var stack = stack(entry);
        var object = object(entry);
        if (object.isPresent()) return ofObject(object.get(), stack, line, weight);
        var pair = pair(Json.path(entry, "exception"));
        if (pair.isPresent())
            return new Found(line, weight, pair.get().type(), pair.get().message(), "");
        var flat = new Header(Json.first(entry, FLAT_TYPES), Json.first(entry, FLAT_MESSAGES));
        if (!flat.type().isEmpty()) return withStack(flat, stack, line, weight);
        var named = Json.first(entry, List.of("type", "class", "name", "error"));
        if (stack.isEmpty() && Header.isException(named) && named.indexOf(' ') < 0 && named.indexOf('/') < 0)
            return new Found(line, weight, named, Json.first(entry, MESSAGES), "");
        if (stack.isPresent() && !stack.get().type().isEmpty())
            return whole(stack.get(), entry).at(line, weight);
        return Found.line(line, weight, words(entry))
                .withTrace(Json.first(entry, STACKS).indexOf('\n') < 0 ? "" : Json.first(entry, STACKS));
    }

    /** Some name only the type of the error, and have its message in that of the entry. */
    private static Found whole(Found stack, JsonNode entry) {
        var bare = stack.message().isEmpty() && stack.trace().equals(stack.type());
        return bare ? stack.withMessage(firstLine(Json.first(entry, WORDS))) : stack;
    }

    /** {@code ["ShopError", "order 7 is locked"]}: Rails notes an error so. */
    private static Optional<Header> pair(JsonNode value) {
        if (!value.isArray() || value.size() != 2) return Optional.empty();
        var pair = new Header(value.path(0).asText(), value.path(1).asText());
        return Optional.of(pair).filter(one -> one.isException() && one.type().indexOf(' ') < 0);
    }

    private static Optional<JsonNode> object(JsonNode entry) {
        for (var way : OBJECTS) {
            var value = Json.path(entry, way);
            if (value.isArray()) value = value.path(0);
            if (!value.isObject()) continue;
            if (value.path("exception").isObject()) value = value.path("exception");
            var type = Json.first(value, TYPES);
            if (!type.isEmpty() || !Json.first(value, MESSAGES).isEmpty()) return Optional.of(value);
        }
        return Optional.empty();
    }

    private static Found ofObject(JsonNode object, Optional<Found> outer, int line, Found.Weight weight) {
        var header = new Header(Json.first(object, TYPES), Json.first(object, MESSAGES));
        var inner = stack(object);
        var stack = inner.isPresent() ? inner : outer;
        var cause = cause(object);
        if (cause.isEmpty()) return withStack(header, stack, line, weight);
        var trace = stack.map(Found::trace).orElse("");
        return new Found(line, weight, header.type(), header.message(), trace).causedBy(cause.get());
    }

    /** The stack of the same error has its cause too. The stack of another error says less than the object. */
    private static Found withStack(Header header, Optional<Found> stack, int line, Found.Weight weight) {
        var plain = new Found(
                line,
                weight,
                header.type(),
                header.message(),
                stack.map(Found::trace).orElse(""));
        if (stack.isEmpty() || stack.get().type().isEmpty()) return plain;
        var read = stack.get();
        if (header.type().isEmpty() || header.message().isEmpty()) return read.at(line, weight);
        if (!read.message().startsWith(header.message())) return plain;
        // Some loggers write a nested class with a dot in the field, and with a dollar sign in the stack.
        var same = read.type().replace('$', '.').equals(header.type().replace('$', '.'));
        return same ? read.at(line, weight) : plain.withMessage(read.message());
    }

    /** The last cause in the chain of causes. */
    private static Optional<Header> cause(JsonNode error) {
        var at = error;
        var found = false;
        for (var i = 0; i < CAUSES; i++) {
            var next = at.path("causedBy").path("exception");
            for (var name : List.of("cause", "previous", "inner", "InnerException", "causedBy")) {
                if (!next.isObject()) next = Json.path(at, name);
            }
            if (!next.isObject()) break;
            at = next;
            found = true;
        }
        var cause = new Header(Json.first(at, TYPES), Json.first(at, MESSAGES));
        return found && !(cause.type().isEmpty() && cause.message().isEmpty()) ? Optional.of(cause) : Optional.empty();
    }

    /** The error in the first text of several lines that contains one. */
    private static Optional<Found> stack(JsonNode node) {
        for (var way : STACKS) {
            var value = Json.path(node, way);
            if (!value.isTextual() && !value.isArray()) continue;
            var text = value.isArray() ? Json.joined(value) : value.textValue();
            var found = ofText(text);
            if (found.isPresent()) return found;
        }
        return Optional.empty();
    }

    private static Optional<Found> ofText(String text) {
        var header = Header.of(firstLine(text)).filter(Header::isException);
        if (text.indexOf('\n') < 0) {
            return header.or(() -> ElixirFormat.header(text).or(() -> LineMessage.written(text)))
                    .map(one -> Found.block(0, withoutFrames(one)).withTrace(text));
        }
        var found = LogErrors.blockOf(LogText.plain(text));
        return found.map(block -> block.withTrace(text));
    }

    /** Some loggers put a whole trace on one line. */
    private static Header withoutFrames(Header header) {
        var frame = header.message().indexOf("   at ");
        return frame < 0
                ? header
                : new Header(header.type(), header.message().substring(0, frame).strip());
    }

    /** The message of an entry. An answer, other than the line of a logger, may list what is wrong with which field. */
    private static String words(JsonNode entry) {
        var said = saidAndWhy(entry);
        return said.isEmpty() || Json.hasLevel(entry) ? said : FieldErrors.withErrors(said, entry);
    }

    /** The message, with the cause if another field has it. */
    private static String saidAndWhy(JsonNode entry) {
        var said = firstLine(Placeholders.filled(Json.first(entry, WORDS), Json.path(entry, "parameters")));
        var why = firstLine(Json.first(entry, REASONS));
        if (said.isEmpty() && entry.path("message").isArray()) return FieldErrors.listed(entry.path("message"), why);
        if (said.isEmpty() && why.isEmpty()) return FieldErrors.anywhere(entry);
        if (said.isEmpty() || said.contains(why)) return said.isEmpty() ? why : said;
        return why.contains(said) ? why : said + ": " + why;
    }

    private static String firstLine(String text) {
        var end = text.strip().indexOf('\n');
        return end < 0 ? text.strip() : text.strip().substring(0, end).strip();
    }
}
