package dev.exeat.cli.settings;

import java.time.Duration;

/**
 * Bounds of the data plane.
 *
 * @param loops event loops, at least 1
 * @param maxConnections accepted connections at one time, at least 1
 * @param helloLimit octets of a ClientHello, 4 KiB to 128 KiB
 * @param helloTimeout absolute, from accept to the complete ClientHello
 * @param idleTimeout without a byte in either direction
 * @param tunnelTimeout the longest life of a connection
 */
public record LimitSettings(
        int loops,
        int maxConnections,
        int helloLimit,
        Duration helloTimeout,
        Duration idleTimeout,
        Duration tunnelTimeout) {}
