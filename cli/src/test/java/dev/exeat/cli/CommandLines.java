package dev.exeat.cli;

import dev.exeat.cli.role.RoleRunner;
import dev.exeat.cli.role.Signals;
import java.util.List;
import java.util.Map;
import picocli.CommandLine;

/** The command line as picocli knows it, for tests that look at its shape. */
final class CommandLines {
    private CommandLines() {}

    static CommandLine root() {
        Console console = new Console(System.in, System.out, System.err, false, false);
        return new Cli(console, Map.of())
                .commandLine(new CapturedRoles(), new RoleRunner(System.err, false, Signals.raisedOnly()));
    }

    /** The long names of a command's options, in the order of their names. */
    static List<String> optionsOf(String... path) {
        CommandLine command = root();
        for (String name : path) {
            command = command.getSubcommands().get(name);
        }
        return command.getCommandSpec().options().stream()
                .map(option -> option.longestName())
                .sorted()
                .toList();
    }
}
