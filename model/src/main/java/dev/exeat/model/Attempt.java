package dev.exeat.model;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One connection that asks for a verdict: who, from where, to what. All names have been checked and agree.
 *
 * @param connectionId unique in the life of the process
 * @param source the verified identity, or null on a listener without one
 * @param sourceAddress the peer's address as the socket tells it
 * @param hello what the application's ClientHello says, or null where a CONNECT authority asks before it arrived:
 *     a denial that needs no hello can then be told in the answer to the CONNECT
 */
public record Attempt(
        String connectionId,
        Instant time,
        ListenerKind listener,
        @Nullable SpiffeId source,
        IpAddress sourceAddress,
        HostPort target,
        @Nullable HelloFacts hello) {

    /** The same at another time. */
    public Attempt at(Instant when) {
        return new Attempt(connectionId, when, listener, source, sourceAddress, target, hello);
    }
}
