package dev.exeat.control.kube.fields;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.cfg.JsonNodeFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * The annotation by which {@code kubectl apply} remembers what it applied, so that people may go over to {@code
 * --server-side} and back.
 */
final class LastApplied {
    private static final String ANNOTATION = "kubectl.kubernetes.io/last-applied-configuration";
    private static final String ANNOTATIONS = "annotations";
    private static final JsonMapper SORTED =
            JsonMapper.builder().enable(JsonNodeFeature.WRITE_PROPERTIES_SORTED).build();

    private LastApplied() {}

    /** What was applied, or an empty object. */
    static ObjectNode of(ObjectNode object) {
        JsonNode text = annotation(object);
        try {
            if (text.isString() && SORTED.readTree(text.asString()) instanceof ObjectNode applied) {
                return applied;
            }
        } catch (JacksonException e) {
            return JsonNodeFactory.instance.objectNode(); // Somebody wrote what is none; it remembers nothing.
        }
        return JsonNodeFactory.instance.objectNode();
    }

    /** Where the object has the annotation, it says what was applied now. */
    static void renew(ObjectNode live, ObjectNode applied, ObjectNode result) {
        if (!annotation(live).isString()) {
            return;
        }
        ObjectNode copy = applied.deepCopy();
        ObjectNode metadata = copy.withObject("/metadata");
        metadata.remove(Content.MANAGED_FIELDS);
        if (metadata.path(ANNOTATIONS) instanceof ObjectNode annotations) {
            annotations.remove(ANNOTATION);
        }
        ObjectNode target = result.withObject("/metadata");
        ObjectNode annotations =
                target.path(ANNOTATIONS) instanceof ObjectNode existing ? existing : target.putObject(ANNOTATIONS);
        annotations.put(ANNOTATION, SORTED.writeValueAsString(copy) + "\n");
    }

    private static JsonNode annotation(ObjectNode object) {
        return object.path("metadata").path(ANNOTATIONS).path(ANNOTATION);
    }
}
