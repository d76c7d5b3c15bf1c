package dev.exeat.identity;

import java.net.URI;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Where a process gets its SVID over the network.
 *
 * @param server the address of an Exeat API, {@code https://host:port}
 * @param caFile PEM roots that must vouch for the server, whose SPIFFE ID must then be the gateway account's of its
 *     trust domain; null for the system's trust store and a check of the host name
 * @param tokenFile holds the bearer token; read anew for each request
 */
public record ServerSvidOptions(URI server, @Nullable Path caFile, Path tokenFile) {
    /** @throws IllegalArgumentException if the server's address is not an https address */
    public ServerSvidOptions {
        if (!"https".equals(server.getScheme()) || server.getHost() == null) {
            throw new IllegalArgumentException("the server's address must be https://HOST[:PORT], not " + server);
        }
    }
}
