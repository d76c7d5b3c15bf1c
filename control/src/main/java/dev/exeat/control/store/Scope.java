package dev.exeat.control.store;

/**
 * Which objects of a kind are listed or watched.
 *
 * @param namespace empty for all
 */
public record Scope(String group, String resource, String namespace) {
    boolean covers(StoreKey key) {
        return key.group().equals(group)
                && key.resource().equals(resource)
                && (namespace.isEmpty() || key.namespace().equals(namespace));
    }
}
