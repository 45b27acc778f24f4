package io.syncjobs.chart;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.marcnuri.helm.Helm;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** The chart as Helm renders it, with some values. */
final class Chart {
    static final Path FOLDER = Path.of("helm/syncjobs");
    private static final ObjectMapper JSON = new ObjectMapper();

    /** What is rendered: Helm's library leaves hooks out of a rendering, so here they are ordinary objects. */
    private static final Path WITHOUT_HOOKS = withoutHooks();

    private Chart() {}

    private static Path withoutHooks() {
        try (var files = Files.walk(FOLDER)) {
            var copy = Files.createTempDirectory(Path.of("target"), "chart");
            for (var file : files.filter(Files::isRegularFile).toList()) {
                var to = copy.resolve(FOLDER.relativize(file));
                Files.createDirectories(to.getParent());
                Files.writeString(to, Files.readString(file).replace("\"helm.sh/hook\"", "\"helm.sh/hook-was\""));
            }
            return copy;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static String text(Map<String, ?> values) {
        return text("syncjobs", values);
    }

    static String text(String release, Map<String, ?> values) {
        var command = new Helm(WITHOUT_HOOKS)
                .template()
                .withName(release)
                .withNamespace("syncjobs-system")
                .withKubeVersion("1.36.0");
        values.forEach(command::set);
        return command.call();
    }

    /** The documents of a rendering, one object each. */
    static List<String> documents(Map<String, ?> values) {
        return Pattern.compile("(?m)^---\\s*$")
                .splitAsStream(text(values))
                .filter(document -> document.lines().anyMatch(line -> line.startsWith("kind:")))
                .toList();
    }

    /** All objects of the release, those of its hook too. */
    static List<JsonNode> objects(Map<String, ?> values) {
        return documents(values).stream()
                .map(document -> JSON.<JsonNode>valueToTree(Serialization.unmarshal(document, Map.class)))
                .toList();
    }

    static List<JsonNode> objects(Map<String, ?> values, String kind) {
        return objects(values).stream()
                .filter(object -> object.path("kind").asText().equals(kind))
                .toList();
    }

    static JsonNode object(Map<String, ?> values, String kind, String name) {
        return objects(values, kind).stream()
                .filter(object -> object.at("/metadata/name").asText().equals(name))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no " + kind + " " + name));
    }
}
