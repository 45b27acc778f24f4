package io.syncjobs.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.syncjobs.cluster.Cluster;
import io.syncjobs.cluster.ClusterTest;
import io.syncjobs.cluster.Images;
import io.syncjobs.cluster.Waiting;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What the README shows, typed by somebody who has nothing but it and a cluster: block by block, in order, as it stands. */
@ClusterTest
@Order(2)
@Timeout(900)
class ReadmeIT {
    private static final Pattern BLOCK = Pattern.compile("(?ms)^```(\\w+)\\n(.*?)^```$");

    /** Blocks that are not run here, by how they begin, and why. */
    private static final Map<String, String> NOT_RUN = Map.of(
            "./mvnw -DskipTests package",
                    "the build under test has been made; there is no container engine and no registry here",
            "env:\n  - name: SHOP_TOKEN", "a part of a template");

    /** The images that the README names, and who stands in for them on a cluster that pulls none. */
    private static final String PRODUCT = "registry.example/syncjobs:0.1.0";

    private static final String PYTHON = "docker.io/library/python:3.14-slim";

    @TempDir
    private Path folder;

    private final List<List<String>> shown = new ArrayList<>();

    @Test
    void eachBlockRunsAsItStands() throws IOException {
        var cluster = Cluster.named("readme");
        try {
            cluster.tool(
                    "load",
                    Images.named(PRODUCT).toString(),
                    Images.python(PYTHON).toString());
            Files.createSymbolicLink(folder.resolve("helm"), Path.of("helm").toAbsolutePath());
            var blocks = BLOCK.matcher(Files.readString(Path.of("README.md")))
                    .results()
                    .toList();
            assertThat(blocks).hasSizeGreaterThan(8);
            assertThat(NOT_RUN.keySet())
                    .as("what is not run is there")
                    .allMatch(begin ->
                            blocks.stream().anyMatch(block -> block.group(2).startsWith(begin)));

            for (var block : blocks) {
                run(cluster, block);
                // The command may not have been taken yet, and then all were still Complete from before.
                if (block.group(2).contains("requeue=again")) awaitDone(cluster);
            }
            assertThat(shown)
                    .as("tables are as kubectl prints them")
                    .containsOnly(columns(cluster.kubectl("-n", "erp", "get", "syncjobs")));

            awaitDone(cluster);
            assertThat(cluster.kubectl("-n", "erp", "describe", "syncjob", "export-order-1043"))
                    .contains("Outcome:        Failed", "Outcome:        Done");
        } finally {
            Files.deleteIfExists(folder.resolve("helm"));
            cluster.end();
        }
    }

    private static void awaitDone(Cluster cluster) {
        var seen = "jsonpath={.items[*].status.state} {.items[*].metadata.annotations}";
        Waiting.until(
                "1042, 1043, 1044, 1050 and 1051 of the ERP, and the one of the warm workers are Done, without commands",
                () -> cluster.kubectl("-n", "erp", "get", "syncjobs", "-o", seen)
                        .matches("(?s)Done Done Done Done Done Done (?!.*syncjobs.io/requeue).*"),
                () -> cluster.kubectl("-n", "erp", "describe", "syncjobs"));
    }

    private void run(Cluster cluster, MatchResult block) {
        var text = block.group(2);
        if (NOT_RUN.keySet().stream().anyMatch(text::startsWith)) return;
        switch (block.group(1)) {
            case "sh" -> shell(cluster, text);
            case "python" -> shell(cluster, "/usr/bin/python3 - <<'END_OF_BLOCK'\n" + text + "END_OF_BLOCK\n");
            case "text" -> shown.add(columns(text));
            default -> throw new AssertionError("nobody knows how to run a block of " + block.group(1) + ":\n" + text);
        }
    }

    /** In one folder, each with the variables that those before it have exported; a command that fails ends it. */
    private void shell(Cluster cluster, String text) {
        var script = "cd " + folder + "; [ ! -e variables ] || . ./variables\n" + text + "\nexport -p >variables\n";
        var result = cluster.run("sh", "", "-euc", script);
        assertThat(result.exit()).as(text + "\n" + result.out() + result.err()).isZero();
    }

    private static List<String> columns(String table) {
        return List.of(table.lines().findFirst().orElse("").split("\\s+"));
    }
}
