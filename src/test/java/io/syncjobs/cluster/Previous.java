package io.syncjobs.cluster;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** The version before this one, see dev/previous; {@code -Dprevious=COMMIT} takes a certain one. */
public final class Previous {
    /** The tag of its image. */
    public static final String TAG = "previous";

    private static final Duration LIMIT = Duration.ofMinutes(5);
    private static final Once<Path> FOLDER = new Once<>(Previous::make);

    private Previous() {}

    private static Path make() {
        var command = Shell.project("dev/previous").toString();
        var commit = System.getProperty("previous", "");
        return Path.of(Shell.run(LIMIT, Map.of(), "", commit.isEmpty() ? List.of(command) : List.of(command, commit))
                .orThrow()
                .out()
                .strip());
    }

    /** True where it is not this version itself that stands in for it. */
    public static boolean isAnother() {
        return !System.getProperty("previous", "").isEmpty();
    }

    /** A folder with its source, as far as its definitions. */
    public static Path source() {
        var folder = Shell.project("target/previous-source");
        var command = "mkdir -p " + folder + " && git archive " + System.getProperty("previous") + " crds | tar -x -C "
                + folder;
        Shell.run(LIMIT, Map.of(), "", List.of("sh", "-euc", command)).orThrow();
        return folder;
    }

    static Path chart() {
        return FOLDER.get().resolve("chart");
    }

    static Path image() {
        return FOLDER.get().resolve("image.tar");
    }
}
