package dev.exeat.cli.replay;

import dev.exeat.flow.ConnectionRecord.Verdict;
import dev.exeat.flow.query.Attempts;
import dev.exeat.flow.query.Flow;
import dev.exeat.model.Attempt;
import dev.exeat.model.Reason;
import dev.exeat.policy.Decision;
import dev.exeat.policy.Denial;
import dev.exeat.policy.Permit;
import dev.exeat.policy.Snapshot;
import dev.exeat.policy.diff.Outcome;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Decides recorded attempts again, as of the time when each came, and gathers those that end otherwise. Not thread-safe. */
final class Replay {
    /** What a policy refuses for; what is refused for anything else, a policy had let pass. */
    private static final Set<String> OF_POLICY =
            Set.of(Reason.HOST_UNKNOWN.code(), Reason.POLICY_DENIED.code(), Reason.POLICY_ERROR.code());

    private final Snapshot proposed;
    private final @Nullable Snapshot against;
    private final Attempts attempts = new Attempts();
    private final Map<Key, Sum> flips = new HashMap<>();
    private long judged;
    private long unjudged;
    private long flipped;

    /** What is told apart. */
    private record Key(
            String identity, String address, String host, int port, Outcome before, Outcome after, String why) {}

    private static final class Sum {
        private final Flow example;
        private long count;
        private Instant last;

        Sum(Flow first) {
            this.example = first;
            this.last = first.time();
        }

        void add(Flow flow) {
            count++;
            last = flow.time().isAfter(last) ? flow.time() : last;
        }
    }

    /**
     * Connections that end otherwise.
     *
     * @param example one of them
     * @param because the object that decides now, or what it says
     */
    record Flips(Flow example, Outcome before, Outcome after, long count, Instant last, String because) {}

    /** @param against null to compare with what was recorded */
    Replay(Snapshot proposed, @Nullable Snapshot against) {
        this.proposed = proposed;
        this.against = against;
    }

    void add(Flow flow) {
        Attempt attempt = attempts.of(flow);
        if (attempt == null) {
            unjudged++;
            return;
        }
        judged++;
        Decision decision = proposed.decide(attempt);
        Outcome after = Outcome.of(decision);
        Outcome before = against == null ? recorded(flow) : Outcome.of(against.decide(attempt));
        if (before != after) {
            flipped++;
            String identity = flow.who().identity();
            flips.computeIfAbsent(
                            new Key(
                                    identity,
                                    identity.isEmpty() ? flow.who().address() : "",
                                    flow.what().host(),
                                    flow.what().port(),
                                    before,
                                    after,
                                    because(decision)),
                            _ -> new Sum(flow))
                    .add(flow);
        }
    }

    private static Outcome recorded(Flow flow) {
        if (flow.would()) {
            return Outcome.AUDIT;
        }
        return flow.verdict() == Verdict.DENIED && OF_POLICY.contains(flow.reason()) ? Outcome.DENY : Outcome.ALLOW;
    }

    private static String because(Decision decision) {
        Denial denial = switch (decision) {
            case Denial refused -> refused;
            case Permit permit -> permit.wouldDeny();
        };
        if (denial != null) {
            return denial.message();
        }
        var rule = ((Permit) decision).rule();
        return rule == null ? "nothing denies it" : rule.object().toString();
    }

    /** The most frequent first. */
    Collection<Flips> flips() {
        return flips.entrySet().stream()
                .map(flip -> new Flips(
                        flip.getValue().example,
                        flip.getKey().before(),
                        flip.getKey().after(),
                        flip.getValue().count,
                        flip.getValue().last,
                        flip.getKey().why()))
                .sorted(Comparator.comparingLong(Flips::count)
                        .reversed()
                        .thenComparing(flip -> flip.example().who().identity())
                        .thenComparing(flip -> flip.example().what().host()))
                .toList();
    }

    /** Attempts that were decided again. */
    long judged() {
        return judged;
    }

    /** Records of connections that ended before any policy was asked. */
    long unjudged() {
        return unjudged;
    }

    /** Attempts that end otherwise. */
    long flipped() {
        return flipped;
    }
}
