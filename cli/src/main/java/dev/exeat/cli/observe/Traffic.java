package dev.exeat.cli.observe;

import dev.exeat.flow.ConnectionRecord.Event;
import dev.exeat.flow.ConnectionRecord.Verdict;
import dev.exeat.flow.query.Flow;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Who went where in the last so many seconds. A connection counts when it begins, and its bytes when it has ended. In each
 * second 2,000 pairs are told apart, the others are one. Thread-safe.
 */
final class Traffic {
    static final Pair OTHER = new Pair("(others)", "(others)");
    private static final int MOST_PAIRS = 2_000;
    private static final int MOST_OPEN = 100_000;

    private final int seconds;
    private final Deque<Second> past = new ArrayDeque<>();
    private final Set<String> open = new HashSet<>();

    /** @param what host and port */
    record Pair(String who, String what) {}

    /** @param bytes in both directions */
    record Count(long connections, long denied, long bytes) {
        static final Count NONE = new Count(0, 0, 0);

        Count plus(Count other) {
            return new Count(connections + other.connections, denied + other.denied, bytes + other.bytes);
        }
    }

    record Row(Pair pair, Count count) {}

    private record Second(long number, Map<Pair, Count> counts) {}

    /** What rows are sorted by. */
    enum Order {
        CONNECTIONS(Comparator.comparingLong(row -> row.count().connections())),
        DENIED(Comparator.comparingLong(row -> row.count().denied())),
        BYTES(Comparator.comparingLong(row -> row.count().bytes()));

        @SuppressWarnings("ImmutableEnumChecker") // A comparison has no state.
        private final Comparator<Row> rising;

        Order(Comparator<Row> rising) {
            this.rising = rising;
        }
    }

    Traffic(int seconds) {
        this.seconds = seconds;
    }

    /** @param second in which it was heard of, not before that of the one added last */
    synchronized void add(Flow flow, long second) {
        boolean begins = flow.event() == Event.OPEN;
        boolean counted = !begins && open.remove(flow.id());
        if (begins && open.size() < MOST_OPEN) {
            open.add(flow.id());
        }
        Count count = new Count(
                counted ? 0 : 1,
                flow.verdict() == Verdict.DENIED ? 1 : 0,
                begins ? 0 : flow.ending().received() + flow.ending().sent());
        Map<Pair, Count> counts = at(second);
        Pair pair = new Pair(FlowText.who(flow), FlowText.what(flow));
        Pair told = counts.size() < MOST_PAIRS || counts.containsKey(pair) ? pair : OTHER;
        counts.merge(told, count, Count::plus);
    }

    private Map<Pair, Count> at(long second) {
        Second last = past.peekLast();
        if (last != null && second <= last.number()) {
            return last.counts();
        }
        forget(second);
        Second next = new Second(second, new HashMap<>());
        past.addLast(next);
        return next.counts();
    }

    private void forget(long now) {
        while (!past.isEmpty() && past.getFirst().number() <= now - seconds) {
            past.removeFirst();
        }
    }

    /** All pairs, the highest first. */
    synchronized List<Row> rows(Order order, long now) {
        forget(now);
        Map<Pair, Count> sums = new HashMap<>();
        for (Second second : past) {
            second.counts().forEach((pair, count) -> sums.merge(pair, count, Count::plus));
        }
        return sums.entrySet().stream()
                .map(sum -> new Row(sum.getKey(), sum.getValue()))
                .sorted(order.rising
                        .reversed()
                        .thenComparing(row -> row.pair().who())
                        .thenComparing(row -> row.pair().what()))
                .toList();
    }
}
