package dev.exeat.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code exeat} without a command. */
@Command(
        name = "exeat",
        description = "An egress gateway for TLS that knows who talks to whom.",
        synopsisSubcommandLabel = "COMMAND",
        footer = {
            "",
            "Try 'exeat demo' first. Every option is also an environment variable: --data-dir is EXEAT_DATA_DIR.",
            "Exit codes: 0 ok, 1 failed or denied or found something, 2 wrong usage, 3 could not tell."
        })
@SuppressWarnings("NullAway.Init") // picocli fills the fields
final class RootCommand implements Runnable {
    @Spec
    private CommandSpec command;

    // Colours are settled before the command line is read (Console); here the option is declared, and so allowed.
    @Option(
            names = "--no-color",
            scope = CommandLine.ScopeType.INHERIT,
            description = "Print without colours; so does the variable NO_COLOR.")
    void noColour(boolean asked) {}

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            scope = CommandLine.ScopeType.INHERIT,
            description = "Say what the command does and which options it has.")
    void help(boolean asked) {}

    @Override
    public void run() {
        throw new ParameterException(command.commandLine(), "which command?");
    }
}
