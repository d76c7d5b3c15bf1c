package dev.exeat.model;

/** Which object: two objects with the same key are versions of one. Kind is spelt as in the manifest. */
public record ObjectKey(String group, String kind, String namespace, String name) implements Comparable<ObjectKey> {
    @Override
    public int compareTo(ObjectKey other) {
        int order = namespace.compareTo(other.namespace);
        order = order != 0 ? order : name.compareTo(other.name);
        order = order != 0 ? order : group.compareTo(other.group);
        return order != 0 ? order : kind.compareTo(other.kind);
    }

    /** {@code kind/namespace/name}, as people and records write it. */
    @Override
    public String toString() {
        return kind + "/" + namespace + "/" + name;
    }
}
