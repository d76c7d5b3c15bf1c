package dev.exeat.net;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How a relay runs.
 *
 * @param idleTimeout ends it after so long without a byte in either direction
 * @param totalTimeout ends it in any case
 * @param clientGate for the direction from the client, or null for none
 * @param upstreamGate for the direction from the upstream, or null for none
 * @param first bytes that were read from the client already; they go first, through the gate
 */
public record RelayOptions(
        Duration idleTimeout,
        Duration totalTimeout,
        @Nullable Gate clientGate,
        @Nullable Gate upstreamGate,
        byte[] first) {}
