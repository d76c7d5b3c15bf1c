package dev.exeat.cli.replay;

import dev.exeat.flow.ConnectionRecord.Verdict;
import dev.exeat.flow.query.Attempts;
import dev.exeat.flow.query.Flow;
import dev.exeat.model.Attempt;
import dev.exeat.model.PolicyRef;
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
            String identity,
            String address,
            String host,
            int port,
            Outcome before,
            Outcome after,
            String rule,
            String why) {}

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
     * @param rule the object that decides now, empty where none does
     * @param because what it says
     */
    record Flips(Flow example, Outcome before, Outcome after, long count, Instant last, String rule, String because) {}

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
        if (against == null && isDeniedForMore(flow)) {
            return;
        }
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
                                    rule(decision),
                                    because(decision)),
                            _ -> new Sum(flow))
                    .add(flow);
        }
    }

    /** What is denied for something that no policy changes, as for its address, stays denied. */
    private static boolean isDeniedForMore(Flow flow) {
        return flow.verdict() == Verdict.DENIED && !OF_POLICY.contains(flow.reason());
    }

    private static Outcome recorded(Flow flow) {
        if (flow.would()) {
            return Outcome.AUDIT;
        }
        return flow.verdict() == Verdict.DENIED ? Outcome.DENY : Outcome.ALLOW;
    }

    private static @Nullable Denial denial(Decision decision) {
        return switch (decision) {
            case Denial refused -> refused;
            case Permit permit -> permit.wouldDeny();
        };
    }

    private static String rule(Decision decision) {
        Denial denial = denial(decision);
        PolicyRef rule = denial != null ? denial.rule() : ((Permit) decision).rule();
        return rule == null ? "" : rule.object().toString();
    }

    private static String because(Decision decision) {
        Denial denial = denial(decision);
        if (denial != null) {
            return denial.message();
        }
        String rule = rule(decision);
        return rule.isEmpty() ? "nothing denies it" : rule + " allows it";
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
                        flip.getKey().rule(),
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
