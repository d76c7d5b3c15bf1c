package dev.exeat.cli.options;

import dev.exeat.cli.settings.Enrolment;
import java.net.URI;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where and with what to ask for an SVID. */
@SuppressWarnings("NullAway.Init") // picocli fills the fields
public final class EnrolmentOptions {
    @Option(
            names = "--server",
            paramLabel = "URL",
            required = true,
            converter = ServerUrlConverter.class,
            description = "Where to ask for an SVID: https://HOST:PORT of --api of an 'exeat up'.")
    private URI server;

    @Option(
            names = "--ca-file",
            paramLabel = "F",
            description = "PEM certificates that vouch for the server, its bundle.pem (those of the JDK).")
    private @Nullable Path caFile;

    @Option(
            names = "--token-file",
            paramLabel = "F",
            required = true,
            description = "The bearer token of the service account, from 'exeat token create'.")
    private Path tokenFile;

    public Enrolment settings() {
        return new Enrolment(server, caFile, tokenFile);
    }
}
