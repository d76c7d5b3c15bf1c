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
 * Where a gateway's identity and its objects come from: a server with a token, or files, or the identity from files and
 * the objects from a server. Checked here, because an argument group would not look at the environment.
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
            description =
                    "Follow the objects of this 'exeat up', https://HOST:PORT of its --api, and without --svid-dir ask"
                            + " for an SVID there.")
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
            return new IdentitySource.SvidDirectory(svidDir);
        }
        Enrolment enrolment = server();
        if (enrolment == null) {
            throw wrong("an identity is needed: give --svid-dir DIR, or --server URL with --token-file F");
        }
        return new IdentitySource.Server(enrolment);
    }

    /** Whose objects are followed, or null for nobody's. */
    public @Nullable Enrolment server() {
        if (server != null && tokenFile != null) {
            return new Enrolment(server, caFile, tokenFile);
        }
        if (server != null || tokenFile != null || caFile != null) {
            throw wrong("--server URL and --token-file F go together, and --ca-file F with them");
        }
        return null;
    }

    private ParameterException wrong(String message) {
        return new ParameterException(command.commandLine(), message);
    }
}
