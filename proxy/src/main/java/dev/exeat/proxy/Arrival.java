package dev.exeat.proxy;

import dev.exeat.model.Attempt;
import dev.exeat.model.HelloFacts;
import dev.exeat.model.HostPort;
import dev.exeat.model.IpAddress;
import dev.exeat.model.ListenerKind;
import dev.exeat.model.SpiffeId;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How an application's connection reached the gateway, and what was proved and claimed on the way.
 *
 * @param id the connection's id, as in its record
 * @param identity proved by the certificate, or null on a listener without identities
 * @param connectTarget what the CONNECT authority named, or null where there was no CONNECT
 * @param outerName the server name of the outer handshake where it names the target (no CONNECT on a tunnel
 *     listener), else null
 */
public record Arrival(
        String id,
        ListenerKind listener,
        TunnelMode mode,
        @Nullable SpiffeId identity,
        IpAddress sourceAddress,
        @Nullable HostPort connectTarget,
        @Nullable String outerName) {

    Attempt attempt(Instant time, HostPort target, @Nullable HelloFacts hello) {
        return new Attempt(id, time, listener, identity, sourceAddress, target, hello);
    }

    /** The port of TLS, for arrivals that name none. */
    static final int DEFAULT_PORT = 443;

    int port() {
        return connectTarget == null ? DEFAULT_PORT : connectTarget.port();
    }
}
