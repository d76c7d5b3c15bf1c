package dev.exeat.cli.objects;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** The annotation in which an object carries what was declared of it last, in the form that kubectl writes and reads. */
final class LastApplied {
    static final String ANNOTATION = "kubectl.kubernetes.io/last-applied-configuration";

    private LastApplied() {}

    /** A copy without the annotation, as it is remembered; it has the field {@code annotations}, as kubectl's has. */
    static ObjectNode without(ObjectNode object) {
        ObjectNode copy = object.deepCopy();
        ObjectNode metadata = copy.withObject("/metadata");
        if (!(metadata.get("annotations") instanceof ObjectNode annotations)) {
            metadata.putObject("annotations");
        } else {
            annotations.remove(ANNOTATION);
        }
        return copy;
    }

    /** A copy that remembers itself. */
    static ObjectNode with(ObjectNode object) {
        ObjectNode copy = without(object);
        String remembered = ObjectText.compact(copy) + "\n";
        copy.withObject("/metadata").withObject("/annotations").put(ANNOTATION, remembered);
        return copy;
    }

    static boolean isIn(ObjectNode object) {
        return !annotation(object).isEmpty();
    }

    /** What was declared last; without any field if nothing was, or it cannot be read. */
    static ObjectNode of(ObjectNode current) {
        String text = annotation(current);
        try {
            if (!text.isEmpty() && JsonMapper.shared().readTree(text) instanceof ObjectNode object) {
                return object;
            }
        } catch (JacksonException e) {
            throw ObjectException.of("the annotation " + ANNOTATION + " cannot be read: " + e.getOriginalMessage());
        }
        return JsonNodeFactory.instance.objectNode();
    }

    private static String annotation(ObjectNode object) {
        JsonNode annotations = object.path("metadata").path("annotations");
        return annotations.path(ANNOTATION).asString("");
    }
}
