package dev.exeat.cli.replay;

import dev.exeat.flow.ConnectionRecord.Verdict;
import dev.exeat.flow.query.Attempts;
import dev.exeat.flow.query.Flow;
import dev.exeat.flow.query.PolicyReasons;
import dev.exeat.flow.store.MinuteSum;
import dev.exeat.flow.store.MinuteSum.Group;
import dev.exeat.model.Attempt;
import dev.exeat.model.PolicyRef;
import dev.exeat.policy.Decision;
import dev.exeat.policy.Denial;
import dev.exeat.policy.Permit;
import dev.exeat.policy.Snapshot;
import dev.exeat.policy.diff.Outcome;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Decides recorded attempts again, as of the time when each came, and gathers those that would no longer pass, or now
 * would. Compared with what was recorded, an attempt that later policies judged otherwise is none of them if it ends as
 * those say. Not thread-safe.
 */
final class Replay {
    /** Clients choose hosts and what messages say, so that only so many are told apart. */
    private static final int MOST = 100_000;

    private final Snapshot proposed;
    private final @Nullable Snapshot against;
    private final Attempts attempts = new Attempts();
    private final Map<Key, Sum> flips = new HashMap<>();
    private final Map<Pair, Newest> newest = new HashMap<>();
    private long judged;
    private long unjudged;
    private long auditsEnded;
    private long auditsBegun;

    /** A client and its target. */
    private record Pair(String identity, String address, String host, int port) {
        static Pair of(Flow flow) {
            String identity = flow.who().identity();
            return new Pair(
                    identity,
                    identity.isEmpty() ? flow.who().address() : "",
                    flow.what().host(),
                    flow.what().port());
        }

        /** All targets of all clients beyond those that are told apart. */
        static Pair other() {
            return new Pair(MinuteSum.OTHER, "", MinuteSum.OTHER, 0);
        }
    }

    /** What is told apart; the digest is of the policies that were recorded with it. */
    private record Key(Pair pair, Outcome before, Outcome after, String rule, String why, String digest) {}

    /** What was recorded last. */
    private record Newest(Instant time, boolean passes, String digest) {}

    private static final class Sum {
        private final String example;
        private long count;
        private Instant last;

        Sum(Flow first) {
            this.example = first.id();
            this.last = first.time();
        }

        void add(Instant time, long more) {
            count += more;
            last = time.isAfter(last) ? time : last;
        }
    }

    /**
     * Connections that end otherwise.
     *
     * @param address of a client without an identity; else empty
     * @param example the id of one of them
     * @param rule the object that decides now, empty where none does
     * @param because what it says
     */
    record Flips(
            String identity,
            String address,
            String host,
            int port,
            Outcome before,
            Outcome after,
            long count,
            Instant last,
            String example,
            String rule,
            String because) {}

    /**
     * What a replay found.
     *
     * @param flips the most frequent first
     * @param judged attempts that were decided again
     * @param unjudged records of connections that ended before any policy was asked
     * @param flipped attempts that end otherwise
     * @param superseded attempts that end otherwise than recorded, but as later policies had said already
     * @param auditsEnded attempts that passed only because of an audit, and simply pass
     * @param auditsBegun attempts that simply passed, and pass only because of an audit
     * @param folded whether some flips are told under {@value MinuteSum#OTHER}
     */
    record Result(
            List<Flips> flips,
            long judged,
            long unjudged,
            long flipped,
            long superseded,
            long auditsEnded,
            long auditsBegun,
            boolean folded) {}

    /** @param against null to compare with what was recorded */
    Replay(Snapshot proposed, @Nullable Snapshot against) {
        this.proposed = proposed;
        this.against = against;
    }

    void add(Flow flow) {
        Attempt attempt = attempts.of(flow);
        if (attempt == null || isGivenUp(flow)) {
            unjudged++;
            return;
        }
        judged++;
        if (against != null) {
            compare(flow, Outcome.of(against.decide(attempt)), proposed.decide(attempt));
        } else if (!isDeniedForMore(flow)) {
            Outcome before = recorded(flow);
            keepNewest(flow, passes(before));
            compare(flow, before, proposed.decide(attempt));
        }
    }

    /** What the client gave up before policies were known to let it pass, which no suggestion holds either. */
    private static boolean isGivenUp(Flow flow) {
        return flow.verdict() == Verdict.FAILED && !Group.of(flow).judged();
    }

    /** What is denied for something that no policy changes, as for its address, stays denied. */
    private static boolean isDeniedForMore(Flow flow) {
        return flow.verdict() == Verdict.DENIED && !PolicyReasons.isRefusal(flow.reason());
    }

    private static Outcome recorded(Flow flow) {
        if (flow.verdict() == Verdict.DENIED) {
            return Outcome.DENY;
        }
        return flow.would() ? Outcome.AUDIT : Outcome.ALLOW;
    }

    private static boolean passes(Outcome outcome) {
        return outcome != Outcome.DENY;
    }

    private void keepNewest(Flow flow, boolean passes) {
        Pair pair = Pair.of(flow);
        Newest known = newest.get(pair);
        if (known == null ? newest.size() < MOST : !flow.time().isBefore(known.time())) {
            newest.put(pair, new Newest(flow.time(), passes, flow.digest()));
        }
    }

    private void compare(Flow flow, Outcome before, Decision decision) {
        Outcome after = Outcome.of(decision);
        if (passes(before) != passes(after)) {
            Key key = new Key(Pair.of(flow), before, after, rule(decision), because(decision), flow.digest());
            if (!flips.containsKey(key) && flips.size() >= MOST) {
                key = new Key(Pair.other(), before, after, "", "", "");
            }
            flips.computeIfAbsent(key, _ -> new Sum(flow)).add(flow.time(), 1);
        } else if (before != after) {
            auditsEnded += after == Outcome.ALLOW ? 1 : 0;
            auditsBegun += after == Outcome.AUDIT ? 1 : 0;
        }
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

    /** What was found; to be asked for at the end. */
    Result result() {
        Map<Key, Sum> told = new HashMap<>();
        long superseded = 0;
        for (Map.Entry<Key, Sum> flip : flips.entrySet()) {
            Sum sum = flip.getValue();
            if (isSuperseded(flip.getKey())) {
                superseded += sum.count;
            } else {
                told.merge(anyDigest(flip.getKey()), sum, Replay::together);
            }
        }
        List<Flips> all = new ArrayList<>();
        told.forEach((key, sum) -> all.add(flips(key, sum)));
        all.sort(Comparator.comparingLong(Flips::count)
                .reversed()
                .thenComparing(Flips::identity)
                .thenComparing(Flips::host)
                .thenComparing(Flips::example));
        return new Result(
                all,
                judged,
                unjudged,
                all.stream().mapToLong(Flips::count).sum(),
                superseded,
                auditsEnded,
                auditsBegun,
                told.keySet().stream().anyMatch(key -> key.pair().equals(Pair.other())));
    }

    /** Whether the newest verdict of that client and target, which other policies gave, is that of now. */
    private boolean isSuperseded(Key key) {
        Newest last = newest.get(key.pair());
        return last != null && !last.digest().equals(key.digest()) && last.passes() == passes(key.after());
    }

    private static Key anyDigest(Key key) {
        return new Key(key.pair(), key.before(), key.after(), key.rule(), key.why(), "");
    }

    private static Sum together(Sum one, Sum other) {
        one.add(other.last, other.count);
        return one;
    }

    private static Flips flips(Key key, Sum sum) {
        return new Flips(
                key.pair().identity(),
                key.pair().address(),
                key.pair().host(),
                key.pair().port(),
                key.before(),
                key.after(),
                sum.count,
                sum.last,
                sum.example,
                key.rule(),
                key.why());
    }
}
