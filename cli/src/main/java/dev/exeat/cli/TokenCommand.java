package dev.exeat.cli;

import dev.exeat.cli.options.DataDirectoryOption;
import dev.exeat.identity.ServiceAccountRef;
import dev.exeat.identity.TokenAuthority;
import dev.exeat.model.InvalidNameException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code exeat token}. */
@Command(name = "token", synopsisSubcommandLabel = "COMMAND", description = "Make bearer tokens of service accounts.")
@SuppressWarnings("NullAway.Init") // picocli fills the fields
final class TokenCommand implements Runnable {
    @Spec
    private CommandSpec command;

    @Override
    public void run() {
        throw new ParameterException(command.commandLine(), "which command? There is 'exeat token create'");
    }

    /** {@code exeat token create}. */
    @Command(
            name = "create",
            description = "Print a token with which a workload gets the certificate of a service account.",
            footer = {
                "",
                "The token is printed alone: exeat token create sleep -n default > sleep.token",
                "It needs the data directory of the 'exeat up' that shall accept it, and a ServiceAccount resource there.",
                "Whoever has the token can be the service account: keep the file readable by its workload alone."
            })
    @SuppressWarnings("NullAway.Init") // picocli fills the fields
    static final class Create implements Callable<Integer> {
        private final Map<String, String> environment;

        @Spec
        private CommandSpec command;

        @Parameters(paramLabel = "NAME", description = "The service account's name.")
        private String name;

        @Option(
                names = {"-n", "--namespace"},
                paramLabel = "NS",
                required = true,
                description = "Its namespace.")
        private String namespace;

        @Option(
                names = "--ttl",
                paramLabel = "T",
                defaultValue = "1h",
                description =
                        "How long the token is good, to 365d (${DEFAULT-VALUE}). Proxies need it at each renewal.")
        private Duration ttl;

        @Mixin
        private DataDirectoryOption dataDirectory;

        Create(Map<String, String> environment) {
            this.environment = environment;
        }

        @Override
        public Integer call() {
            ServiceAccountRef account = account();
            if (ttl.isZero() || ttl.compareTo(TokenAuthority.MAX_LIFETIME) > 0) {
                throw new ParameterException(command.commandLine(), "--ttl is more than 0 and at most 365d");
            }
            Path data = dataDirectory.resolve(environment);
            if (!Files.isDirectory(data)) {
                throw new CommandFailure("there is no data directory " + data + "; start 'exeat up --data-dir " + data
                        + "' first, or name its directory with --data-dir");
            }
            String token = TokenAuthority.open(data, InstantSource.system()).create(account, ttl);
            command.commandLine().getOut().println(token);
            return ExitCode.OK;
        }

        private ServiceAccountRef account() {
            try {
                return new ServiceAccountRef(namespace, name);
            } catch (InvalidNameException e) {
                throw new ParameterException(command.commandLine(), e.getMessage(), e);
            }
        }
    }
}
