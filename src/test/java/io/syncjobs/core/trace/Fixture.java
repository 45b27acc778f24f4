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

/** A log and what a person reads from it; src/test/traces/README.md says what its files hold. */
final class Fixture {
    private static final Path TRACES = Path.of("src/test/traces");
    private static final ObjectMapper JSON = new ObjectMapper();

    private final String name;
    private final byte[] log;
    private final JsonNode expected;

    private Fixture(String name, byte[] log, JsonNode expected) {
        this.name = name;
        this.log = log;
        this.expected = expected;
    }

    static Stream<Fixture> all() throws IOException {
        try (var files = Files.walk(TRACES)) {
            return files.filter(file -> file.endsWith("expected.json")).map(Path::getParent).sorted().toList().stream()
                    .map(Fixture::read);
        }
    }

    private static Fixture read(Path folder) {
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
