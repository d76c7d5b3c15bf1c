package dev.exeat.cli.observe;

import dev.exeat.cli.CommandFailure;
import dev.exeat.cli.ExitCode;
import dev.exeat.cli.objects.Access;
import dev.exeat.cli.objects.KubeconfigFile;
import dev.exeat.cli.objects.ObjectException;
import dev.exeat.cli.options.ServerUrlConverter;
import dev.exeat.flow.store.FlowHistory;
import dev.exeat.identity.ServerLink;
import dev.exeat.identity.SvidUnavailableException;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.Spec;

/** Options that name a server whose history is read. */
@SuppressWarnings("NullAway.Init") // picocli fills the fields
public final class FlowServerOptions {
    private static final Duration CONNECT = Duration.ofSeconds(10);

    @Spec(Spec.Target.MIXEE)
    private CommandSpec command;

    @Option(
            names = "--server",
            paramLabel = "URL",
            converter = ServerUrlConverter.class,
            description = "Read the history of this 'exeat up', https://HOST:PORT of its --api, with --token-file.")
    private @Nullable URI server;

    @Option(
            names = "--token-file",
            paramLabel = "F",
            description = "The bearer token of an account that is a viewer there, from 'exeat token create'.")
    private @Nullable Path tokenFile;

    @Option(
            names = "--ca-file",
            paramLabel = "F",
            description = "PEM certificates that vouch for the server, its bundle.pem (those of the JDK).")
    private @Nullable Path caFile;

    @Option(
            names = "--kubeconfig",
            paramLabel = "F",
            description = "Read the history of the server that this file names, as whom it says; instead of --server.")
    private @Nullable Path kubeconfig;

    boolean given() {
        return server != null || kubeconfig != null || tokenFile != null || caFile != null;
    }

    /** Whether the command line itself says so, and not the environment. */
    boolean saidHere() {
        ParseResult said = command.commandLine().getParseResult();
        return said.hasMatchedOption("--server") || said.hasMatchedOption("--kubeconfig");
    }

    /** @throws CommandFailure if a file cannot be used */
    FlowHistory open() {
        try {
            return new ServerFlows(named(), command.commandLine().getErr()::println);
        } catch (ObjectException | SvidUnavailableException e) {
            throw new CommandFailure(ExitCode.UNKNOWN, String.valueOf(e.getMessage()));
        }
    }

    private FlowServer named() {
        if (kubeconfig != null && server == null && tokenFile == null && caFile == null) {
            Access access = KubeconfigFile.read(kubeconfig);
            HttpClient http = HttpClient.newBuilder()
                    .version(HttpClient.Version.HTTP_1_1)
                    .sslContext(access.tls())
                    .connectTimeout(CONNECT)
                    .build();
            return new FlowServer(access.server(), http, access::authorization);
        }
        if (server == null || tokenFile == null || kubeconfig != null) {
            throw new ParameterException(
                    command.commandLine(),
                    "--server URL and --token-file F go together, and --ca-file F with them; or --kubeconfig F alone");
        }
        Path token = tokenFile;
        return new FlowServer(
                server,
                ServerLink.client(caFile, InstantSource.system(), CONNECT),
                () -> "Bearer " + ServerLink.token(token));
    }
}
