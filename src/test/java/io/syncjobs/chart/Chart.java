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
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;

/** The chart as Helm renders it, with some values. */
final class Chart {
    static final Path FOLDER = Path.of("helm/syncjobs");
    private static final ObjectMapper JSON = new ObjectMapper();

    /** What is rendered: Helm's library leaves hooks out of a rendering, so here they are ordinary objects. */
    private static final Path WITHOUT_HOOKS = withoutHooks();

    /** Tests ask for the same objects again and again, and change none of them. */
    private static final Map<Rendering, List<JsonNode>> RENDERED = new ConcurrentHashMap<>();

    private Chart() {}

    private record Rendering(String release, String namespace, Map<String, ?> values) {
        List<JsonNode> objects() {
            return parsed(text(WITHOUT_HOOKS, release, namespace, values));
        }
    }

    private static Path withoutHooks() {
        try {
            var copy = Files.createTempDirectory(Path.of("target"), "chart");
            copyTo(copy);
            return copy;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Copies the chart, its hooks as ordinary objects. */
    static void copyTo(Path copy) throws IOException {
        try (var files = Files.walk(FOLDER)) {
            for (var file : files.filter(Files::isRegularFile).toList()) {
                var to = copy.resolve(FOLDER.relativize(file));
                Files.createDirectories(to.getParent());
                Files.writeString(to, Files.readString(file).replace("\"helm.sh/hook\"", "\"helm.sh/hook-was\""));
            }
        }
    }

    static String text(Map<String, ?> values) {
        return text("syncjobs", values);
    }

    static String text(String release, Map<String, ?> values) {
        return text(WITHOUT_HOOKS, release, "syncjobs-system", values);
    }

    /** A rendering of any chart. */
    static String text(Path chart, String release, String namespace, Map<String, ?> values) {
        var command = new Helm(chart)
                .template()
                .withName(release)
                .withNamespace(namespace)
                .withKubeVersion("1.36.0");
        values.forEach(command::set);
        return command.call();
    }

    /** The objects of a chart with a values file: Helm reads numbers of a file otherwise than those of --set. */
    static List<JsonNode> objectsOfFile(Path chart, String release, String namespace, String values) {
        try {
            var file = Files.createTempFile(Path.of("target"), "values", ".yaml");
            Files.writeString(file, values);
            return parsed(new Helm(chart)
                    .template()
                    .withName(release)
                    .withNamespace(namespace)
                    .withKubeVersion("1.36.0")
                    .withValuesFile(file)
                    .call());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static List<JsonNode> objectsOfFile(String release, String namespace, String values) {
        return objectsOfFile(WITHOUT_HOOKS, release, namespace, values);
    }

    /** A release of another name or in another namespace. */
    static List<JsonNode> objects(String release, String namespace, Map<String, ?> values) {
        return RENDERED.computeIfAbsent(new Rendering(release, namespace, Map.copyOf(values)), Rendering::objects);
    }

    /** The documents of a rendering, one object each. */
    static List<String> documents(Map<String, ?> values) {
        return documents(text(values));
    }

    private static List<String> documents(String text) {
        return Pattern.compile("(?m)^---\\s*$")
                .splitAsStream(text)
                .filter(document -> document.lines().anyMatch(line -> line.startsWith("kind:")))
                .toList();
    }

    /** All objects of the release, those of its hook too. */
    static List<JsonNode> objects(Map<String, ?> values) {
        return objects("syncjobs", "syncjobs-system", values);
    }

    static List<JsonNode> parsed(String text) {
        return documents(text).stream()
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
