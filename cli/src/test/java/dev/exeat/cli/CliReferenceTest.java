package dev.exeat.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.exeat.cli.options.EnvironmentDefaults;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;

/** The reference of the command line tells of every option, its variable and its default. */
class CliReferenceTest {
    private static final Path REFERENCE = Path.of("..", "docs", "cli.md");
    private static final Set<String> EVERYWHERE = Set.of("--help", "--no-color");

    static Stream<CommandLine> commands() {
        List<CommandLine> leaves = new ArrayList<>();
        collect(CommandLines.root(), leaves);
        return leaves.stream();
    }

    /** A command with commands of its own may do something by itself, too. */
    private static void collect(CommandLine command, List<CommandLine> leaves) {
        if (command.getSubcommands().isEmpty() || command.getCommand() instanceof ProxyCommand) {
            leaves.add(command);
        }
        command.getSubcommands().values().forEach(child -> collect(child, leaves));
    }

    @ParameterizedTest
    @MethodSource("commands")
    void tells_of_every_option(CommandLine command) throws IOException {
        String name = command.getCommandSpec().qualifiedName();
        List<OptionSpec> options = command.getCommandSpec().options().stream()
                .filter(option -> !EVERYWHERE.contains(option.longestName()))
                .toList();
        String reference = Files.readString(REFERENCE);
        assertThat(reference).contains(name);

        List<String> rows = rowsOf("## " + name + "\n", reference);

        assertThat(rows).as("options of " + name).hasSameSizeAs(options);
        for (OptionSpec option : options) {
            assertThat(rows).as(name + " " + option.longestName()).anySatisfy(row -> {
                assertThat(row).contains(option.longestName() + (option.arity().max() == 0 ? "" : " "));
                assertThat(row).contains("`" + EnvironmentDefaults.variable(option) + "`");
                if (option.defaultValue() != null) {
                    assertThat(row).contains("`" + option.defaultValue() + "`");
                }
            });
        }
    }

    private static List<String> rowsOf(String heading, String reference) {
        int start = reference.indexOf(heading);
        if (start < 0) {
            return List.of();
        }
        int end = reference.indexOf("\n## ", start + 1);
        return reference
                .substring(start, end < 0 ? reference.length() : end)
                .lines()
                .filter(line -> line.startsWith("| `-"))
                .toList();
    }
}
