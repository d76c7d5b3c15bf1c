package dev.exeat.control.store;

import java.util.Comparator;

/**
 * Which object.
 *
 * @param group of the API, empty for the core one
 * @param resource the kind's plural, as paths name it
 * @param namespace empty for what lies in none
 */
public record StoreKey(String group, String resource, String namespace, String name) implements Comparable<StoreKey> {
    private static final Comparator<StoreKey> ORDER = Comparator.comparing(StoreKey::group)
            .thenComparing(StoreKey::resource)
            .thenComparing(StoreKey::namespace)
            .thenComparing(StoreKey::name);

    @Override
    public int compareTo(StoreKey other) {
        return ORDER.compare(this, other);
    }

    /** As the API's messages name it. */
    @Override
    public String toString() {
        return (group.isEmpty() ? resource : resource + "." + group) + " \"" + name + "\"";
    }
}
