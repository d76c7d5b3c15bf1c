package dev.exeat.proxy.limit;

import dev.exeat.model.Reason;
import dev.exeat.model.SpiffeId;
import java.util.List;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** How many connections of a kind each identity may open and have. Thread-safe. */
public final class IdentityQuota {
    private final KeyedCounts<SpiffeId> counts;
    private final RateTable<SpiffeId> rates;

    /** @param nanos a clock as {@link System#nanoTime} */
    public IdentityQuota(PeerLimits limits, LongSupplier nanos) {
        this.counts = new KeyedCounts<>(limits.connectionsPerIdentity());
        this.rates = new RateTable<>(limits.ratePerIdentity(), limits.burstPerIdentity(), nanos);
    }

    /** Counts one more, or says why it may not be; each null is answered by one {@link #leave}. */
    public @Nullable Reason enter(SpiffeId identity) {
        if (!rates.take(identity)) {
            return Reason.LIMIT_RATE;
        }
        return counts.enter(identity) ? null : Reason.LIMIT_IDENTITY;
    }

    public void leave(SpiffeId identity) {
        counts.leave(identity);
    }

    /** How many the identity with the most has now. */
    public int highest() {
        return counts.highest();
    }

    /** The identities with the most, the highest first. */
    public List<KeyedCounts.Count<SpiffeId>> top(int most) {
        return counts.top(most);
    }
}
