package dev.exeat.control.kube;

import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.UUID;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** What the server alone says of an object. Thread-safe. */
final class ServerFields {
    private static final int SUFFIX = 5;
    private static final List<String> KEPT = List.of(
            "name",
            "namespace",
            "uid",
            "creationTimestamp",
            "resourceVersion",
            "generation",
            "deletionTimestamp",
            "deletionGracePeriodSeconds");
    private static final String GENERATION = "generation";

    private final InstantSource clock;

    ServerFields(InstantSource clock) {
        this.clock = clock;
    }

    /** Of a new object. */
    void begin(KubeRequest request, ObjectNode object) {
        ObjectNode metadata = object.withObject("/metadata");
        if (metadata.path("name").asString("").isEmpty()
                && !metadata.path("generateName").asString("").isEmpty()) {
            metadata.put("name", metadata.path("generateName").asString() + suffix());
        }
        metadata.remove(List.of("resourceVersion", "selfLink", "deletionTimestamp", "deletionGracePeriodSeconds"));
        metadata.put("uid", UUID.randomUUID().toString()).put("creationTimestamp", now());
        metadata.remove(GENERATION);
        withoutEmpty(metadata);
        if (request.version().status()) {
            metadata.put(GENERATION, 1);
            object.remove("status");
        }
        if (Namespaces.is(request.kind())) {
            Namespaces.complete(object);
        }
    }

    /** What is empty is as good as absent in metadata. */
    private static void withoutEmpty(ObjectNode metadata) {
        metadata.removeIf(value -> value.isContainer() && value.isEmpty());
    }

    private static String suffix() {
        return UUID.randomUUID().toString().substring(0, SUFFIX);
    }

    /** The proposed object with what stays as it was; {@code status} is written by its subresource alone. */
    static ObjectNode next(KubeRequest request, ObjectNode current, ObjectNode proposed) {
        if (request.subresource().equals("status")) {
            ObjectNode next = current.deepCopy();
            JsonNode managed = proposed.path("metadata").path("managedFields");
            if (managed.isArray()) {
                next.withObject("/metadata").set("managedFields", managed);
            }
            next.remove("status");
            if (proposed.path("status").isObject()) {
                next.set("status", proposed.path("status").deepCopy());
            }
            return next;
        }
        ObjectNode next = proposed.deepCopy();
        next.put("apiVersion", current.path("apiVersion").asString(""));
        ObjectNode metadata = next.withObject("/metadata");
        withoutEmpty(metadata);
        for (String field : KEPT) {
            JsonNode kept = current.path("metadata").path(field);
            if (kept.isMissingNode()) {
                metadata.remove(field);
            } else {
                metadata.set(field, kept);
            }
        }
        if (request.version().status()) {
            next.remove("status");
            if (current.has("status")) {
                next.set("status", current.path("status"));
            }
            if (!contentOf(next).equals(contentOf(current))) {
                metadata.put(GENERATION, current.at("/metadata/generation").asLong(0) + 1);
            }
        } else if (Namespaces.is(request.kind())) {
            for (String field : List.of("spec", "status")) {
                if (current.has(field)) {
                    next.set(field, current.path(field));
                }
            }
        }
        return next;
    }

    private static ObjectNode contentOf(ObjectNode object) {
        ObjectNode content = object.deepCopy();
        content.remove(List.of("apiVersion", "metadata", "status"));
        return content;
    }

    /** The object as one that is to go as soon as its finalizers are done. */
    ObjectNode leaving(ObjectNode object) {
        ObjectNode leaving = object.deepCopy();
        ObjectNode metadata = leaving.withObject("/metadata");
        metadata.put("deletionTimestamp", now()).put("deletionGracePeriodSeconds", 0);
        if (metadata.has(GENERATION)) {
            metadata.put(GENERATION, metadata.path(GENERATION).asLong(0) + 1);
        }
        return leaving;
    }

    private String now() {
        return clock.instant().truncatedTo(ChronoUnit.SECONDS).toString();
    }
}
