package io.syncjobs.it;

import io.syncjobs.cluster.Images;
import io.syncjobs.cluster.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * An object as somebody may send it, byte by byte, and what must come of it: a line of a file in bad-input.
 *
 * @param outcome {@code refused}, {@code accepted}, {@code done}, or a reason
 * @param words what the refusal or the job's message must contain
 * @param body the request's body, which need not be JSON
 */
record BadObject(String kind, String name, String outcome, List<String> words, String body) {
    private static final Path FOLDER = Path.of("src", "test", "resources", "bad-input");
    private static final Pattern MACRO =
            Pattern.compile("\\$\\{(repeat|deep|container|pod|worker):(\\$|[^$}]*?)(?::(\\d+))?}");

    /** The objects of a file; a third column that is only a part of the spec is put into it by {@code spec}. */
    static List<BadObject> read(String file, String kind, UnaryOperator<String> spec) {
        try (var lines = Files.lines(FOLDER.resolve(file))) {
            return lines.filter(line -> !line.isBlank() && !line.startsWith("#"))
                    .map(line -> of(kind, line.split("\\s+\\|\\s", -1), spec))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    boolean isRefused() {
        return outcome.equals("refused");
    }

    boolean isReason() {
        return !isRefused() && !outcome.equals("accepted") && !outcome.equals("done");
    }

    private static BadObject of(String kind, String[] columns, UnaryOperator<String> spec) {
        var name = expand(columns[0].strip());
        var expected = columns[1].strip().split(": ", 2);
        var words = expected.length < 2
                ? Stream.<String>of()
                : Stream.of(text(expected[1]).split(" & ", -1));
        var metadata = columns.length > 3 ? "," + expand(columns[3].strip()) : "";
        var body = "{\"apiVersion\":\"syncjobs.io/v1alpha1\",\"kind\":\"" + kind + "\",\"metadata\":{\"name\":\"" + name
                + "\"" + metadata + "}";
        var last = columns[2].strip();
        if (!last.equals("-")) body += ",\"spec\":" + spec.apply(expand(last));
        return new BadObject(kind, text(name), expected[0], words.toList(), body + "}");
    }

    /** A text with JSON's escapes. */
    private static String text(String escaped) {
        return Json.read("\"" + escaped.replace("\"", "\\\"") + "\"").asText();
    }

    /** From the inside out, so that one may stand in another. */
    private static String expand(String text) {
        var matcher = MACRO.matcher(text);
        return matcher.find()
                ? expand(matcher.replaceAll(m -> Matcher.quoteReplacement(macro(m.group(1), m.group(2), m.group(3)))))
                : text;
    }

    private static String macro(String name, String argument, @Nullable String count) {
        return switch (name) {
            case "repeat" -> argument.repeat(Integer.parseInt(String.valueOf(count)));
            case "deep" -> "{\"a\":".repeat(Integer.parseInt(argument)) + "1" + "}".repeat(Integer.parseInt(argument));
            case "pod" -> "{\"containers\":[" + container(argument) + "]}";
            case "worker" -> "{\"spec\":{\"containers\":[" + container(argument) + "]}}";
            default -> container(argument);
        };
    }

    private static String container(String args) {
        return Stream.of(args.split(";", -1))
                .collect(Collectors.joining(
                        "\",\"", "{\"name\":\"worker\",\"image\":\"" + Images.TEST_WORKER + "\",\"args\":[\"", "\"]}"));
    }
}
