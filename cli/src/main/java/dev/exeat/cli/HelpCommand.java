package dev.exeat.cli;

import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code exeat help}. Takes a whole path, as in {@code exeat help token create}. */
@Command(name = "help", description = "Say what a command does and which options it has.")
@SuppressWarnings("NullAway.Init") // picocli fills the fields
final class HelpCommand implements Callable<Integer> {
    @Spec
    private CommandSpec command;

    @Parameters(paramLabel = "COMMAND", description = "The command to tell about.", arity = "0..*")
    private List<String> path = List.of();

    @Override
    public Integer call() {
        CommandLine described = command.parent().commandLine();
        for (String name : path) {
            CommandLine child = described.getSubcommands().get(name);
            if (child == null) {
                throw new ParameterException(
                        command.parent().commandLine(),
                        "there is no command '" + String.join(" ", path) + "'; there are: "
                                + String.join(", ", described.getSubcommands().keySet()));
            }
            described = child;
        }
        described.usage(command.commandLine().getOut());
        return ExitCode.OK;
    }
}
