package io.syncjobs.core.trace;

import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** {@code some.package.Type: message}, with an optional message. Nearly all runtimes name errors like this. */
record Header(String type, String message) {
    private static final int LONGEST_TYPE = 256;
    private static final String[] ENDS = {
        "Exception", "Error", "Throwable", "Failure", "Fault", "Refused", "Rejection", "Timeout", "Expired", "Denied"
    };
    private static final Set<String> NAMED = Set.of(
            "KeyboardInterrupt",
            "SystemExit",
            "StopIteration",
            "StopAsyncIteration",
            "GeneratorExit",
            "ExceptionGroup",
            "BaseExceptionGroup",
            "Interrupt");

    private static final Set<String> LABELS = Set.of("exception", "error", "rejection", "failure");

    /** A line that consists of a header only. */
    static Optional<Header> of(String line) {
        var end = typeEnd(line, 0);
        if (end == 0) return Optional.empty();
        var type = line.substring(0, end);
        var colon = colonOf(line, end, type);
        var code = Chars.at(line, end + 1) == '[' && colon > end ? line.substring(end + 2, colon - 1) : "";
        if (colon == line.length()) return Optional.of(new Header(type, code));
        if (isOfParser(line, colon, type))
            return Optional.of(new Header(type, line.substring(colon + 2).strip()));
        if (line.charAt(colon) != ':') return Optional.empty();
        if (colon + 1 < line.length() && line.charAt(colon + 1) != ' ') return Optional.empty();
        var message = line.substring(colon + 1).strip();
        return Optional.of(new Header(type, message.isEmpty() ? code : message));
    }

    /** The position of the colon behind the name. Some of .NET write a blank before it: {@code Shop.Sync.CosmosException : text}. */
    private static int colonOf(String line, int end, String type) {
        var spaced = line.startsWith(" : ", end) && type.indexOf('.') > 0 && isNamedAsError(type);
        return spaced ? end + 1 : afterCode(line, end);
    }

    /** {@code org.xml.sax.SAXParseException; lineNumber: 12; text}. */
    private static boolean isOfParser(String line, int end, String type) {
        return line.startsWith("; ", end) && type.indexOf('.') > 0 && isNamedAsError(type);
    }

    /** A header after other words: loggers put the error on the same line as their message. */
    static Optional<Header> within(String line) {
        for (var i = 0; i < line.length() && i < 2_000; i++) {
            if (i > 0 && " \t|:".indexOf(line.charAt(i - 1)) < 0) continue;
            var end = typeEnd(line, i);
            if (end == i) continue;
            var followed = afterCode(line, end);
            var type = line.substring(i, end);
            if (followed < line.length() && line.charAt(followed) != ':' && !isOfParser(line, followed, type)) continue;
            // "StackTrace:shop.ExportError: text": without a blank, only a name with a package is one.
            if (i > 0 && line.charAt(i - 1) == ':' && !(type.indexOf('.') > 0 && isNamedAsError(type))) continue;
            // At the end of a text, a class is often what the text is about: "of class: shop.Client".
            var alone = followed == line.length() && i > 0;
            if (alone ? isNamedAsError(type) : isException(type))
                return of(line.substring(i)).map(Header::behindLabel);
            i = end - 1;
        }
        return Optional.empty();
    }

    /** {@code Exception: ShopError: order 7 is locked}, behind a word such as Uncaught: the first name is none of an error. */
    Header behindLabel() {
        return LABELS.contains(type.toLowerCase(Locale.ROOT))
                ? of(message).filter(one -> isNamedAsError(one.type())).orElse(this)
                : this;
    }

    /** {@code shop.StartException in service prices: text}: some errors tell of themselves without a colon behind their name. */
    static Optional<Header> withText(String line) {
        for (var i = line.indexOf(' ') + 1; i > 0 && i < 2_000; i = line.indexOf(' ', i) + 1) {
            var end = typeEnd(line, i);
            var type = line.substring(i, end);
            if (Chars.at(line, end) == ' ' && type.indexOf('.') > 0 && isNamedAsError(type))
                return Optional.of(new Header(type, line.substring(end).strip()));
        }
        return Optional.empty();
    }

    /** {@code order 7 is locked (ShopError)}: an error as Ruby prints it, without a place. */
    static Optional<Header> behind(String text) {
        var open = text.endsWith(")") ? text.lastIndexOf(" (") : -1;
        if (open < 1) return Optional.empty();
        var type = text.substring(open + 2, text.length() - 1);
        return isNamedAsError(type)
                        && Chars.isUpper(type.charAt(0))
                        && of(type).filter(one -> one.message().isEmpty()).isPresent()
                ? Optional.of(new Header(type, text.substring(0, open).strip()))
                : Optional.empty();
    }

    /** {@code [shop.ExportError] order 7 is locked}: an error as CakePHP logs it. */
    static Optional<Header> inBrackets(String text) {
        var end = text.startsWith("[") ? typeEnd(text, 1) : 0;
        var type = end == 0 ? "" : text.substring(1, end);
        return text.startsWith("] ", end) && type.chars().anyMatch(c -> ".:\\".indexOf(c) >= 0) && isNamedAsError(type)
                ? Optional.of(new Header(type, PhpFormat.withoutPlace(text.substring(end + 2))))
                : Optional.empty();
    }

    /** {@code #<ShopError: order 7 is locked>}: an error as Ruby inspects it. */
    static Optional<Header> inspected(String text) {
        var open = text.indexOf("#<");
        var close = open < 0 ? -1 : closing(text, open);
        return open < 0 || close < open
                ? Optional.empty()
                : of(text.substring(open + 2, close)).filter(Header::isException);
    }

    /** The sign that closes the one after the hash; the last of them if they do not match. */
    private static int closing(String text, int open) {
        var depth = 0;
        for (var i = open; i < text.length(); i++) {
            if (text.charAt(i) == '<') depth++;
            else if (text.charAt(i) == '>' && "=-".indexOf(text.charAt(i - 1)) < 0 && --depth == 0) return i;
        }
        return text.lastIndexOf('>');
    }

    /** True for a name that only an error has. */
    boolean isException() {
        return isException(type);
    }

    static boolean isException(String whole) {
        if (isNamedAsError(whole)) return true;
        var type = withoutArguments(whole);
        var last = Math.max(type.lastIndexOf('.'), Math.max(type.lastIndexOf('$'), type.lastIndexOf(':')));
        last = Math.max(last, type.lastIndexOf('\\'));
        return last > 0 && Chars.isUpper(Chars.at(type, last + 1)) && hasLower(type, last + 2);
    }

    static boolean isNamedAsError(String whole) {
        var type = withoutArguments(whole);
        if (NAMED.contains(type)) return true;
        // RSpec's label for what was checked.
        if (type.equals("Failure/Error")) return false;
        for (var end : ENDS) {
            if (type.endsWith(end) && type.length() > 4) return true;
        }
        return false;
    }

    private static String withoutArguments(String type) {
        var tick = type.indexOf('`');
        return tick < 0 ? type : type.substring(0, tick);
    }

    /** Names of files and hosts contain dots too: {@code Orders.CSV}. */
    private static boolean hasLower(String type, int from) {
        return from >= type.length() || type.substring(from).chars().anyMatch(c -> c >= 'a' && c <= 'z');
    }

    /** The position after the name that begins here; the same position if none does. */
    private static int typeEnd(String line, int from) {
        var first = Chars.at(line, from);
        if (!Chars.isUpper(first) && !Chars.isLower(first) && first != '_' && first != '$' && first != '\\')
            return from;
        var i = from;
        while (i < line.length() && i - from < LONGEST_TYPE) {
            var c = line.charAt(i);
            var next = Chars.at(line, i + 1);
            if (c == ':' && next == ':' && Chars.isWord(Chars.at(line, i + 2))) i += 2;
            else if ((c == '.' || c == '\\' || c == '$' || c == '-' || c == '/') && isNamePart(next)) i++;
            else if (isNamePart(c)) i++;
            else break;
        }
        return i > from && Chars.at(line, i) == '[' ? argumentsEnd(line, from, i) : i;
    }

    /** {@code FaultException`1[Shop.Fault]}: .NET names the arguments of a generic type. */
    private static int argumentsEnd(String line, int from, int open) {
        if (Chars.find(line, "`", from, open - from) < 0) return open;
        var depth = 0;
        for (var i = open; i < line.length() && i - from < LONGEST_TYPE; i++) {
            if (line.charAt(i) == '[') depth++;
            else if (line.charAt(i) == ']' && --depth == 0) return i + 1;
        }
        return open;
    }

    private static boolean isNamePart(char c) {
        return Chars.isWord(c) || c == '$' || c == '<' || c == '>' || c == '`' || (c > 0x00BF && Character.isLetter(c));
    }

    /** The position after {@code [CODE]} of Node or {@code (0x…)} of .NET, which stand between name and message. */
    private static int afterCode(String line, int from) {
        var open = Chars.at(line, from + 1);
        if (Chars.at(line, from) != ' ') return from;
        if (open != '[' && !(open == '(' && Chars.isDigit(Chars.at(line, from + 2)))) return from;
        var end = Chars.find(line, open == '[' ? "]" : ")", from, 64);
        return end < 0 || line.substring(from + 2, end).indexOf(' ') >= 0 ? from : end + 1;
    }
}
