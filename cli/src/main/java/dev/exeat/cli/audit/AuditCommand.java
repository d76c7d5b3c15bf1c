package dev.exeat.cli.audit;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code exeat audit}. */
@Command(name = "audit", synopsisSubcommandLabel = "COMMAND", description = "Look after sealed logs.")
@SuppressWarnings("NullAway.Init") // picocli fills the fields
public final class AuditCommand implements Runnable {
    @Spec
    private CommandSpec command;

    @Override
    public void run() {
        throw new ParameterException(command.commandLine(), "which command? There is 'exeat audit verify'");
    }
}
