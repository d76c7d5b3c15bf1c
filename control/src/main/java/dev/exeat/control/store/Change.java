package dev.exeat.control.store;

import org.jspecify.annotations.Nullable;

/**
 * One write.
 *
 * @param object as it is after the write; of a deleted one as it was, with the version of the deletion
 * @param previous as it was before, or null where it is new
 */
public record Change(
        Type type, StoredObject object, @Nullable StoredObject previous) {
    /** As watches name it. */
    public enum Type {
        ADDED,
        MODIFIED,
        DELETED
    }

    public long resourceVersion() {
        return object.resourceVersion();
    }
}
