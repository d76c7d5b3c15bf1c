package dev.exeat.cli.seen;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code exeat flows}. */
@Command(name = "flows", synopsisSubcommandLabel = "COMMAND", description = "Tell of connections as a whole.")
@SuppressWarnings("NullAway.Init") // picocli fills the fields
public final class FlowsCommand implements Runnable {
    @Spec
    private CommandSpec command;

    @Override
    public void run() {
        throw new ParameterException(command.commandLine(), "which command? There is 'exeat flows summary'");
    }
}
