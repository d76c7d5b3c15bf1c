package dev.exeat.cli.settings;

import java.net.URI;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Where and with what a workload asks for its SVID.
 *
 * @param server {@code https://host:port}, the address of {@code --api} of an {@code exeat up}
 * @param caFile PEM certificates that vouch for the server, or null for those of the JDK
 * @param tokenFile read again for every request, so that a token can be replaced in place
 */
public record Enrolment(URI server, @Nullable Path caFile, Path tokenFile) {}
