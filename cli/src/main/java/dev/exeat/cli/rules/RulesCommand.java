package dev.exeat.cli.rules;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code exeat rules}. */
@Command(name = "rules", description = "Ask about the rules of policies.")
@SuppressWarnings("NullAway.Init") // picocli fills the fields
public final class RulesCommand implements Runnable {
    @Spec
    private CommandSpec command;

    @Override
    public void run() {
        throw new ParameterException(command.commandLine(), "which command? There is 'exeat rules unused'");
    }
}
