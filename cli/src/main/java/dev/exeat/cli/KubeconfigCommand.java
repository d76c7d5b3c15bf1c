package dev.exeat.cli;

import dev.exeat.cli.options.DataDirectoryOption;
import dev.exeat.control.kube.Kubeconfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code exeat kubeconfig}. */
@Command(
        name = "kubeconfig",
        description = "Print the file by which kubectl reaches the resource API as its operator.",
        footer = {
            "",
            "  exeat kubeconfig > kubeconfig; export KUBECONFIG=$PWD/kubeconfig; kubectl get rules -A",
            "",
            "It holds a token that may do everything: keep it to yourself. 'exeat up' writes it to its data directory.",
            "Exit code 0, or 3 if there is none."
        })
@SuppressWarnings("NullAway.Init") // picocli fills the fields
final class KubeconfigCommand implements Callable<Integer> {
    private final Map<String, String> environment;

    @Spec
    private CommandSpec command;

    @Mixin
    private DataDirectoryOption dataDirectory;

    KubeconfigCommand(Map<String, String> environment) {
        this.environment = environment;
    }

    @Override
    public Integer call() {
        Path file = dataDirectory.resolve(environment).resolve(Kubeconfig.FILE);
        try {
            command.commandLine().getOut().print(Files.readString(file));
            command.commandLine().getOut().flush();
            return ExitCode.OK;
        } catch (NoSuchFileException e) {
            throw new CommandFailure(
                    ExitCode.UNKNOWN,
                    "there is no " + file + "; 'exeat up' makes it when it starts. Name its directory with --data-dir");
        } catch (IOException e) {
            throw new CommandFailure(ExitCode.UNKNOWN, "cannot read " + file + ": " + e.getMessage());
        }
    }
}
