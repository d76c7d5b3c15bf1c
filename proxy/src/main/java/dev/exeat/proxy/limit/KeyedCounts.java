package dev.exeat.proxy.limit;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * How many each key has, with a bound that holds exactly whichever threads count. A key whose count is zero takes no
 * room, so the table is no larger than what is counted. Thread-safe.
 *
 * @param <K> who is counted
 */
public final class KeyedCounts<K> {

    /** One key and how many it has. */
    public record Count<K>(K key, int count) {}

    private final int limit;
    private final ConcurrentMap<K, Integer> counts = new ConcurrentHashMap<>();

    /** @param limit how many one key may have, at least 1 */
    public KeyedCounts(int limit) {
        if (limit < 1) {
            throw new IllegalArgumentException("a limit is at least 1");
        }
        this.limit = limit;
    }

    /** Counts one more, or answers false where the key has all that it may; each true is answered by one {@link #leave}. */
    public boolean enter(K key) {
        boolean[] entered = new boolean[1];
        counts.compute(key, (_, count) -> {
            int had = count == null ? 0 : count;
            entered[0] = had < limit;
            return entered[0] ? Integer.valueOf(had + 1) : count;
        });
        return entered[0];
    }

    /** @throws IllegalStateException if the key has none: something was given back twice */
    public void leave(K key) {
        counts.compute(key, (_, count) -> {
            if (count == null) {
                throw new IllegalStateException("counted out more often than in");
            }
            return count == 1 ? null : count - 1;
        });
    }

    public int limit() {
        return limit;
    }

    public int count(K key) {
        return counts.getOrDefault(key, 0);
    }

    /** What the key with the most has; 0 where nothing is counted. */
    public int highest() {
        return counts.values().stream().mapToInt(Integer::intValue).max().orElse(0);
    }

    /** How many keys have any. */
    public int keys() {
        return counts.size();
    }

    /** Those with the most, the highest first. */
    public List<Count<K>> top(int most) {
        return counts.entrySet().stream()
                .sorted(Map.Entry.comparingByValue(Comparator.reverseOrder()))
                .limit(most)
                .map(entry -> new Count<>(entry.getKey(), entry.getValue()))
                .toList();
    }
}
