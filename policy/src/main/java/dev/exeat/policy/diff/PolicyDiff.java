package dev.exeat.policy.diff;

import dev.exeat.model.Attempt;
import dev.exeat.model.HostPort;
import dev.exeat.model.SpiffeId;
import dev.exeat.policy.Decision;
import dev.exeat.policy.Snapshot;
import dev.exeat.policy.diff.Flip.Side;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/** Decides the same attempts under two sets of policies. Thread-safe. */
public final class PolicyDiff {
    private final Snapshot before;
    private final Snapshot after;

    public PolicyDiff(Snapshot before, Snapshot after) {
        this.before = before;
        this.after = after;
    }

    /** Makes the attempt of a client, which is null for one without an identity. */
    @FunctionalInterface
    public interface Attempts {
        Attempt attempt(@Nullable SpiffeId client, HostPort target);
    }

    /**
     * Every pair of a client and a host of which the verdict differs, by client and host. Uses all processors.
     *
     * @param progress told how many pairs more are done; from any thread
     */
    public List<Flip> flips(Population population, Attempts attempts, LongConsumer progress) {
        return population.clients().parallelStream()
                .map(client -> {
                    List<Flip> flips = new ArrayList<>();
                    for (HostPort target : population.targets()) {
                        Flip flip = flip(attempts.attempt(client.orElse(null), target));
                        if (flip != null) {
                            flips.add(flip);
                        }
                    }
                    progress.accept(population.targets().size());
                    return flips;
                })
                .flatMap(List::stream)
                .toList();
    }

    private @Nullable Flip flip(Attempt attempt) {
        Decision old = before.decide(attempt);
        Decision now = after.decide(attempt);
        return Outcome.of(old) == Outcome.of(now)
                ? null
                : new Flip(attempt.source(), attempt.target(), Side.of(old), Side.of(now));
    }
}
