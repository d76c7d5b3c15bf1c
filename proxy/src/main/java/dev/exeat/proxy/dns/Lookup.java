package dev.exeat.proxy.dns;

import dev.exeat.model.IpAddress;
import dev.exeat.model.Reason;
import dev.exeat.model.ServerName;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.xbill.DNS.Name;
import org.xbill.DNS.TextParseException;
import org.xbill.DNS.Type;

/** Resolves a name over the network: both address families at once, under one deadline. Thread-safe. */
final class Lookup {
    /**
     * How long a family that has answered waits for the other. Longer than RFC 8305 section 3 recommends, because the
     * result is shared by many connections.
     */
    private static final Duration GRACE = Duration.ofMillis(300);
    /** A result that lacks a family because it was late is not kept longer. */
    private static final long INCOMPLETE_TTL = 1;

    /**
     * @param ttl in seconds, as the servers said; 0 where they said nothing
     */
    record Outcome(Resolution resolution, long ttl) {}

    private record Arrival(int type, Family family) {}

    private final ServerRace race;
    private final ThreadFactory threads;
    private final ResolverObserver observer;
    private final SecureRandom random = new SecureRandom();
    private final DnsLimits limits;

    Lookup(ResolverOptions options, ThreadFactory threads, ResolverObserver observer) {
        this.race = new ServerRace(options.servers(), options.attempt(), threads);
        this.threads = threads;
        this.limits = options.limits();
        this.observer = observer;
    }

    /** Blocks until there is an outcome, at most for {@code limit}. */
    Outcome resolve(ServerName name, Duration limit) throws InterruptedException {
        long deadline = System.nanoTime() + limit.toNanos();
        BlockingQueue<Arrival> arrivals = new LinkedBlockingQueue<>();
        Thread v6 = start(name, Type.AAAA, deadline, arrivals);
        Thread v4 = start(name, Type.A, deadline, arrivals);
        try {
            Arrival first = arrivals.poll(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
            if (first == null) {
                return outcome(late(), late());
            }
            long wait = deadline - System.nanoTime();
            if (first.family instanceof Family.None(boolean noName, long ttl) && noName) {
                return outcome(first.family, first.family);
            } else if (first.family instanceof Family.Found) {
                wait = Math.min(wait, GRACE.toNanos());
            }
            Arrival second = arrivals.poll(wait, TimeUnit.NANOSECONDS);
            Family other = second == null ? late() : second.family;
            return first.type == Type.AAAA ? outcome(first.family, other) : outcome(other, first.family);
        } finally {
            v6.interrupt();
            v4.interrupt();
        }
    }

    private Thread start(ServerName name, int type, long deadline, BlockingQueue<Arrival> arrivals) {
        Thread thread = threads.newThread(() -> arrivals.add(new Arrival(type, ask(name, type, deadline))));
        thread.start();
        return thread;
    }

    private Family ask(ServerName name, int type, long deadline) {
        try {
            Exchange exchange = new Exchange(random, limits, why -> observer.ignored(name, why));
            Chain chain = new Chain(Name.fromString(name.value() + "."), type, limits.cnames());
            Family family = null;
            while (family == null) {
                family = chain.follow(race.ask(exchange, chain.question(), deadline));
            }
            return family;
        } catch (DnsFailure e) {
            return new Family.Failed(e);
        } catch (InterruptedException e) {
            return late();
        } catch (TextParseException | RuntimeException e) {
            return new Family.Failed(new DnsFailure(Reason.DNS_ERROR, "The resolver failed: " + e));
        }
    }

    private static Family late() {
        return new Family.Failed(new DnsFailure(Reason.DNS_TIMEOUT, "No name server answered in time."));
    }

    private static Outcome outcome(Family v6, Family v4) {
        if (v6 instanceof Family.Found || v4 instanceof Family.Found) {
            return found(v6, v4);
        }
        if (v6 instanceof Family.None(boolean noName6, long ttl6)
                && v4 instanceof Family.None(boolean noName4, long ttl4)) {
            String detail = noName6 || noName4 ? "The name does not exist." : "The name has no addresses.";
            return new Outcome(new Resolution.Failed(Reason.DNS_NXDOMAIN, detail), Math.min(ttl6, ttl4));
        }
        DnsFailure failure = worse(failure(v4), failure(v6));
        return new Outcome(new Resolution.Failed(failure.reason(), failure.detail()), 0);
    }

    private static @Nullable DnsFailure failure(Family family) {
        return family instanceof Family.Failed failed ? failed.failure() : null;
    }

    /** An error says more than a silence. */
    private static DnsFailure worse(@Nullable DnsFailure a, @Nullable DnsFailure b) {
        if (a == null || (b != null && a.reason() == Reason.DNS_TIMEOUT)) {
            return b == null ? new DnsFailure(Reason.DNS_ERROR, "There is no answer.") : b;
        }
        return a;
    }

    private static Outcome found(Family v6, Family v4) {
        List<IpAddress> sixes = v6 instanceof Family.Found f ? f.addresses() : List.of();
        List<IpAddress> fours = v4 instanceof Family.Found f ? f.addresses() : List.of();
        List<Name> aliases = v6 instanceof Family.Found f ? f.aliases() : ((Family.Found) v4).aliases();
        long ttl = Math.min(ttl(v6), ttl(v4));
        List<String> cnames = aliases.stream().map(n -> n.toString(true)).toList();
        return new Outcome(new Resolution.Resolved(interleave(sixes, fours), cnames, Duration.ofSeconds(ttl)), ttl);
    }

    private static long ttl(Family family) {
        return switch (family) {
            case Family.Found found -> found.ttl();
            case Family.None none -> Long.MAX_VALUE;
            case Family.Failed failed -> INCOMPLETE_TTL;
        };
    }

    private static List<IpAddress> interleave(List<IpAddress> sixes, List<IpAddress> fours) {
        List<IpAddress> both = new ArrayList<>(sixes.size() + fours.size());
        for (int i = 0; i < Math.max(sixes.size(), fours.size()); i++) {
            if (i < sixes.size()) {
                both.add(sixes.get(i));
            }
            if (i < fours.size()) {
                both.add(fours.get(i));
            }
        }
        return both;
    }
}
