package io.syncjobs.cluster;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** The images under test. */
public final class Images {
    /** The worker whose arguments are what it does; see src/test/images/testworker. */
    public static final String TEST_WORKER = "syncjobs/testworker:test";

    private static final Duration LIMIT = Duration.ofMinutes(5);

    private Images() {}

    /** The product's image, as the build left it. */
    static Path product() {
        var image = Path.of(System.getProperty(
                "syncjobs.image", Shell.project("target/image.tar").toString()));
        if (Files.isRegularFile(image)) return image;
        throw new AssertionError(image + " is missing; ./mvnw -DskipTests package makes it");
    }

    /** The product's image unpacked: the root of its processes. */
    public static synchronized Path productRoot() {
        var root = Shell.project("target/product-root");
        var image = product();
        var unpack = """
                root=$1; image=$2; layers=$root.layers
                [ ! -e "$root" ] || [ "$image" -nt "$root" ] || exit 0
                rm -rf "$root" "$layers"; mkdir -p "$root/proc" "$root/dev" "$layers"
                tar -xf "$image" -C "$layers"
                for layer in $(grep -o '[0-9a-f]*\\.tar\\.gz' "$layers/manifest.json"); do
                  tar -xzf "$layers/$layer" -C "$root" --warning=no-unknown-keyword
                done
                rm -rf "$layers"; touch "$root"
                """;
        Shell.run(LIMIT, Map.of(), "", List.of("sh", "-ec", unpack, "sh", root.toString(), image.toString()))
                .orThrow();
        return root;
    }

    /** The product's image under another name. */
    public static synchronized Path named(String name) {
        var archive = Shell.project("target/product-renamed.tar");
        var rename = """
                folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT
                tar -xf "$1" -C "$folder"
                sed -i -E 's#"RepoTags":\\["[^"]*"#"RepoTags":["'"$3"'"#' "$folder/manifest.json"
                grep -q "$3" "$folder/manifest.json"
                tar -cf "$2" -C "$folder" .
                """;
        Shell.run(
                        LIMIT,
                        Map.of(),
                        "",
                        List.of("sh", "-ec", rename, "sh", product().toString(), archive.toString(), name))
                .orThrow();
        return archive;
    }

    /** An image with this machine's Python, as far as a script of a few lines needs it. */
    public static synchronized Path python(String name) {
        var archive = Shell.project("target/python.tar");
        var build = """
                python=$(readlink -f /usr/bin/python3); version=$(basename "$python")
                {
                  ldd "$python" | grep -oE '/[^ ]+'
                  find "/usr/lib/$version" -maxdepth 1 -name '*.py'
                  find "/usr/lib/$version/encodings" "/usr/lib/$version/json" "/usr/lib/$version/collections" \\
                    "/usr/lib/$version/importlib" "/usr/lib/$version/re" "/usr/lib/$version/http" "/usr/lib/$version/html" \\
                    "/usr/lib/$version/email" "/usr/lib/$version/urllib" -name '*.py'
                } | sed 's#.*#&=&#' | xargs "$1" image "$2" "$3" "$python" "$python=/usr/local/bin/python"
                """;
        Shell.run(
                        LIMIT,
                        Map.of(),
                        "",
                        List.of(
                                "sh",
                                "-ec",
                                build,
                                "sh",
                                Shell.project("dev/cluster").toString(),
                                name,
                                archive.toString()))
                .orThrow();
        return archive;
    }

    /** Builds the test worker's image. */
    static synchronized Path testWorker() {
        var folder = Shell.project("src/test/images/testworker").toString();
        var binary = Shell.project("target/testworker").toString();
        var archive = Shell.project("target/testworker.tar");
        var go = List.of("go", "-C", folder, "build", "-trimpath", "-ldflags", "-s -w", "-o", binary, ".");
        Shell.run(LIMIT, Map.of("CGO_ENABLED", "0"), "", go).orThrow();
        var tool = Shell.project("dev/cluster").toString();
        Shell.run(LIMIT, Map.of(), "", List.of(tool, "image", TEST_WORKER, archive.toString(), binary))
                .orThrow();
        return archive;
    }
}
