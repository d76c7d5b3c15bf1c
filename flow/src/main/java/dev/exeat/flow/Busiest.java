package dev.exeat.flow;

import dev.exeat.flow.SpaceSaving.Count;
import java.util.Comparator;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.BiConsumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Which of any number of values have series of their own: the first ones, and from then on those that come most often.
 * What all others count is in one further series. Memory is bounded by the number of series. Thread-safe.
 *
 * <p>A series gives its place up only in {@link #settle}, which is called when its last count was just read, and only to a
 * value that came more than twice as often lately. What it counted stays its own: were it added to that of the others, it
 * would look like traffic of now. So no series ever goes down; one that comes back begins anew, as after a restart.
 */
final class Busiest<K, S> {
    private static final double HALF_LIFE_NANOS = 600e9;
    private static final long PAUSE_NANOS = 60_000_000_000L;

    /** Further values whose counts are kept, for each series that there may be. */
    private static final int CANDIDATES = 4;

    private final int most;
    private final Supplier<S> series;
    private final LongSupplier nanos;
    private final S others;
    private final ConcurrentMap<K, Own<S>> own = new ConcurrentHashMap<>();
    private final LongAdder folded = new LongAdder();
    private final SpaceSaving<K> candidates;
    private long settled;

    private static final class Own<S> {
        private final S series;
        private final LongAdder uses = new LongAdder();

        /** How often it came lately, as of the last time that places were settled. */
        private double score;

        Own(S series, double score) {
            this.series = series;
            this.score = score;
        }
    }

    /**
     * @param most values with series of their own, from 1
     * @param nanos a clock as {@link System#nanoTime}
     */
    Busiest(int most, Supplier<S> series, LongSupplier nanos) {
        this.most = most;
        this.series = series;
        this.nanos = nanos;
        this.others = series.get();
        this.candidates = new SpaceSaving<>(CANDIDATES * most);
        this.settled = nanos.getAsLong();
    }

    /** The series in which a value counts now. It does not come by this: that is said by {@link #of} alone. */
    S at(K value) {
        Own<S> found = find(value);
        return found == null ? others : found.series;
    }

    /** The series in which a connection of this value counts; to be asked once for each connection. */
    S of(K value) {
        Own<S> found = find(value);
        if (found == null) {
            cameInVain(value);
            folded.increment();
            return others;
        }
        found.uses.increment();
        return found.series;
    }

    private @Nullable Own<S> find(K value) {
        Own<S> found = own.get(value);
        return found == null ? admit(value) : found;
    }

    private synchronized @Nullable Own<S> admit(K value) {
        Own<S> found = own.get(value);
        if (found == null && own.size() < most) {
            found = new Own<>(series.get(), 0);
            own.put(value, found);
        }
        return found;
    }

    private synchronized void cameInVain(K value) {
        if (!own.containsKey(value)) {
            candidates.add(value);
        }
    }

    void forEach(BiConsumer<K, S> reader) {
        own.forEach((value, series) -> reader.accept(value, series.series));
    }

    /** The series of all values that have none of their own. */
    S others() {
        return others;
    }

    /** Connections that counted with the others. */
    long folded() {
        return folded.sum();
    }

    /** Gives places to values that came more often; to be called when all series have just been read. */
    synchronized void settle() {
        long now = nanos.getAsLong();
        if (now - settled < PAUSE_NANOS) {
            return;
        }
        double factor = Math.pow(0.5, (now - settled) / HALF_LIFE_NANOS);
        settled = now;
        own.values().forEach(series -> series.score = (series.score + series.uses.sumThenReset()) * factor);
        candidates.fade(factor);
        PriorityQueue<Map.Entry<K, Own<S>>> idlest =
                new PriorityQueue<>(Comparator.comparingDouble(entry -> entry.getValue().score));
        idlest.addAll(own.entrySet());
        for (Count<K> candidate : candidates.frequent()) {
            Map.Entry<K, Own<S>> least = idlest.peek();
            if (least == null || candidate.least() <= 2 * least.getValue().score) {
                return;
            }
            own.remove(idlest.remove().getKey());
            own.put(candidate.key(), new Own<>(series.get(), candidate.least()));
            candidates.remove(candidate.key());
        }
    }
}
