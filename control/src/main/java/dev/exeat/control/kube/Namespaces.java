package dev.exeat.control.kube;

import dev.exeat.control.kinds.Kind;
import dev.exeat.control.store.StoreKey;
import tools.jackson.databind.node.ObjectNode;

/** What is particular to namespaces. */
final class Namespaces {
    private static final String PLURAL = "namespaces";

    private Namespaces() {}

    static boolean is(Kind kind) {
        return kind.group().isEmpty() && kind.plural().equals(PLURAL);
    }

    static StoreKey key(String name) {
        return new StoreKey("", PLURAL, "", name);
    }

    /** A new one is active at once, and bears its name as a label, by which selectors find it. */
    static ObjectNode complete(ObjectNode namespace) {
        ObjectNode metadata = namespace.withObject("/metadata");
        metadata.withObject("/labels")
                .put("kubernetes.io/metadata.name", metadata.path("name").asString(""));
        namespace.withObject("/spec").putArray("finalizers").add("kubernetes");
        namespace.withObject("/status").put("phase", "Active");
        return namespace;
    }
}
