package io.syncjobs.core.trace;

import static org.assertj.core.api.Assertions.assertThat;

import io.syncjobs.core.Text;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** docs/logs.md shows what is read from each log of src/test/traces: what a reader of the table sees is what the code does. */
class LogTableTest {
    private static final Path PAGE = Path.of("docs/logs.md");
    private static final String BEGIN = "<!-- From here on written by LogTableTest. -->\n";

    @Test
    void theTableIsWhatIsRead() throws IOException {
        var page = Files.readString(PAGE);
        var written = page.substring(0, page.indexOf(BEGIN) + BEGIN.length()) + table();
        var copy = Files.createDirectories(Path.of("target")).resolve("logs.md");
        Files.writeString(copy, written);

        assertThat(page).as("cp target/logs.md docs/logs.md").isEqualTo(written);
    }

    private static String table() throws IOException {
        var runtimes = new TreeMap<String, StringBuilder>();
        Fixture.all()
                .forEach(fixture -> runtimes.computeIfAbsent(fixture.runtime(), LogTableTest::head)
                        .append(row(fixture)));
        return String.join("", runtimes.values());
    }

    private static StringBuilder head(String runtime) {
        return new StringBuilder("\n## " + runtime + "\n\n| kind | type | message |\n| --- | --- | --- |\n");
    }

    private static String row(Fixture fixture) {
        var read = LogErrors.parse(fixture.log());
        var kind = fixture.name().substring(fixture.runtime().length() + 1);
        return "| " + kind + " | " + cell(read.type()) + " | " + cell(read.message()) + " |\n";
    }

    private static String cell(String text) {
        var plain = Text.cut(text, 160).replace("|", "\\|");
        var quote = plain.contains("`") ? "``" : "`";
        return plain.isEmpty() ? "" : quote + (quote.length() > 1 ? " " + plain + " " : plain) + quote;
    }
}
