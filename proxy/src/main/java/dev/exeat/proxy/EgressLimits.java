package dev.exeat.proxy;

import dev.exeat.proxy.h2.H2Limits;
import dev.exeat.proxy.limit.PeerLimits;
import java.time.Duration;

/**
 * What one peer may take. Deadlines are absolute: no progress extends them.
 *
 * @param helloOctets the largest ClientHello
 * @param helloDeadline from the start of the tunnel to the complete ClientHello
 * @param handshakeDeadline from accept to the end of the outer TLS handshake
 * @param idleTimeout a tunnel without a byte in either direction ends after this time
 * @param totalTimeout a tunnel ends after this time whatever it does
 * @param connections how many connections may be open at once
 * @param peers what one source address and one identity may have
 * @param http2 what one HTTP/2 connection may cost
 */
public record EgressLimits(
        int helloOctets,
        Duration helloDeadline,
        Duration handshakeDeadline,
        Duration idleTimeout,
        Duration totalTimeout,
        int connections,
        PeerLimits peers,
        H2Limits http2) {
    public static final EgressLimits DEFAULT = new EgressLimits(
            64 * 1024,
            Duration.ofSeconds(10),
            Duration.ofSeconds(10),
            Duration.ofHours(1),
            Duration.ofHours(24),
            100_000,
            PeerLimits.DEFAULT,
            H2Limits.defaults());
}
