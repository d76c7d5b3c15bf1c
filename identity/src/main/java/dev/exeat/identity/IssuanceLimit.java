package dev.exeat.identity;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * How often one identity may ask for certificates: a bucket of {@link #BURST} that refills at one a second. The number
 * of remembered identities is bounded. Thread-safe.
 */
final class IssuanceLimit {
    static final int BURST = 60;

    private static final int MAX_IDENTITIES = 100_000;
    private static final double PER_NANO = 1e-9;

    private final LongSupplier nanoTime;
    private final Cache<ServiceAccountRef, Bucket> buckets = Caffeine.newBuilder()
            // A bucket that nobody has taken from for this long is full, and needs no memory.
            .expireAfterAccess(Duration.ofSeconds(BURST * 2L))
            .maximumSize(MAX_IDENTITIES)
            .executor(Runnable::run)
            .build();

    /** How many were left at a time of {@code nanoTime}. */
    private record Bucket(double left, long at) {}

    /** @param nanoTime never goes back, as a wall clock may */
    IssuanceLimit(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    /** Takes one; false if none is left. */
    boolean allows(ServiceAccountRef account) {
        boolean[] allowed = new boolean[1];
        buckets.asMap().compute(account, (key, bucket) -> {
            long now = nanoTime.getAsLong();
            double left = bucket == null ? BURST : Math.min(BURST, bucket.left + (now - bucket.at) * PER_NANO);
            allowed[0] = left >= 1;
            return new Bucket(allowed[0] ? left - 1 : left, now);
        });
        return allowed[0];
    }
}
