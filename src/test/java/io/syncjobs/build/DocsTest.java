package io.syncjobs.build;

import static java.util.stream.Collectors.toSet;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.syncjobs.api.Names;
import io.syncjobs.core.Limits;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the pages name is there: other pages, fields, values of the chart, annotations. */
class DocsTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Path README = Path.of("README.md");
    private static final Pattern CODE = Pattern.compile("(?ms)^```.*?^```$");
    private static final Pattern LINK = Pattern.compile("\\]\\(([^)\\s#]*)(?:#([^)\\s]*))?\\)");
    private static final Pattern HEADING = Pattern.compile("(?m)^#+ (.*)$");
    private static final Pattern FIELD = Pattern.compile("`((?:spec|status)(?:\\.[A-Za-z]+)+)`");
    private static final Pattern VALUE = Pattern.compile("`([A-Za-z]+(?:\\.[A-Za-z]+)+)(?:=[^`]*)?`");
    private static final Pattern NAME = Pattern.compile("\\b" + Pattern.quote(Names.GROUP) + "/([a-z][a-z-]*[a-z])\\b");

    /** Maps of the chart in which stands what Kubernetes knows. */
    private static final Set<String> FREE = Set.of("resources", "securityContext", "podSecurityContext");

    static List<Path> pages() throws IOException {
        try (var docs = Files.list(Path.of("docs"))) {
            return Stream.concat(
                            docs.filter(file -> file.toString().endsWith(".md")),
                            Stream.of(
                                            "README.md",
                                            "CONTRIBUTING.md",
                                            "CHANGELOG.md",
                                            "helm/syncjobs/README.md",
                                            "examples/catalogue/README.md",
                                            "dev/kubernetes/README.md")
                                    .map(Path::of))
                    .sorted()
                    .toList();
        }
    }

    @ParameterizedTest
    @MethodSource("pages")
    void eachLinkLeadsToAFileAndAHeadingThatExist(Path page) throws IOException {
        for (var link : links(page)) {
            var target = target(page, link);
            assertThat(target).as(link.group()).exists();
            if (link.group(2) != null)
                assertThat(headings(target)).as(link.group()).contains(link.group(2));
        }
    }

    @Test
    void theReadmeLeadsToEachPage() throws IOException {
        var found = new HashSet<>(Set.of(README));
        var next = new ArrayDeque<>(found);
        while (!next.isEmpty()) {
            var page = next.poll();
            if (!page.toString().endsWith(".md")) continue;
            for (var link : links(page)) {
                var target = target(page, link);
                if (found.add(target)) next.add(target);
            }
        }

        assertThat(found).containsAll(pages());
    }

    @ParameterizedTest
    @MethodSource("pages")
    void eachFieldThatIsNamedIsInADefinition(Path page) throws IOException {
        var fields = fields();

        assertThat(FIELD.matcher(Files.readString(page)).results().map(field -> field.group(1)))
                .filteredOn(field -> !field.startsWith("spec.template."))
                .isSubsetOf(fields);
    }

    @ParameterizedTest
    @MethodSource("pages")
    void eachValueOfTheChartThatIsNamedExists(Path page) throws IOException {
        JsonNode values = JSON.valueToTree(
                Serialization.unmarshal(Files.readString(Path.of("helm/syncjobs/values.yaml")), Map.class));

        assertThat(VALUE.matcher(Files.readString(page)).results().map(value -> value.group(1)))
                .filteredOn(value -> values.has(value.split("\\.", 2)[0]) && !value.equals("image.go"))
                .allSatisfy(
                        value -> assertThat(isThere(values, value)).as(value).isTrue());
    }

    @ParameterizedTest
    @MethodSource("pages")
    void eachAnnotationAndLabelThatIsNamedIsKnown(Path page) throws IOException {
        var known = Set.of(
                Names.REQUEUE,
                Names.SET_DONE,
                Names.CANCEL,
                Names.HANDLING,
                Names.HANDLING_BY,
                Names.BY,
                Names.JOB_NAME,
                Names.QUEUE,
                Names.ATTEMPT,
                Names.POOL);

        assertThat(NAME.matcher(Files.readString(page)).results().map(MatchResult::group))
                .isSubsetOf(known);
    }

    /** Somebody who writes a worker decides by these. */
    @Test
    void theReadmeHasTheValuesThatHoldWhereNobodySetsOthers() throws IOException {
        assertThat(Files.readString(README))
                .contains("`retry.delaySeconds` (" + Limits.RETRY_DELAY_SECONDS / 60 + " minutes)")
                .contains("`retry.limit` retries (" + Limits.RETRY_LIMIT + ")")
                .contains("`timeoutSeconds` (" + (Limits.TIMEOUT_SECONDS == 3600 ? "an hour" : "?") + ")")
                .contains("the default is " + Limits.PRIORITY);
    }

    private static List<MatchResult> links(Path page) throws IOException {
        return LINK.matcher(prose(page))
                .results()
                .filter(link -> !link.group(1).contains("://"))
                .toList();
    }

    private static Path target(Path page, MatchResult link) {
        return link.group(1).isEmpty()
                ? page
                : page.resolveSibling(link.group(1)).normalize();
    }

    private static String prose(Path page) throws IOException {
        return CODE.matcher(Files.readString(page)).replaceAll("");
    }

    /** As the hosting makes them of the headings. */
    private static Set<String> headings(Path page) throws IOException {
        return HEADING.matcher(prose(page))
                .results()
                .map(heading -> heading.group(1)
                        .toLowerCase(Locale.ROOT)
                        .replaceAll("[^\\p{L}\\p{N}_ -]", "")
                        .replace(' ', '-'))
                .collect(toSet());
    }

    private static Set<String> fields() throws IOException {
        var fields = new HashSet<String>();
        try (var files = Files.list(Path.of("crds"))) {
            for (var file :
                    files.filter(each -> each.toString().endsWith("-v1.yml")).toList()) {
                JsonNode definition = JSON.valueToTree(Serialization.unmarshal(Files.readString(file), Map.class));
                collect("", definition.at("/spec/versions/0/schema/openAPIV3Schema"), fields);
            }
        }
        return fields;
    }

    private static void collect(String path, JsonNode schema, Set<String> fields) {
        fields.add(path);
        if (schema.has("items")) collect(path, schema.path("items"), fields);
        schema.path("properties")
                .properties()
                .forEach(each ->
                        collect(path.isEmpty() ? each.getKey() : path + "." + each.getKey(), each.getValue(), fields));
    }

    private static boolean isThere(JsonNode values, String path) {
        var at = values;
        for (var step : path.split("\\.", -1)) {
            at = at.path(step);
            if (FREE.contains(step)) return true;
        }
        return !at.isMissingNode();
    }
}
