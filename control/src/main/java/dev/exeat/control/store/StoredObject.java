package dev.exeat.control.store;

import tools.jackson.databind.node.ObjectNode;

/**
 * One version of an object.
 *
 * @param body the whole object; {@code metadata.resourceVersion} is that of this version. Shared: never to be changed
 */
public record StoredObject(StoreKey key, long resourceVersion, ObjectNode body) {
    static StoredObject written(StoreKey key, ObjectNode body, long version) {
        ObjectNode copy = body.deepCopy();
        copy.withObject("/metadata").put("resourceVersion", Long.toString(version));
        return new StoredObject(key, version, copy);
    }
}
