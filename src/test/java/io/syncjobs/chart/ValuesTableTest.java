package io.syncjobs.chart;

import static java.util.stream.Collectors.toMap;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** docs/values.md names every value of the chart and tests that use it. */
class ValuesTableTest {
    /** Maps that are one value: what stands in them is Kubernetes' own. */
    private static final Set<String> WHOLE = Set.of("resources", "podSecurityContext", "securityContext");

    @Test
    void everyValueHasARowAndEveryRowNamesTestsThatUseIt() throws IOException {
        var rows = Files.readAllLines(Path.of("docs/values.md")).stream()
                .filter(line -> line.startsWith("| `"))
                .map(line -> line.replace("`", "").split("\\|", -1))
                .toList();

        assertThat(rows).extracting(row -> row[1].strip()).containsExactlyInAnyOrderElementsOf(values());
        var sources = sources();
        for (var row : rows) {
            var name = row[1].strip().substring(row[1].strip().lastIndexOf('.') + 1);
            for (var test : List.of(row[2].strip(), row[3].strip())) {
                if (test.isEmpty()) continue;
                var parts = test.split("\\.", -1);
                assertThat(sources).as("%s of %s", test, row[1]).containsKey(parts[0]);
                assertThat(sources.get(parts[0]))
                        .as("%s uses %s", parts[0], row[1])
                        .contains(name);
                if (parts.length > 1) assertThat(sources.get(parts[0])).contains("void " + parts[1] + "(");
            }
            assertThat(row[2].strip()).as("each value is rendered in a test").isNotEmpty();
        }
    }

    private static List<String> values() throws IOException {
        var values = new ArrayList<String>();
        JsonNode all = new ObjectMapper()
                .valueToTree(Serialization.unmarshal(Files.readString(Chart.FOLDER.resolve("values.yaml")), Map.class));
        collect("", "", all, values);
        return values;
    }

    private static void collect(String path, String name, JsonNode value, List<String> values) {
        if (!value.isObject() || value.isEmpty() || WHOLE.contains(name)) {
            values.add(path);
            return;
        }
        value.properties()
                .forEach(child -> collect(
                        path.isEmpty() ? child.getKey() : path + "." + child.getKey(),
                        child.getKey(),
                        child.getValue(),
                        values));
    }

    private static Map<String, String> sources() throws IOException {
        try (var files = Files.walk(Path.of("src/test/java"))) {
            return files.filter(file -> file.toString().endsWith(".java") && !file.endsWith("package-info.java"))
                    .collect(toMap(
                            file -> file.getFileName().toString().replace(".java", ""),
                            ValuesTableTest::text,
                            (a, b) -> a + b));
        }
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
