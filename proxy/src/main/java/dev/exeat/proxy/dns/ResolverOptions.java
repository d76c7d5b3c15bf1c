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
 * @param limits what an answer may be
 */
public record ResolverOptions(
        List<InetSocketAddress> servers,
        Duration total,
        Duration attempt,
        int maxInFlight,
        int cacheSize,
        DnsLimits limits) {

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

    /** With the usual limits of answers. */
    public ResolverOptions(
            List<InetSocketAddress> servers, Duration total, Duration attempt, int maxInFlight, int cacheSize) {
        this(servers, total, attempt, maxInFlight, cacheSize, DnsLimits.DEFAULT);
    }

    /** The usual bounds with these servers: 5 s in all, the next server after 1.5 s. */
    public static ResolverOptions of(List<InetSocketAddress> servers) {
        return of(servers, Duration.ofSeconds(5), DnsLimits.DEFAULT);
    }

    /** The usual bounds but for the time in all and the limits of answers. */
    public static ResolverOptions of(List<InetSocketAddress> servers, Duration total, DnsLimits limits) {
        return new ResolverOptions(servers, total, Duration.ofMillis(1500), 1000, 10_000, limits);
    }
}
