package dev.exeat.policy.index;

import dev.exeat.model.Attempt;
import dev.exeat.model.HostPattern;
import dev.exeat.model.SpiffeId;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Entries by whom and which hosts they are about: by identity, by namespace or for anyone, and within each by host. The
 * time of a look-up grows with the labels of the host name and with what is found, not with the number of entries. Never
 * changes: an edit makes another one, which takes about as long as what was edited is large. Immutable and thread-safe.
 */
public final class AttemptIndex<T> {
    private final Table<SpiffeId, HostIndex<T>> byIdentity;
    private final Table<String, HostIndex<T>> byNamespace;
    private final HostIndex<T> ofAnyone;
    private final Comparator<? super T> order;

    private AttemptIndex(
            Table<SpiffeId, HostIndex<T>> byIdentity,
            Table<String, HostIndex<T>> byNamespace,
            HostIndex<T> ofAnyone,
            Comparator<? super T> order) {
        this.byIdentity = byIdentity;
        this.byNamespace = byNamespace;
        this.ofAnyone = ofAnyone;
        this.order = order;
    }

    /** @param order of entries that are found by the same key; it must tell any two apart */
    public static <T> AttemptIndex<T> empty(Comparator<? super T> order) {
        return new AttemptIndex<>(Table.empty(), Table.empty(), HostIndex.empty(order), order);
    }

    public boolean isEmpty() {
        return byIdentity.isEmpty() && byNamespace.isEmpty() && ofAnyone.isEmpty();
    }

    /**
     * Hands over what may concern the attempt; of each key in order, an entry under several of its keys several times.
     * What is handed over need not match, what is not does not.
     */
    public void candidates(Attempt attempt, Consumer<? super T> consumer) {
        any(attempt, entry -> {
            consumer.accept(entry);
            return false;
        });
    }

    /**
     * The same until one is accepted.
     *
     * @return whether one was accepted
     */
    public boolean any(Attempt attempt, Predicate<? super T> accepts) {
        String host = attempt.target().host().value();
        if (ofAnyone.any(host, accepts)) {
            return true;
        }
        SpiffeId source = attempt.source();
        if (source == null) {
            return false;
        }
        if (!byIdentity.isEmpty() && any(byIdentity.get(source), host, accepts)) {
            return true;
        }
        if (byNamespace.isEmpty()) {
            return false;
        }
        String namespace = source.namespace();
        return namespace != null && any(byNamespace.get(namespace), host, accepts);
    }

    private static <T> boolean any(@Nullable HostIndex<T> index, String host, Predicate<? super T> accepts) {
        return index != null && index.any(host, accepts);
    }

    /** Begins a change; this index stays as it is. */
    public Edit<T> edit() {
        return new Edit<>(this);
    }

    /** An index in the making. Not thread-safe; of no use once it is done. */
    public static final class Edit<T> {
        private final AttemptIndex<T> before;
        private final Map<SpiffeId, HostIndex.Edit<T>> byIdentity = new HashMap<>();
        private final Map<String, HostIndex.Edit<T>> byNamespace = new HashMap<>();
        private final HostIndex.Edit<T> ofAnyone;

        private Edit(AttemptIndex<T> before) {
            this.before = before;
            this.ofAnyone = before.ofAnyone.edit();
        }

        /** @param hosts of which one must cover the host; {@code *} for any */
        public Edit<T> add(Subjects subjects, Collection<HostPattern> hosts, T entry) {
            each(subjects, edit -> edit.add(hosts, entry));
            return this;
        }

        /** Takes back what was added with these arguments before the edit began. */
        public Edit<T> remove(Subjects subjects, Collection<HostPattern> hosts, T entry) {
            each(subjects, edit -> edit.remove(hosts, entry));
            return this;
        }

        private void each(Subjects subjects, Consumer<HostIndex.Edit<T>> consumer) {
            switch (subjects) {
                case Subjects.Anyone _ -> consumer.accept(ofAnyone);
                case Subjects.Identities(var ids) ->
                    ids.forEach(id -> consumer.accept(
                            byIdentity.computeIfAbsent(id, _ -> edit(before.byIdentity.get(id), before.order))));
                case Subjects.Namespaces(var names) ->
                    names.forEach(name -> consumer.accept(
                            byNamespace.computeIfAbsent(name, _ -> edit(before.byNamespace.get(name), before.order))));
            }
        }

        private static <T> HostIndex.Edit<T> edit(@Nullable HostIndex<T> index, Comparator<? super T> order) {
            return (index == null ? HostIndex.<T>empty(order) : index).edit();
        }

        public AttemptIndex<T> done() {
            return new AttemptIndex<>(
                    done(before.byIdentity, byIdentity),
                    done(before.byNamespace, byNamespace),
                    ofAnyone.done(),
                    before.order);
        }

        private static <K, T> Table<K, HostIndex<T>> done(
                Table<K, HostIndex<T>> table, Map<K, HostIndex.Edit<T>> edits) {
            Table.Edit<K, HostIndex<T>> changed = table.edit();
            edits.forEach((key, edit) -> {
                HostIndex<T> index = edit.done();
                if (index.isEmpty()) {
                    changed.remove(key);
                } else {
                    changed.put(key, index);
                }
            });
            return changed.done();
        }
    }
}
