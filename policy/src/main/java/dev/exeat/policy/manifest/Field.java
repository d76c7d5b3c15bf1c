package dev.exeat.policy.manifest;

import dev.exeat.model.Node;
import dev.exeat.model.Place;

/**
 * A value that is there, and where.
 *
 * @param path dotted, from the root of the object
 */
public record Field(Node node, String path) {
    public Place place() {
        return node.place();
    }
}
