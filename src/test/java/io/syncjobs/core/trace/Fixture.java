package io.syncjobs.core.trace;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/** A log and what a person reads from it; src/test/traces/README.md says what its files hold. */
final class Fixture {
    private static final Path TRACES = Path.of("src/test/traces");
    private static final ObjectMapper JSON = new ObjectMapper();
    private static List<Fixture> all = List.of();

    private final String name;
    private final byte[] log;
    private final JsonNode expected;
    private @Nullable LogError read;

    private Fixture(String name, byte[] log, JsonNode expected) {
        this.name = name;
        this.log = log;
        this.expected = expected;
    }

    /** They are read from the disk once. */
    static synchronized Stream<Fixture> all() throws IOException {
        if (all.isEmpty()) {
            try (var files = Files.walk(TRACES)) {
                all = files.filter(file -> file.endsWith("expected.json"))
                        .map(Path::getParent)
                        .sorted()
                        .map(Fixture::of)
                        .toList();
            }
        }
        return all.stream();
    }

    private static Fixture of(Path folder) {
        try {
            var name = TRACES.relativize(folder).toString();
            var expected = JSON.readTree(folder.resolve("expected.json").toFile());
            return new Fixture(name, Files.readAllBytes(folder.resolve("output.txt")), expected);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    String name() {
        return name;
    }

    byte[] log() {
        return log.clone();
    }

    /** What the product reads from it as it is. */
    synchronized LogError read() {
        if (read == null) read = LogErrors.parse(log);
        return read;
    }

    String runtime() {
        return name.substring(0, name.indexOf('/'));
    }

    /** What is wrong with this reading; nothing where it is right. */
    List<String> faults(LogError read) {
        var faults = new ArrayList<String>();
        if (!expected("type").contains(read.type())) faults.add("type: " + read.type());
        if (expected("message").stream().noneMatch(message -> begins(read.message(), message)))
            faults.add("message: " + read.message());
        for (var text : expected("contains")) {
            if (!read.message().contains(text)) faults.add("the message does not hold " + text + ": " + read.message());
        }
        for (var text : expected("not")) {
            if (read.message().contains(text)) faults.add("the message holds " + text + ": " + read.message());
        }
        for (var text : expected("bottom")) {
            if (!read.trace().contains(text)) faults.add("the trace does not hold " + text);
        }
        return faults;
    }

    private static boolean begins(String read, String message) {
        return message.isEmpty() ? read.isEmpty() || read.startsWith("(caused by ") : read.startsWith(message);
    }

    private List<String> expected(String field) {
        var value = expected.path(field);
        if (value.isTextual()) return List.of(value.textValue());
        return StreamSupport.stream(value.spliterator(), false)
                .map(JsonNode::asText)
                .toList();
    }

    @Override
    public String toString() {
        return name;
    }
}
