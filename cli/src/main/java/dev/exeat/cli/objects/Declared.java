package dev.exeat.cli.objects;

import tools.jackson.databind.node.ObjectNode;

/**
 * An object as somebody wrote it.
 *
 * @param source the file, or {@code STDIN}
 * @param namespace empty if its kind has none
 */
record Declared(String source, ResourceKind kind, String namespace, String name, ObjectNode object) {
    String path() {
        return kind.path(namespace, name);
    }

    /** As in {@code rule.config.istio.io/check-access}. */
    String label() {
        return kind.label() + "/" + name;
    }
}
