package dev.exeat.cli.seen;

import dev.exeat.flow.query.Flow;
import dev.exeat.flow.store.MinuteSum;
import dev.exeat.flow.store.MinuteSum.Group;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Who went where in a span of time, how often, and what became of it.
 *
 * @param pairs those that are new first, then by connections
 * @param comparable whether the history reaches back before the span, so that it can be told what is new
 */
record Summary(List<Pair> pairs, boolean comparable) {
    Summary {
        pairs = List.copyOf(pairs);
    }

    private record Key(String identity, String host, int port) {
        static Key of(Group group) {
            return new Key(group.identity(), group.host(), group.port());
        }
    }

    /**
     * @param wouldDeny those that passed only because of an audit
     * @param fresh whether nobody of that identity had gone there before
     */
    record Pair(
            String identity,
            String host,
            int port,
            long allowed,
            long wouldDeny,
            long denied,
            long failed,
            long received,
            long sent,
            boolean fresh) {
        long connections() {
            return allowed + wouldDeny + denied + failed;
        }

        private Pair asFresh() {
            return new Pair(identity, host, port, allowed, wouldDeny, denied, failed, received, sent, true);
        }

        private Pair plus(MinuteSum sum) {
            String verdict = sum.group().verdict();
            return new Pair(
                    identity,
                    host,
                    port,
                    allowed + (verdict.equals("allowed") ? sum.count() : 0),
                    wouldDeny + (verdict.equals(Flow.WOULD_DENY) ? sum.count() : 0),
                    denied + (verdict.equals("denied") ? sum.count() : 0),
                    failed + (verdict.equals("failed") ? sum.count() : 0),
                    received + sum.received(),
                    sent + sum.sent(),
                    fresh);
        }
    }

    /** Gathers it. Not thread-safe. */
    static final class Tally {
        private final Instant since;
        private final Set<Key> before = new HashSet<>();
        private final Map<Key, Pair> pairs = new HashMap<>();
        private boolean comparable;

        /** @param since when the span begins; what came before it says what is known */
        Tally(Instant since) {
            this.since = since;
        }

        /** What ended, in the span or before it, of any identity: of how far the history reaches back. */
        void reach(MinuteSum sum) {
            comparable |= sum.minute().isBefore(since);
        }

        /** What ended, in the span or before it. */
        void add(MinuteSum sum) {
            if (sum.minute().isBefore(since)) {
                before.add(Key.of(sum.group()));
            } else {
                count(sum);
            }
        }

        /** What is open, whenever it was accepted. */
        void addOpen(MinuteSum sum) {
            if (sum.minute().isBefore(since)) {
                before.add(Key.of(sum.group()));
            }
            count(sum);
        }

        private void count(MinuteSum sum) {
            Key key = Key.of(sum.group());
            Pair pair = pairs.computeIfAbsent(
                    key, _ -> new Pair(key.identity(), key.host(), key.port(), 0, 0, 0, 0, 0, 0, false));
            pairs.put(key, pair.plus(sum));
        }

        Summary summary() {
            List<Pair> sorted = new ArrayList<>();
            pairs.forEach((key, pair) -> sorted.add(comparable && !before.contains(key) ? pair.asFresh() : pair));
            sorted.sort(Comparator.comparing(Pair::fresh)
                    .thenComparingLong(Pair::connections)
                    .reversed()
                    .thenComparing(Pair::identity)
                    .thenComparing(Pair::host)
                    .thenComparingInt(Pair::port));
            return new Summary(sorted, comparable);
        }
    }

    long connections() {
        return pairs.stream().mapToLong(Pair::connections).sum();
    }

    long denied() {
        return pairs.stream().mapToLong(Pair::denied).sum();
    }

    long wouldDeny() {
        return pairs.stream().mapToLong(Pair::wouldDeny).sum();
    }

    long failed() {
        return pairs.stream().mapToLong(Pair::failed).sum();
    }

    long fresh() {
        return pairs.stream().filter(Pair::fresh).count();
    }
}
