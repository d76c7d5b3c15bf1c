package dev.exeat.cli.findings;

import dev.exeat.cli.findings.Spread.Usual;
import dev.exeat.cli.observe.FlowText;
import dev.exeat.flow.query.Flow;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import java.util.function.ToLongFunction;
import java.util.random.RandomGenerator;

/**
 * Finds connections that carried far more than others of the same client to the same host: more than the median by so
 * many times the median absolute deviation, in either direction, where enough were seen. Not thread-safe.
 */
final class UnusualBytes {
    /** So many connections of a pair must have been seen before anything is unusual for it. */
    static final int ENOUGH = 20;

    private static final int PAIRS = 20_000;
    /** Of each pair and direction so many are told apart. */
    private static final int LARGEST = 16;

    private final int factor;
    /** The same answer for the same history. */
    private final RandomGenerator random = new SplittableRandom(1);

    private final Map<Pair, List<Direction>> pairs = new HashMap<>();

    /** @param factor how many deviations are too many */
    UnusualBytes(int factor) {
        this.factor = factor;
    }

    private static final class Direction {
        private final String verb;
        private final ToLongFunction<Flow> octets;
        private final Spread spread;
        private final PriorityQueue<Flow> largest;

        Direction(String verb, ToLongFunction<Flow> octets, RandomGenerator random) {
            this.verb = verb;
            this.octets = octets;
            this.spread = new Spread(random);
            this.largest = new PriorityQueue<>(Comparator.comparingLong(octets));
        }

        void add(Flow flow, boolean asked) {
            spread.add(octets.applyAsLong(flow));
            if (asked) {
                largest.add(flow);
                if (largest.size() > LARGEST) {
                    largest.poll();
                }
            }
        }
    }

    /** @param asked whether it may be told, or only says what is usual */
    void add(Pair pair, Flow flow, boolean asked) {
        List<Direction> directions = pairs.get(pair);
        if (directions == null && pairs.size() < PAIRS) {
            directions = List.of(
                    new Direction("sent", each -> each.ending().received(), random),
                    new Direction("received", each -> each.ending().sent(), random));
            pairs.put(pair, directions);
        }
        if (directions != null) {
            directions.forEach(direction -> direction.add(flow, asked));
        }
    }

    /**
     * What is unusual of a connection, in one direction or both.
     *
     * @param detail for people
     */
    record Unusual(Pair pair, Flow flow, String detail) {}

    /** Tells what is unusual, each connection once. */
    void tell(Consumer<Unusual> teller) {
        pairs.forEach((pair, directions) -> {
            Map<String, Unusual> found = new LinkedHashMap<>();
            for (Direction direction : directions) {
                if (direction.spread.count() >= ENOUGH) {
                    look(pair, direction, found);
                }
            }
            found.values().forEach(teller);
        });
    }

    private void look(Pair pair, Direction direction, Map<String, Unusual> found) {
        Usual usual = direction.spread.usual();
        for (Flow flow : direction.largest) {
            long octets = direction.octets.applyAsLong(flow);
            if (usual.isExceededBy(octets, factor)) {
                String detail = direction.verb + " " + FlowText.octets(octets) + ", where the median of "
                        + direction.spread.count() + " is " + FlowText.octets(usual.median())
                        + " and the deviation " + FlowText.octets(usual.deviation());
                found.merge(
                        flow.id(),
                        new Unusual(pair, flow, detail),
                        (one, other) -> new Unusual(pair, flow, one.detail() + "; " + other.detail()));
            }
        }
    }
}
