package dev.exeat.control.store;

import java.util.List;

/**
 * The objects of a scope at one moment, by namespace and name.
 *
 * @param resourceVersion from which a watch goes on without a gap
 */
public record Listing(long resourceVersion, List<StoredObject> objects) {
    public Listing {
        objects = List.copyOf(objects);
    }
}
