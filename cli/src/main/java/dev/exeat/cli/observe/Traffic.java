package dev.exeat.cli.observe;

import dev.exeat.flow.ConnectionRecord.Event;
import dev.exeat.flow.ConnectionRecord.Verdict;
import dev.exeat.flow.query.Flow;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.SequencedMap;
import java.util.TreeMap;

/**
 * Who went where in the last so many seconds. A connection counts when it begins, and its bytes when it has ended: one that
 * began before then and ends within them counts by its bytes alone. In each second 2,000 pairs are told apart, the others
 * are one. Thread-safe.
 */
final class Traffic {
    static final Pair OTHER = new Pair("(others)", "(others)");
    private static final int MOST_PAIRS = 2_000;
    private static final int MOST_OPEN = 100_000;
    private static final long MICROS = 1_000_000;

    private final int seconds;
    private final NavigableMap<Long, Map<Pair, Count>> past = new TreeMap<>();

    /** When those began that have been counted and may still end within the time. */
    private final SequencedMap<String, Long> open = new LinkedHashMap<>();

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

    /** @param second in which it was heard of; in its own it began as long before as it lasted, whatever other clocks say */
    synchronized void add(Flow flow, long second) {
        boolean ended = flow.event() != Event.OPEN;
        long began = ended ? second - flow.ending().micros() / MICROS : second;
        forget(second);
        boolean counted = ended && open.remove(flow.id()) != null;
        if (!ended && open.size() < MOST_OPEN) {
            open.put(flow.id(), second);
        }
        boolean within = began > second - seconds;
        if (!counted && within) {
            add(flow, began, new Count(1, flow.verdict() == Verdict.DENIED ? 1 : 0, 0));
        }
        if (ended) {
            add(
                    flow,
                    second,
                    new Count(0, 0, flow.ending().received() + flow.ending().sent()));
        }
    }

    private void add(Flow flow, long second, Count count) {
        Map<Pair, Count> counts = past.computeIfAbsent(second, _ -> new HashMap<>());
        Pair pair = new Pair(FlowText.who(flow), FlowText.what(flow));
        Pair told = counts.size() < MOST_PAIRS || counts.containsKey(pair) ? pair : OTHER;
        counts.merge(told, count, Count::plus);
    }

    private void forget(long now) {
        past.headMap(now - seconds, true).clear();
        while (!open.isEmpty() && open.firstEntry().getValue() <= now - seconds) {
            open.pollFirstEntry();
        }
    }

    /** All pairs, the highest first. */
    synchronized List<Row> rows(Order order, long now) {
        forget(now);
        Map<Pair, Count> sums = new HashMap<>();
        for (Map<Pair, Count> counts : past.values()) {
            counts.forEach((pair, count) -> sums.merge(pair, count, Count::plus));
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
