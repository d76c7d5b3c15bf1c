package dev.exeat.proxy.dns;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.exeat.model.Reason;
import dev.exeat.model.ServerName;
import dev.exeat.proxy.dns.ResolverObserver.Source;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Resolves host names by asking the configured name servers, and nothing but the name itself: no search domain, no
 * hosts file, no question before {@link #resolve} is called. Callers that want the same name at the same time share one
 * lookup. Answers are kept for their time to live, 1 s to 300 s (none at all where it is 0); that there is no answer for
 * up to 30 s (RFC 2308), and that servers fail for 1 s (RFC 9520). An answer past its time serves for an hour more while
 * the servers fail (RFC 8767); only the first who ask then wait for the servers. Thread-safe.
 */
public final class Resolver implements AutoCloseable {
    static final Duration MAX_TTL = Duration.ofMinutes(5);
    static final Duration MAX_NEGATIVE_TTL = Duration.ofSeconds(30);
    static final Duration FAILURE_TTL = Duration.ofSeconds(1);
    static final Duration MAX_STALE = Duration.ofHours(1);
    /** Where an old answer can be had, the servers have this long to give a new one (RFC 8767 section 5). */
    static final Duration REFRESH = Duration.ofMillis(1800);
    /** And are left alone for so long once they did not. */
    static final Duration REFRESH_PAUSE = Duration.ofSeconds(3);
    /** For so long after that pause nobody waits for them again: they are asked beside, and the old answer is given. */
    static final Duration RECENT_FAILURE = Duration.ofSeconds(30);

    private static final Logger LOG = LoggerFactory.getLogger(Resolver.class);

    /** What is remembered of a name; times in terms of the clock. */
    private record Entry(
            Resolution.@Nullable Resolved good,
            long freshUntil,
            Resolution.@Nullable Failed failure,
            long failedUntil) {

        boolean isFresh(long now) {
            return good != null && freshUntil - now > 0;
        }

        boolean isFailed(long now) {
            return failure != null && failedUntil - now > 0;
        }

        boolean hasFailedLately(long now) {
            return failure != null && failedUntil + RECENT_FAILURE.toNanos() - now > 0;
        }

        Resolution.@Nullable Resolved stale(long now) {
            return good != null && freshUntil + MAX_STALE.toNanos() - now > 0 ? good : null;
        }
    }

    private record Waiter(Consumer<Resolution> done, long since) {}

    private record Answer(Resolution resolution, Source source) {}

    /** Those who wait for one lookup; null once it has ended. */
    private static final class Flight {
        private @Nullable List<Waiter> waiters = new ArrayList<>(1);

        synchronized boolean join(Waiter waiter) {
            if (waiters == null) {
                return false;
            }
            return waiters.add(waiter);
        }

        synchronized List<Waiter> end() {
            List<Waiter> all = waiters == null ? List.of() : waiters;
            waiters = null;
            return all;
        }
    }

    private final ResolverOptions options;
    private final LongSupplier nanos;
    private final ResolverObserver observer;
    private final Lookup lookup;
    private final Cache<ServerName, Entry> cache;
    private final ConcurrentMap<ServerName, Flight> flights = new ConcurrentHashMap<>();
    private final AtomicInteger inFlight = new AtomicInteger();
    private final Set<Thread> running = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    /** @param nanos the clock of the cache, as {@link System#nanoTime} */
    public Resolver(ResolverOptions options, LongSupplier nanos, ResolverObserver observer) {
        ThreadFactory threads = Thread.ofVirtual().name("exeat-dns-", 0).factory();
        this.options = options;
        this.nanos = nanos;
        this.observer = observer;
        this.lookup = new Lookup(options, threads, observer);
        this.cache = Caffeine.newBuilder().maximumSize(options.cacheSize()).build();
    }

    /**
     * Resolves a name; never blocks. {@code done} is called once, on a virtual thread, at the latest after the total
     * time of the options; it must not block, because others wait behind it.
     */
    public void resolve(ServerName name, Consumer<Resolution> done) {
        Waiter waiter = new Waiter(done, nanos.getAsLong());
        Answer known = fromCache(name, waiter.since);
        if (known != null) {
            Thread.startVirtualThread(() -> tell(name, waiter, known, Duration.ZERO));
            return;
        }
        while (true) {
            Flight flight = flights.get(name);
            if (flight == null) {
                Flight own = new Flight();
                own.join(waiter);
                if (flights.putIfAbsent(name, own) == null) {
                    launch(name, own);
                    return;
                }
            } else if (flight.join(waiter)) {
                return;
            } else {
                flights.remove(name, flight);
            }
        }
    }

    /** The answer that may be used now without asking anybody, or null; never blocks. */
    public Resolution.@Nullable Resolved cached(ServerName name) {
        long now = nanos.getAsLong();
        Entry entry = cache.getIfPresent(name);
        if (entry == null || !entry.isFresh(now) || entry.good == null) {
            return null;
        }
        observer.resolved(name, entry.good, Source.CACHE, Duration.ZERO);
        return entry.good;
    }

    private @Nullable Answer fromCache(ServerName name, long now) {
        Entry entry = cache.getIfPresent(name);
        if (entry == null) {
            return null;
        }
        if (entry.good != null && entry.isFresh(now)) {
            return new Answer(entry.good, Source.CACHE);
        }
        Resolution.Resolved stale = entry.stale(now);
        if (stale != null && entry.hasFailedLately(now)) {
            if (!entry.isFailed(now)) {
                refreshBeside(name);
            }
            return new Answer(stale, Source.STALE);
        }
        return entry.failure != null && entry.isFailed(now) ? new Answer(entry.failure, Source.CACHE) : null;
    }

    private void refreshBeside(ServerName name) {
        Flight flight = new Flight();
        if (flights.putIfAbsent(name, flight) == null) {
            launch(name, flight);
        }
    }

    private void launch(ServerName name, Flight flight) {
        boolean taken = inFlight.incrementAndGet() <= options.maxInFlight();
        Thread.startVirtualThread(() -> {
            Answer answer = null;
            try {
                running.add(Thread.currentThread());
                if (taken && !closed) {
                    answer = ask(name);
                }
            } finally {
                running.remove(Thread.currentThread());
                inFlight.decrementAndGet();
                flights.remove(name, flight);
                Answer told = answer == null ? refused(taken) : answer;
                flight.end().forEach(waiter -> tell(name, waiter, told, waited(waiter)));
            }
        });
    }

    private Answer refused(boolean taken) {
        String detail = taken ? "The resolver is closed." : "Too many names are being resolved at once.";
        return new Answer(new Resolution.Failed(Reason.DNS_ERROR, detail), Source.NETWORK);
    }

    private @Nullable Answer ask(ServerName name) {
        Entry before = cache.getIfPresent(name);
        Resolution.Resolved stale = before == null ? null : before.stale(nanos.getAsLong());
        Duration limit = stale == null || options.total().compareTo(REFRESH) < 0 ? options.total() : REFRESH;
        try {
            Lookup.Outcome outcome = lookup.resolve(name, limit);
            return remember(name, outcome, before, stale);
        } catch (InterruptedException e) {
            return null;
        }
    }

    private Answer remember(
            ServerName name, Lookup.Outcome outcome, @Nullable Entry before, Resolution.@Nullable Resolved stale) {
        long now = nanos.getAsLong();
        return switch (outcome.resolution()) {
            case Resolution.Resolved resolved -> keep(name, resolved, now);
            case Resolution.Failed failed -> {
                boolean definite = failed.reason() == Reason.DNS_NXDOMAIN;
                if (!definite && stale != null && before != null) {
                    cache.put(name, new Entry(stale, before.freshUntil, failed, now + REFRESH_PAUSE.toNanos()));
                    yield new Answer(stale, Source.STALE);
                }
                Duration kept = definite && outcome.ttl() > 0
                        ? min(Duration.ofSeconds(outcome.ttl()), MAX_NEGATIVE_TTL)
                        : FAILURE_TTL;
                cache.put(name, new Entry(null, now, failed, now + kept.toNanos()));
                yield new Answer(failed, Source.NETWORK);
            }
        };
    }

    private Answer keep(ServerName name, Resolution.Resolved resolved, long now) {
        Duration ttl = min(resolved.ttl(), MAX_TTL);
        Resolution.Resolved kept = new Resolution.Resolved(resolved.addresses(), resolved.cnames(), ttl);
        if (ttl.isZero()) {
            cache.invalidate(name);
        } else {
            cache.put(name, new Entry(kept, now + ttl.toNanos(), null, now));
        }
        return new Answer(kept, Source.NETWORK);
    }

    private static Duration min(Duration a, Duration b) {
        return a.compareTo(b) < 0 ? a : b;
    }

    private Duration waited(Waiter waiter) {
        return Duration.ofNanos(nanos.getAsLong() - waiter.since);
    }

    private void tell(ServerName name, Waiter waiter, Answer answer, Duration took) {
        try {
            observer.resolved(name, answer.resolution, answer.source, took);
            waiter.done.accept(answer.resolution);
        } catch (RuntimeException e) {
            LOG.atError().setCause(e).log("A receiver of a resolved name failed.");
        }
    }

    /** Ends what is under way; those who wait are told that the resolver is closed. */
    @Override
    public void close() {
        closed = true;
        running.forEach(Thread::interrupt);
    }
}
