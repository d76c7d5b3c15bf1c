package dev.exeat.policy.index;

import dev.exeat.model.HostPattern;
import java.util.Collection;
import java.util.Comparator;
import java.util.function.Predicate;

/**
 * Entries by host: exact names, each suffix that a wildcard names, and those for any host. Immutable and thread-safe.
 */
public final class HostIndex<T> {
    private static final String ANY = "";

    /** By the name, by a suffix with its leading dot, or by the empty text for any host. */
    private final EntryTable<String, T> byName;

    private HostIndex(EntryTable<String, T> byName) {
        this.byName = byName;
    }

    /** @param order of the entries of one name */
    public static <T> HostIndex<T> empty(Comparator<? super T> order) {
        return new HostIndex<>(EntryTable.empty(order));
    }

    boolean isEmpty() {
        return byName.isEmpty();
    }

    /**
     * Hands over what covers the host, until one is accepted: of each name in its order.
     *
     * @return whether one was accepted
     */
    public boolean any(String host, Predicate<? super T> accepts) {
        if (byName.isEmpty()) {
            return false;
        }
        if (anyOf(host, accepts) || anyOf(ANY, accepts)) {
            return true;
        }
        for (int dot = host.indexOf('.'); dot >= 0; dot = host.indexOf('.', dot + 1)) {
            if (anyOf(host.substring(dot), accepts)) {
                return true;
            }
        }
        return false;
    }

    private boolean anyOf(String name, Predicate<? super T> accepts) {
        for (T entry : byName.get(name)) {
            if (accepts.test(entry)) {
                return true;
            }
        }
        return false;
    }

    public Edit<T> edit() {
        return new Edit<>(byName.edit());
    }

    private static String key(HostPattern host) {
        if (!host.wildcard()) {
            return host.suffix();
        }
        return host.suffix().isEmpty() ? ANY : "." + host.suffix();
    }

    /** An index in the making. Not thread-safe; of no use once it is done. */
    public static final class Edit<T> {
        private final EntryTable.Edit<String, T> byName;

        private Edit(EntryTable.Edit<String, T> byName) {
            this.byName = byName;
        }

        /** @param hosts of which one must cover the host */
        public Edit<T> add(Collection<HostPattern> hosts, T entry) {
            hosts.forEach(host -> byName.add(key(host), entry));
            return this;
        }

        public Edit<T> remove(Collection<HostPattern> hosts, T entry) {
            hosts.forEach(host -> byName.remove(key(host), entry));
            return this;
        }

        public HostIndex<T> done() {
            return new HostIndex<>(byName.done());
        }
    }
}
