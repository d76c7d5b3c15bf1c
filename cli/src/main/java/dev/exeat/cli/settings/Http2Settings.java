package dev.exeat.cli.settings;

import dev.exeat.proxy.h2.AbuseLimits;

/**
 * What one HTTP/2 connection of a client may cost.
 *
 * @param tunnels at one time, at least 1
 * @param headerLimit octets of a request's header list, 1 KiB to 1 MiB
 * @param floods frames that cost more than they carry, so many of each kind in 10 s
 */
public record Http2Settings(int tunnels, int headerLimit, AbuseLimits floods) {}
