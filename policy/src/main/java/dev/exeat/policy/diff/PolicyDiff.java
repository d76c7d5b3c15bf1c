package dev.exeat.policy.diff;

import dev.exeat.model.Attempt;
import dev.exeat.model.HelloFacts;
import dev.exeat.model.HostPort;
import dev.exeat.model.ListenerKind;
import dev.exeat.policy.Decision;
import dev.exeat.policy.Snapshot;
import dev.exeat.policy.diff.Flip.Side;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
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

    /**
     * What a client says in its ClientHello.
     *
     * @param name what is odd about it, for people; empty for a usual one
     */
    public record Hello(String name, Function<HostPort, HelloFacts> facts) {}

    /**
     * Every pair of a client and a host of which the verdict differs, by client and host; with several hellos the first
     * with which it does. Uses all processors.
     *
     * @param time of the attempts
     * @param progress told how many pairs more are done; from any thread
     */
    public List<Flip> flips(Population population, List<Hello> hellos, Instant time, LongConsumer progress) {
        return population.clients().parallelStream()
                .map(client -> {
                    List<Flip> flips = new ArrayList<>();
                    for (HostPort target : population.targets()) {
                        Flip flip = first(client, target, hellos, time);
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

    private @Nullable Flip first(Client client, HostPort target, List<Hello> hellos, Instant time) {
        for (Hello hello : hellos) {
            Attempt attempt = new Attempt(
                    "diff",
                    time,
                    client.identity() == null ? ListenerKind.PLAIN : ListenerKind.TUNNEL,
                    client.identity(),
                    client.address(),
                    target,
                    hello.facts().apply(target));
            Decision old = before.decide(attempt);
            Decision now = after.decide(attempt);
            if (Outcome.of(old) != Outcome.of(now)) {
                return new Flip(client, target, hello.name(), Side.of(old), Side.of(now));
            }
        }
        return null;
    }
}
