package dev.exeat.cli;

import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code exeat version}. */
@Command(name = "version", description = "Print the versions of Exeat, of the JDK and of the TLS library.")
@SuppressWarnings("NullAway.Init") // picocli fills the fields
final class VersionCommand implements Callable<Integer> {
    @Spec
    private CommandSpec command;

    @Override
    public Integer call() {
        PrintWriter out = command.commandLine().getOut();
        BuildInfo.read().lines().forEach(out::println);
        return ExitCode.OK;
    }
}
