package dev.exeat.control.gateways;

import java.time.Duration;

/**
 * A gateway that reported.
 *
 * @param silence how long ago
 * @param live whether that is less than {@link Gateways#AWAY}; what is not live may be gone, and nobody waits for it
 */
public record KnownGateway(GatewayReport report, Duration silence, boolean live) {}
