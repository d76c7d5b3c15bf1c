package dev.exeat.proxy.limit;

/**
 * What one peer may have of a gateway. Each is at least 1.
 *
 * @param connectionsPerSource TCP connections of one source address at one time, before anything else is known of them
 * @param connectionsPerIdentity at one time: tunnels, and beside them HTTP/2 connections that carry tunnels
 * @param ratePerIdentity new ones in a second, of each of the two
 * @param burstPerIdentity new ones at once, after a rest
 */
public record PeerLimits(
        int connectionsPerSource, int connectionsPerIdentity, int ratePerIdentity, int burstPerIdentity) {
    public static final PeerLimits DEFAULT = new PeerLimits(16_384, 16_384, 5_000, 10_000);

    public PeerLimits {
        if (connectionsPerSource < 1 || connectionsPerIdentity < 1 || ratePerIdentity < 1 || burstPerIdentity < 1) {
            throw new IllegalArgumentException("the limits of a peer are at least 1");
        }
    }
}
