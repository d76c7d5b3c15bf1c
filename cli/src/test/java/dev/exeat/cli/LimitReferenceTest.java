package dev.exeat.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.exeat.model.Limit;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The reference of limits tells of each, with its option, the option's default, and how it shows. */
class LimitReferenceTest {
    private static final Path REFERENCE = Path.of("..", "docs", "limits.md");

    @ParameterizedTest
    @EnumSource(Limit.class)
    void tells_of_every_limit(Limit limit) throws IOException {
        String option = "--" + limit.option();
        String shown = limit.reason() == null
                ? "flag `" + limit.flag() + "`"
                : "`" + limit.reason().code() + "`";
        String standard = CommandLines.root()
                .getSubcommands()
                .get("gateway")
                .getCommandSpec()
                .findOption(option)
                .defaultValue();

        assertThat(Files.readAllLines(REFERENCE))
                .anyMatch(
                        row -> row.startsWith("| `" + option + "` | " + standard + " |") && row.endsWith(shown + " |"));
    }
}
