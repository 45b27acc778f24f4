package io.syncjobs.it;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.syncjobs.cluster.Shell;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the image says of itself is what it is. No cluster is needed. */
@Isolated("on a busy machine the JVM now and then writes another cache of the same classes")
class ImageIT {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Path IMAGE = Path.of("target/image.tar");

    @TempDir
    private static Path folder;

    private static Path root;
    private static JsonNode config;

    @BeforeAll
    static void unpack() throws IOException {
        run("tar", "-xf", IMAGE.toString(), "-C", folder.toString());
        root = Files.createDirectory(folder.resolve("root"));
        var manifest = JSON.readTree(folder.resolve("manifest.json").toFile()).get(0);
        config = JSON.readTree(folder.resolve(manifest.path("Config").asText()).toFile());
        for (var layer : manifest.path("Layers"))
            run("tar", "-xzf", folder.resolve(layer.asText()).toString(), "-C", root.toString());
    }

    @Test
    void labelsNameTheVersionTheRevisionAndTheBillOfMaterials() throws IOException {
        var labels = config.at("/config/Labels");

        assertThat(labels.path("org.opencontainers.image.title").asText()).isEqualTo("SyncJobs");
        assertThat(labels.path("org.opencontainers.image.revision").asText())
                .matches("[0-9a-f]{40}(-modified)?|unknown");
        assertThat(labels.path("org.opencontainers.image.created").asText())
                .isEqualTo(config.path("created").asText());
        assertThat(sbom(labels.path("io.syncjobs.sbom").asText())
                        .at("/metadata/component/version")
                        .asText())
                .isEqualTo(labels.path("org.opencontainers.image.version").asText());
    }

    @Test
    void theBillOfMaterialsHasEveryJarAndEveryFileOfTheBuildMachineWithItsChecksum() throws Exception {
        var listed = new TreeMap<String, String>();
        for (var component : sbom("/app/sbom.cdx.json").path("components")) {
            assertThat(component.path("version").asText())
                    .as(component.toString())
                    .isNotEmpty();
            assertThat(component.path("licenses")).as(component.toString()).isNotEmpty();
            for (var property : component.path("properties")) {
                if (property.path("name").asText().equals("syncjobs:file"))
                    listed.put(property.path("value").asText(), checksum(component));
            }
            for (var file : component.path("components"))
                listed.put(file.path("name").asText(), checksum(file));
        }

        var there = new TreeMap<String, String>();
        for (var part : List.of("app/libs", "lib64", "lib/x86_64-linux-gnu")) {
            try (var files = Files.list(root.resolve(part))) {
                for (var file : files.toList()) there.put("/" + root.relativize(file), sha256(file));
            }
        }
        assertThat(listed).isEqualTo(there);
    }

    /** Neither in the cache, where the class path of its making would stand, nor elsewhere. */
    @ParameterizedTest
    @ValueSource(strings = {"syncjobs", "agent"})
    void noFolderOfTheBuildMachineIsInTheCache(String process) throws IOException {
        var text = new String(Files.readAllBytes(root.resolve("app/" + process + ".aot")), ISO_8859_1);

        assertThat(text.contains(Path.of("").toAbsolutePath() + "/")).isFalse();
    }

    /** In another folder, from the same sources and list of classes: nothing of place, time or chance is in it. */
    @Test
    void builtAgainElsewhereItIsTheSame() throws Exception {
        var again = Files.createDirectory(folder.resolve("again"));
        run("sh", "-euc", "tar -cf - --exclude=./target --exclude=./.git . | tar -xf - -C " + again);
        // There is no repository in the copy that could say it.
        var revision =
                config.at("/config/Labels/org.opencontainers.image.revision").asText();

        run(
                "sh",
                "-euc",
                "cd " + again + " && ./mvnw -o -q -B -ntp -Dmaven.test.skip=true -Dspotless.check.skip package"
                        + " -Daot.classes=" + root.resolve("app") + " -Dimage.revision=" + revision
                        + " >build.log 2>&1 || { tail -n 40 build.log >&2; exit 1; }");

        var second = again.resolve("target/image.tar");
        assertThat(entries(second))
                .as(() -> "what differs: " + differences(second))
                .isEqualTo(entries(IMAGE));
        assertThat(sha256(second)).isEqualTo(sha256(IMAGE));
    }

    /** Layers are named by what is in them, so that these say which one differs. */
    private static String entries(Path tar) {
        return run("tar", "-tf", tar.toString()).out();
    }

    /** The files that are not the same in both images, in how many bytes, and what the second build has said of its caches. */
    private String differences(Path second) {
        var other = folder.resolve("other");
        return Shell.run(
                        Duration.ofMinutes(2),
                        Map.of(),
                        "",
                        List.of(
                                "sh",
                                "-c",
                                "mkdir -p $1 && tar -xf $2 -C $1 && cd $1 && for layer in *.tar.gz; do tar -xzf $layer; rm $layer; done;"
                                        + " diff -rq $3 . | grep -v ' Only in '; for file in app/*.aot; do cmp -l $file $3/$file | wc -l; done;"
                                        + " grep -h 'AOT cache:' $4/*-cache.log",
                                "sh",
                                other.toString(),
                                second.toAbsolutePath().toString(),
                                root.toAbsolutePath().toString(),
                                second.resolveSibling("aot").toAbsolutePath().toString()))
                .out();
    }

    private static JsonNode sbom(String path) throws IOException {
        return JSON.readTree(root.resolve(path.substring(1)).toFile());
    }

    private static String checksum(JsonNode component) {
        return component.at("/hashes/0/content").asText();
    }

    private static String sha256(Path file) throws Exception {
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file)));
    }

    private static Shell.Result run(String... command) {
        var done = Shell.run(Duration.ofMinutes(10), Map.of(), "", List.of(command));
        assertThat(done.exit()).as(done.err()).isZero();
        return done;
    }
}
