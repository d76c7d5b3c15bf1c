package dev.exeat.proxy.dns;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;

/**
 * How names are resolved.
 *
 * @param servers recursive name servers, asked in this order
 * @param total the absolute deadline of one resolution
 * @param attempt after which the next server is asked as well
 * @param maxInFlight names that may be resolved at once; more fail at once
 * @param cacheSize names that are remembered
 */
public record ResolverOptions(
        List<InetSocketAddress> servers, Duration total, Duration attempt, int maxInFlight, int cacheSize) {

    public ResolverOptions {
        servers = List.copyOf(servers);
        if (servers.isEmpty()) {
            throw new IllegalArgumentException("There is no name server. Name one with --resolver ADDRESS:PORT.");
        }
        if (total.isNegative() || total.isZero() || attempt.isNegative() || attempt.isZero()) {
            throw new IllegalArgumentException("The time-outs of name resolution are not positive.");
        }
        if (maxInFlight < 1 || cacheSize < 1) {
            throw new IllegalArgumentException("The limits of name resolution are below 1.");
        }
    }

    /** The usual bounds with these servers: 5 s in all, the next server after 1.5 s. */
    public static ResolverOptions of(List<InetSocketAddress> servers) {
        return new ResolverOptions(servers, Duration.ofSeconds(5), Duration.ofMillis(1500), 1000, 10_000);
    }
}
