package dev.exeat.flow;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Counts how often keys come, among any number of keys, in bounded memory (Metwally, Agrawal, El Abbadi: "Efficient
 * Computation of Frequent and Top-k Elements in Data Streams", 2005). A key that comes more often than once in as many
 * times as there are places is surely in it. Not thread-safe.
 */
final class SpaceSaving<K> {
    private final int places;
    private final Map<K, Place<K>> byKey;

    /** A heap: no place has a higher count than the two that follow from it. */
    private final List<Place<K>> heap;

    /** @param places how many keys it can tell apart at one time, from 1 */
    SpaceSaving(int places) {
        this.places = places;
        this.byKey = new HashMap<>();
        this.heap = new ArrayList<>();
    }

    /**
     * A key and how often it came.
     *
     * @param least it came at least so often
     */
    record Count<K>(K key, double least) {}

    private static final class Place<K> {
        private K key;
        private double count;

        /** How much of the count may be that of keys which had the place before. */
        private double error;

        private int index;

        Place(K key, int index) {
            this.key = key;
            this.index = index;
        }
    }

    void add(K key) {
        Place<K> place = byKey.get(key);
        if (place == null) {
            place = heap.size() < places ? free(key) : taken(key);
            byKey.put(key, place);
        }
        place.count++;
        sink(place);
    }

    private Place<K> free(K key) {
        Place<K> place = new Place<>(key, heap.size());
        heap.add(place);
        rise(place);
        return place;
    }

    private Place<K> taken(K key) {
        Place<K> place = heap.getFirst();
        byKey.remove(place.key);
        place.key = key;
        place.error = place.count;
        return place;
    }

    /** Makes all that was counted until now weigh less. */
    void fade(double factor) {
        for (Place<K> place : heap) {
            place.count *= factor;
            place.error *= factor;
        }
    }

    /** Those that came at least twice, as far as can be told; most often first. */
    List<Count<K>> frequent() {
        return heap.stream()
                .map(place -> new Count<>(place.key, place.count - place.error))
                .filter(count -> count.least() >= 2)
                .sorted(Comparator.comparingDouble((Count<K> count) -> count.least())
                        .reversed())
                .toList();
    }

    /** Forgets a key. */
    void remove(K key) {
        Place<K> place = byKey.remove(key);
        if (place != null) {
            Place<K> last = heap.removeLast();
            if (last != place) {
                put(last, place.index);
                rise(last);
                sink(last);
            }
        }
    }

    private void put(Place<K> place, int index) {
        heap.set(index, place);
        place.index = index;
    }

    private void rise(Place<K> place) {
        while (place.index > 0 && heap.get((place.index - 1) / 2).count > place.count) {
            swap(place, heap.get((place.index - 1) / 2));
        }
    }

    private void sink(Place<K> place) {
        Place<K> least = leastBelow(place);
        while (least != null && least.count < place.count) {
            swap(place, least);
            least = leastBelow(place);
        }
    }

    private @Nullable Place<K> leastBelow(Place<K> place) {
        int left = 2 * place.index + 1;
        if (left >= heap.size()) {
            return null;
        }
        Place<K> one = heap.get(left);
        return left + 1 < heap.size() && heap.get(left + 1).count < one.count ? heap.get(left + 1) : one;
    }

    private void swap(Place<K> one, Place<K> two) {
        int index = one.index;
        put(one, two.index);
        put(two, index);
    }
}
