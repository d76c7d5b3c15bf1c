package dev.exeat.cli;

import dev.exeat.cli.options.DataDirectoryOption;
import dev.exeat.control.kube.Kubeconfig;
import dev.exeat.identity.ClientAuthority;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code exeat kubeconfig}. */
@Command(
        name = "kubeconfig",
        description = "Print the file by which kubectl reaches the resource API, as its operator or as somebody else.",
        footer = {
            "",
            "  exeat kubeconfig > kubeconfig; export KUBECONFIG=$PWD/kubeconfig; kubectl get rules -A",
            "",
            "The operator's holds a token that may do everything: keep it to yourself.",
            "With --user it holds a new key and its certificate, which ends by itself. What the user may do, bindings say:",
            "",
            "  exeat kubeconfig --user jane > jane.kubeconfig",
            "  kubectl create rolebinding jane --clusterrole=viewer --user=jane -n default",
            "",
            "Its first line says how to revoke the certificate before its time.",
            "",
            "Exit code 0, or 3 if there is none."
        })
@SuppressWarnings("NullAway.Init") // picocli fills the fields
final class KubeconfigCommand implements Callable<Integer> {
    private final Map<String, String> environment;

    @Spec
    private CommandSpec command;

    @Option(names = "--user", paramLabel = "NAME", description = "For a user of this name, by a certificate.")
    private @Nullable String user;

    @Option(names = "--group", paramLabel = "NAME", description = "A group of the user; may be repeated.")
    private List<String> groups = new ArrayList<>();

    @Option(
            names = "--ttl",
            paramLabel = "T",
            defaultValue = "24h",
            description = "How long the certificate is good, to 365d (${DEFAULT-VALUE}).")
    private Duration ttl;

    @Mixin
    private DataDirectoryOption dataDirectory;

    KubeconfigCommand(Map<String, String> environment) {
        this.environment = environment;
    }

    @Override
    public Integer call() {
        Path file = dataDirectory.resolve(environment).resolve(Kubeconfig.FILE);
        try {
            String operators = Files.readString(file);
            command.commandLine().getOut().print(user == null ? operators : ofUser(file, operators, user));
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

    private String ofUser(Path file, String operators, String name) {
        Path data = dataDirectory.resolve(environment);
        try {
            ClientAuthority.Credentials credentials = ClientAuthority.open(data, InstantSource.system())
                    .issue(new ClientAuthority.Client(name, groups), ttl);
            return "# To revoke it, write this line into revoked.txt in the data directory: " + credentials.serial()
                    + "\n" + Kubeconfig.forClient(operators, name, credentials);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(command.commandLine(), e.getMessage() + " (" + file + ")", e);
        }
    }
}
