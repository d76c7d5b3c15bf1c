package dev.exeat.cli.options;

import dev.exeat.cli.settings.Enrolment;
import dev.exeat.cli.settings.IdentitySource;
import java.net.URI;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * Where a gateway's identity comes from: files, or a server with a token. Checked here, because an argument group
 * would not look at the environment.
 */
@SuppressWarnings("NullAway.Init") // picocli fills the fields
public final class GatewayIdentityOptions {
    @Spec(Spec.Target.MIXEE)
    private CommandSpec command;

    @Option(
            names = "--svid-dir",
            paramLabel = "DIR",
            description = "Take svid.pem, key.pem and bundle.pem from this directory, again when they change.")
    private @Nullable Path svidDir;

    @Option(
            names = "--server",
            paramLabel = "URL",
            converter = ServerUrlConverter.class,
            description = "Or ask for an SVID here: https://HOST:PORT of --api of an 'exeat up'.")
    private @Nullable URI server;

    @Option(
            names = "--ca-file",
            paramLabel = "F",
            description = "PEM certificates that vouch for the server, its bundle.pem (those of the JDK).")
    private @Nullable Path caFile;

    @Option(
            names = "--token-file",
            paramLabel = "F",
            description = "The bearer token of the gateway's service account, from 'exeat token create'.")
    private @Nullable Path tokenFile;

    public IdentitySource source() {
        if (svidDir != null) {
            if (server != null || tokenFile != null || caFile != null) {
                throw wrong("--svid-dir goes without --server, --token-file and --ca-file; give one or the other");
            }
            return new IdentitySource.SvidDirectory(svidDir);
        }
        if (server == null || tokenFile == null) {
            throw wrong("an identity is needed: give --svid-dir DIR, or --server URL with --token-file F");
        }
        return new IdentitySource.Server(new Enrolment(server, caFile, tokenFile));
    }

    private ParameterException wrong(String message) {
        return new ParameterException(command.commandLine(), message);
    }
}
