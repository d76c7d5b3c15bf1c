package dev.exeat.policy.index;

import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * A hash table that never changes: an edit makes another one, which shares with it everything that was not edited. A
 * look-up is that of a {@link java.util.HashMap}; an edit copies the row of buckets, four octets for each entry, which
 * takes microseconds where building anew takes milliseconds. Immutable and thread-safe.
 */
public final class Table<K, V> {
    private static final int LEAST_BUCKETS = 2;

    private final @Nullable Entry<K, V>[] buckets;
    private final int size;

    /** One of the entries whose hashes lead to the same bucket. */
    private static final class Entry<K, V> {
        private final int hash;
        private final K key;
        private final V value;
        private final @Nullable Entry<K, V> next;

        Entry(int hash, K key, V value, @Nullable Entry<K, V> next) {
            this.hash = hash;
            this.key = key;
            this.value = value;
            this.next = next;
        }
    }

    private Table(@Nullable Entry<K, V>[] buckets, int size) {
        this.buckets = buckets;
        this.size = size;
    }

    public static <K, V> Table<K, V> empty() {
        return new Table<>(Table.<K, V>row(LEAST_BUCKETS), 0);
    }

    public int size() {
        return size;
    }

    public boolean isEmpty() {
        return size == 0;
    }

    public @Nullable V get(K key) {
        int hash = spread(key.hashCode());
        for (Entry<K, V> entry = buckets[hash & (buckets.length - 1)]; entry != null; entry = entry.next) {
            if (entry.hash == hash && entry.key.equals(key)) {
                return entry.value;
            }
        }
        return null;
    }

    /** In no order. */
    public void forEach(BiConsumer<? super K, ? super V> consumer) {
        for (Entry<K, V> first : buckets) {
            for (Entry<K, V> entry = first; entry != null; entry = entry.next) {
                consumer.accept(entry.key, entry.value);
            }
        }
    }

    /** Begins a change; this table stays as it is. */
    public Edit<K, V> edit() {
        return new Edit<>(this);
    }

    private static int spread(int hash) {
        return hash ^ (hash >>> 16);
    }

    @SuppressWarnings("unchecked")
    private static <K, V> @Nullable Entry<K, V>[] row(int length) {
        return (@Nullable Entry<K, V>[]) new Entry<?, ?>[length];
    }

    /** A table in the making. Not thread-safe; of no use once it is done. */
    public static final class Edit<K, V> {
        private final Table<K, V> before;
        private @Nullable Entry<K, V>[] buckets;
        private int size;
        private boolean owned;

        private Edit(Table<K, V> before) {
            this.before = before;
            this.buckets = before.buckets;
            this.size = before.size;
        }

        public Edit<K, V> put(K key, V value) {
            int hash = spread(key.hashCode());
            own();
            int bucket = hash & (buckets.length - 1);
            Entry<K, V> others = without(buckets[bucket], hash, key);
            buckets[bucket] = new Entry<>(hash, key, value, others);
            size++;
            if (size > buckets.length) {
                grow();
            }
            return this;
        }

        public Edit<K, V> remove(K key) {
            int hash = spread(key.hashCode());
            own();
            int bucket = hash & (buckets.length - 1);
            buckets[bucket] = without(buckets[bucket], hash, key);
            return this;
        }

        private void own() {
            if (!owned) {
                buckets = buckets.clone();
                owned = true;
            }
        }

        /** The chain without the key; entries before it are made anew, those behind are shared. */
        private @Nullable Entry<K, V> without(@Nullable Entry<K, V> chain, int hash, K key) {
            Entry<K, V> found = chain;
            while (found != null && !(found.hash == hash && found.key.equals(key))) {
                found = found.next;
            }
            if (found == null) {
                return chain;
            }
            size--;
            Entry<K, V> rest = found.next;
            for (Entry<K, V> entry = chain; entry != found && entry != null; entry = entry.next) {
                rest = new Entry<>(entry.hash, entry.key, entry.value, rest);
            }
            return rest;
        }

        private void grow() {
            @Nullable Entry<K, V>[] wider = row(buckets.length * 2);
            for (Entry<K, V> first : buckets) {
                for (Entry<K, V> entry = first; entry != null; entry = entry.next) {
                    int bucket = entry.hash & (wider.length - 1);
                    wider[bucket] = new Entry<>(entry.hash, entry.key, entry.value, wider[bucket]);
                }
            }
            buckets = wider;
        }

        public Table<K, V> done() {
            return owned ? new Table<>(buckets, size) : before;
        }
    }
}
