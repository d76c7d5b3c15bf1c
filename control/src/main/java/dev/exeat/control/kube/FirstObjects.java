package dev.exeat.control.kube;

import dev.exeat.control.store.ObjectStore;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.UUID;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** What a new store has: the namespaces in which people expect to be able to begin. */
public final class FirstObjects {
    private static final List<String> NAMESPACES = List.of("default", "istio-system");

    private FirstObjects() {}

    /** Does nothing where the store was ever written to, so that what somebody deleted stays deleted. */
    public static void write(ObjectStore store, InstantSource clock) {
        if (store.resourceVersion() > 0) {
            return;
        }
        for (String name : NAMESPACES) {
            ObjectNode namespace = JsonNodeFactory.instance
                    .objectNode()
                    .put("apiVersion", "v1")
                    .put("kind", "Namespace");
            namespace
                    .putObject("metadata")
                    .put("name", name)
                    .put("uid", UUID.randomUUID().toString())
                    .put(
                            "creationTimestamp",
                            clock.instant().truncatedTo(ChronoUnit.SECONDS).toString());
            store.create(Namespaces.key(name), Namespaces.complete(namespace));
        }
    }
}
