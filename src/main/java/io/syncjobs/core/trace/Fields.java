package io.syncjobs.core.trace;

import java.util.List;
import java.util.Optional;

/** Fields after a message, as key=value or as an object. Of these only the error is kept. */
final class Fields {
    private static final List<String> REASONS = List.of(
            " error=",
            " err=",
            " exception=",
            " cause=",
            "\terror=",
            " error.message=",
            " exc_info=",
            " exc=",
            ".error=",
            ".err=");

    /** Where the answer of a server says what is wrong. */
    private static final List<String> WHY = List.of(
            "error",
            "err",
            "exception",
            "reason",
            "cause",
            "message",
            "detail",
            "error_description",
            "errorMessage",
            "error/message",
            "error/detail");

    private Fields() {}

    /** The message without its fields, and why. */
    static String told(String whole) {
        var text = withoutNothing(whole);
        var object = object(text);
        if (object.isPresent()) return object.get();
        var begin = begin(text);
        if (begin < 0) return text;
        var said = unquoted(text.substring(0, begin).strip());
        for (var reason : REASONS) {
            var at = text.indexOf(reason, Math.max(0, begin - 1));
            if (at < 0) continue;
            var why = value(text, at + reason.length());
            // A logger of Python whose trace is not written.
            if (why.equals("True")) continue;
            var lead = withoutSign(said);
            return said.isEmpty() || why.contains(lead) ? why : lead.contains(why) ? lead : lead + ": " + why;
        }
        // "the shop answered with status=422": a single pair may be a part of the text.
        if (text.charAt(0) != '"' && begin(" " + text.substring(valueEnd(text, begin))) < 0) return text;
        // "exceeded quota: q, requested: pods=1, used: pods=10": these are the text.
        return said.isEmpty() || said.endsWith(":") ? text : said;
    }

    /** The error that an object behind the message is, where it has a type. */
    static Optional<Header> error(String whole) {
        var text = withoutNothing(whole);
        var brace = brace(text);
        if (brace < 0) return Optional.empty();
        if (text.startsWith("{:", brace)) return ofHash(text, brace);
        return Json.object(text.substring(brace))
                .map(fields -> JsonError.read(fields, 0, Found.Weight.LINE))
                .map(error -> new Header(
                        error.type(),
                        error.message().isEmpty() ? text.substring(0, brace).strip() : error.message()))
                .filter(Header::isException);
    }

    /** Without {@code [] []}: Monolog writes a context and more behind a message, even if there is nothing in them. */
    private static String withoutNothing(String text) {
        var end = text.length();
        while (text.startsWith(" []", end - 3)) end -= 3;
        return text.substring(0, end);
    }

    /** {@code {:exception=>"Type", :message=>"text", …}}: Logstash writes the fields as Ruby inspects them. */
    private static Optional<Header> ofHash(String text, int brace) {
        var type = member(text, brace, "exception");
        var message = member(text, brace, "message");
        if (message.isEmpty()) message = member(text, brace, "error");
        var said = text.substring(0, brace).strip();
        if (message.isEmpty()) return Optional.empty();
        return Optional.of(
                Header.isException(type) ? new Header(type, message) : new Header("", said + ": " + message));
    }

    private static String member(String text, int brace, String name) {
        var lead = ":" + name + "=>";
        var at = text.indexOf(lead, brace);
        return at < 0 || Chars.at(text, at + lead.length()) != '"' ? "" : value(text, at + lead.length());
    }

    private static int brace(String text) {
        var brace = text.endsWith("}") ? text.indexOf("{\"") : -1;
        if (brace < 0 && text.endsWith("}")) brace = text.indexOf('{');
        return brace < 1 || " \t".indexOf(text.charAt(brace - 1)) < 0 ? -1 : brace;
    }

    private static Optional<String> object(String text) {
        var brace = brace(text);
        if (brace < 0) return Optional.empty();
        var said = text.substring(0, brace).strip();
        return Json.object(text.substring(brace)).map(fields -> {
            var why = Json.first(fields, WHY);
            if (why.isEmpty()) why = FieldErrors.withErrors("", fields);
            if (why.isEmpty() && JsonFormat.tellsOfError(fields))
                why = JsonError.read(fields, 0, Found.Weight.LINE).message();
            return why.isEmpty() || said.contains(why) ? said : withoutSign(said) + ": " + why;
        });
    }

    /** Without what parts a text from the fields behind it. */
    private static String withoutSign(String said) {
        if (said.endsWith(" -") || said.endsWith(" |")) return said.substring(0, said.length() - 2);
        return said.endsWith(":") ? said.substring(0, said.length() - 1) : said;
    }

    /** The text with what an object behind it says is wrong; the text as it is if the object does not say that. */
    static String answered(String text) {
        var told = object(text).orElse(text);
        return told.length() > brace(text) ? told : text;
    }

    /** Where the fields begin: at the first word that contains an equals sign. */
    private static int begin(String text) {
        var i = 0;
        if (Chars.at(text, 0) == '"') i = text.indexOf('"', 1) + 1;
        while (i < text.length()) {
            var end = Chars.at(text, i) == '@' ? i + 1 : i;
            while (end < text.length() && (Chars.isWord(text.charAt(end)) || ".-".indexOf(text.charAt(end)) >= 0))
                end++;
            if (end > i
                    && Chars.at(text, end) == '='
                    && i > 0
                    && Chars.at(text, end + 1) != '='
                    && Chars.at(text, end + 1) != ' ') return i;
            while (end < text.length() && text.charAt(end) != ' ') end++;
            i = end + 1;
        }
        return -1;
    }

    /** The position after the first field. */
    private static int valueEnd(String text, int begin) {
        var from = text.indexOf('=', begin) + 1;
        var quoted = Chars.at(text, from) == '"';
        var end = text.indexOf(quoted ? '"' : ' ', quoted ? from + 1 : from);
        return end < 0 ? text.length() : end + (quoted ? 1 : 0);
    }

    private static String value(String text, int from) {
        var quoted = Chars.at(text, from) == '"';
        if (!quoted) {
            // A value without quotes ends where the next field begins.
            var rest = text.substring(from);
            var next = begin(" " + rest);
            return (next < 1 ? rest : rest.substring(0, next - 1)).strip();
        }
        var value = new StringBuilder();
        for (var i = from + 1; i < text.length() && text.charAt(i) != '"'; i++) {
            if (text.charAt(i) == '\\' && i + 1 < text.length()) i++;
            value.append(text.charAt(i));
        }
        return value.toString();
    }

    private static String unquoted(String text) {
        return text.length() > 1 && text.startsWith("\"") && text.endsWith("\"")
                ? text.substring(1, text.length() - 1)
                : text;
    }
}
