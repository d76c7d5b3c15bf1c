package dev.exeat.policy.index;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Any number of entries for each key, in a given order, so that it does not matter when each came. Never changes: an
 * edit makes another one, which shares with it the keys that were not edited. Immutable and thread-safe.
 */
public final class EntryTable<K, T> {
    private final Table<K, List<T>> lists;
    private final Comparator<? super T> order;

    private EntryTable(Table<K, List<T>> lists, Comparator<? super T> order) {
        this.lists = lists;
        this.order = order;
    }

    /** @param order of the entries of one key */
    public static <K, T> EntryTable<K, T> empty(Comparator<? super T> order) {
        return new EntryTable<>(Table.empty(), order);
    }

    public boolean isEmpty() {
        return lists.isEmpty();
    }

    /** The entries of a key, of which there may be none. */
    public List<T> get(K key) {
        List<T> found = lists.get(key);
        return found == null ? List.of() : found;
    }

    /** Begins a change; this table stays as it is. */
    public Edit<K, T> edit() {
        return new Edit<>(this);
    }

    /** A table in the making; what was added last counts. Not thread-safe; of no use once it is done. */
    public static final class Edit<K, T> {
        private final EntryTable<K, T> before;
        /** The key edited first, which of most tables is the only one: there are as many tables as identities. */
        private @Nullable KeyEdit<K, T> first;

        private @Nullable Map<K, KeyEdit<K, T>> others;

        private static final class KeyEdit<K, T> {
            private final K key;
            private @Nullable Set<T> removed;
            private @Nullable T added;
            private @Nullable List<T> more;

            private KeyEdit(K key) {
                this.key = key;
            }
        }

        private Edit(EntryTable<K, T> before) {
            this.before = before;
        }

        /** An entry that comes several times in a row counts once. */
        @SuppressWarnings("ReferenceEquality") // Entries are told apart by identity: what they say may be long.
        public Edit<K, T> add(K key, T entry) {
            KeyEdit<K, T> edit = editOf(key);
            if (edit.added == null) {
                edit.added = entry;
            } else if (edit.more == null ? edit.added != entry : edit.more.getLast() != entry) {
                edit.more = edit.more == null ? new ArrayList<>() : edit.more;
                edit.more.add(entry);
            }
            return this;
        }

        /** Removes this entry, not one that equals it, from those that were there before the edit. */
        public Edit<K, T> remove(K key, T entry) {
            KeyEdit<K, T> edit = editOf(key);
            edit.removed = edit.removed == null ? Collections.newSetFromMap(new IdentityHashMap<>(2)) : edit.removed;
            edit.removed.add(entry);
            return this;
        }

        private KeyEdit<K, T> editOf(K key) {
            if (first == null) {
                first = new KeyEdit<>(key);
                return first;
            }
            if (first.key.equals(key)) {
                return first;
            }
            others = others == null ? new HashMap<>() : others;
            return others.computeIfAbsent(key, KeyEdit::new);
        }

        public EntryTable<K, T> done() {
            if (first == null) {
                return before;
            }
            Table.Edit<K, List<T>> table = before.lists.edit();
            change(first, table);
            if (others != null) {
                others.values().forEach(edit -> change(edit, table));
            }
            return new EntryTable<>(table.done(), before.order);
        }

        private void change(KeyEdit<K, T> edit, Table.Edit<K, List<T>> table) {
            List<T> entries = edited(before.lists.get(edit.key), edit);
            if (entries.isEmpty()) {
                table.remove(edit.key);
            } else {
                table.put(edit.key, entries);
            }
        }

        private List<T> edited(@Nullable List<T> known, KeyEdit<K, T> edit) {
            if (known == null && edit.more == null) {
                return edit.added == null ? List.of() : List.of(edit.added);
            }
            List<T> entries = new ArrayList<>(known == null ? List.of() : known);
            if (edit.removed != null) {
                entries.removeIf(edit.removed::contains);
            }
            if (edit.added != null) {
                entries.add(edit.added);
            }
            if (edit.more != null) {
                entries.addAll(edit.more);
            }
            entries.sort(before.order);
            return List.copyOf(entries);
        }
    }
}
