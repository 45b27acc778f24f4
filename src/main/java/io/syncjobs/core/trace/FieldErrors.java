package io.syncjobs.core.trace;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/** What is wrong with which field: the list of a validation, in the shapes in which web frameworks write it. */
public final class FieldErrors {
    private static final int MOST = 5;
    private static final int MOST_MEMBERS = 200;
    private static final List<String> LISTS = List.of(
            "errors",
            "violations",
            "invalid-params",
            "invalidParams",
            "fieldErrors",
            "detail",
            "message",
            "details",
            "issues",
            "_embedded",
            "data/params");

    /** These hold what is wrong, and name no field. */
    private static final List<String> ENVELOPES =
            List.of("error", "errors", "json", "data", "non_field_errors", "base");

    /** Lists of words about one field. */
    private static final List<String> SEVERAL = List.of("messages", "message", "errors");

    /** Lists of texts about the whole error. */
    private static final List<String> NO_FIELDS = List.of(
            "trace", "stack", "stackTrace", "stacktrace", "stack_trace", "traceback", "backtrace", "resolution");

    private static final List<String> WORDS =
            List.of("message", "defaultMessage", "msg", "detail", "title", "reason", "description", "error", "text");
    private static final List<String> FIELDS = List.of(
            "field",
            "property",
            "propertyPath",
            "source/pointer",
            "pointer",
            "instancePath",
            "path",
            "param",
            "name",
            "target");

    private FieldErrors() {}

    /** The members of an object that list what is wrong, as one line; empty if it has none. */
    static String of(JsonNode object) {
        for (var name : LISTS) {
            var list = Json.path(object, name);
            // A list of texts is the message itself.
            if (!list.isContainerNode()
                    || (WORDS.contains(name) && list.isArray() && !list.path(0).isObject())) continue;
            var said = text(list);
            if (!said.isEmpty()) return said;
        }
        return isListOfFields(object) ? text(object) : ofErrors(object);
    }

    /** A list of texts in the place of a message, as Nest answers; what the answer says otherwise if there are none. */
    static String listed(JsonNode list, String otherwise) {
        var said = StreamSupport.stream(list.spliterator(), false)
                .limit(MOST)
                .filter(JsonNode::isTextual)
                .map(JsonNode::textValue)
                .collect(Collectors.joining("; "));
        return said.isEmpty() ? otherwise : said;
    }

    /** {@code errors}, {@code userErrors}, {@code o:errorDetails}: what is under a name of errors, and none of an envelope's. */
    private static String ofErrors(JsonNode object) {
        return object.properties().stream()
                .limit(MOST_MEMBERS)
                .filter(one -> one.getValue().isContainerNode() && isOfErrors(one.getKey()))
                .filter(one -> one.getKey().equals("errors")
                        || (one.getValue().isArray() && !ENVELOPES.contains(one.getKey())))
                .map(one -> text(one.getValue()))
                .filter(said -> !said.isEmpty())
                .findFirst()
                .orElse("");
    }

    private static boolean isOfErrors(String name) {
        var small = name.toLowerCase(Locale.ROOT);
        return small.contains("error") || small.equals("violations");
    }

    /** What the object, or an object within it, lists under a name of errors; empty if none does. */
    static String anywhere(JsonNode object) {
        var said = of(object);
        return said.isEmpty() ? within(object) : said;
    }

    /** The same, without the lists that are also used for other things than errors. */
    static String within(JsonNode object) {
        var said = "";
        var rest = new ArrayDeque<>(List.of(object));
        for (var seen = 0; said.isEmpty() && !rest.isEmpty() && seen < MOST_MEMBERS; seen++) {
            var next = rest.removeFirst();
            said = ofErrors(next);
            // Elasticsearch lists what was done, and in some of it an error.
            if (said.isEmpty() && seen > 0 && next.path("error").isObject()) said = words(next.path("error"));
            for (var one : next) if (one.isContainerNode()) rest.addLast(one);
        }
        return said;
    }

    /** {@code {"sku": ["must not be blank"], "lines": [{"price": ["is missing"]}]}}: all members end in lists of texts. */
    private static boolean isListOfFields(JsonNode object) {
        if (NO_FIELDS.stream().anyMatch(object::has)) return false;
        var rest = new ArrayDeque<>(List.of(object));
        var lists = 0;
        for (var seen = 0; !rest.isEmpty() && seen < MOST_MEMBERS; seen++) {
            var next = rest.removeFirst();
            if (isListOfTexts(next)) lists++;
            else if (!next.isContainerNode() || WORDS.stream().anyMatch(next::has)) return false;
            else for (var one : next) rest.addLast(one);
        }
        return object.isObject() && lists > 0;
    }

    private static boolean isListOfTexts(JsonNode value) {
        return value.isArray()
                && !value.isEmpty()
                && StreamSupport.stream(value.spliterator(), false).allMatch(JsonNode::isTextual);
    }

    /** The message, and what is wrong with which field if a member of the object lists that. */
    public static String with(String template, JsonNode object) {
        return joined(Placeholders.filled(template, object.path("parameters")), of(object));
    }

    /** The same of an answer in a log: only what is under a name of errors is meant. */
    static String withErrors(String message, JsonNode object) {
        return joined(message, ofErrors(object));
    }

    private static String joined(String message, String fields) {
        if (fields.isEmpty() || message.contains(fields) || message.startsWith("{")) return message;
        if (fields.contains(message)) return fields;
        var end = message.endsWith(".") ? message.length() - 1 : message.length();
        return message.substring(0, end) + ": " + fields;
    }

    private static boolean isEnvelope(String name) {
        return ENVELOPES.contains(name) || name.toLowerCase(Locale.ROOT).contains("error");
    }

    private record Member(String field, JsonNode value) {}

    /** {@code sku: has already been taken; price: must not be empty}. */
    static String text(JsonNode errors) {
        var said = new ArrayList<String>();
        var rest = new ArrayDeque<>(List.of(new Member("", errors)));
        for (var seen = 0; !rest.isEmpty() && said.size() < MOST && seen < MOST_MEMBERS; seen++) {
            var next = rest.removeFirst();
            var value = next.value();
            var words = value.isObject() ? words(value) : "";
            if (value.isTextual()) {
                add(next.field(), value.textValue().strip(), said);
            } else if (value.isArray()) {
                for (var one : value) rest.addLast(new Member(next.field(), one));
            } else if (!words.isEmpty()) {
                add(next.field().isEmpty() ? field(value) : next.field(), words, said);
            } else {
                value.properties()
                        .forEach(one -> rest.addLast(
                                new Member(isEnvelope(one.getKey()) ? next.field() : one.getKey(), one.getValue())));
            }
        }
        return String.join("; ", said);
    }

    private static String words(JsonNode error) {
        var one = Json.first(error, WORDS);
        if (!one.isEmpty()) return Placeholders.filled(one, error.path("parameters"));
        return SEVERAL.stream()
                .map(error::path)
                .filter(FieldErrors::isListOfTexts)
                .findFirst()
                .map(list -> String.join("; ", texts(list)))
                .orElse("");
    }

    private static List<String> texts(JsonNode list) {
        return StreamSupport.stream(list.spliterator(), false)
                .limit(MOST)
                .map(JsonNode::asText)
                .toList();
    }

    private static void add(String field, String words, List<String> said) {
        if (words.isEmpty()) return;
        var line = LogText.onOneLine(words.endsWith(".") ? words.substring(0, words.length() - 1) : words);
        said.add(field.isEmpty() || line.contains(field) ? line : field + ": " + line);
    }

    private static String field(JsonNode error) {
        var way = Json.path(error, "loc");
        if (!way.isArray()) way = Json.path(error, "path");
        if (!way.isArray()) way = Json.path(error, "field");
        if (!way.isArray()) {
            var name = Json.first(error, FIELDS);
            return name.substring(name.lastIndexOf('/') + 1);
        }
        return StreamSupport.stream(way.spliterator(), false)
                .map(JsonNode::asText)
                .collect(Collectors.joining("."));
    }
}
