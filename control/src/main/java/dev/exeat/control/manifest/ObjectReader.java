package dev.exeat.control.manifest;

import dev.exeat.model.Node;
import dev.exeat.model.Node.ScalarType;
import dev.exeat.model.ObjectKey;
import dev.exeat.model.Place;
import dev.exeat.model.Problem;
import dev.exeat.model.Resource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads what every object has: its version, kind and metadata. What the kind itself asks for is judged elsewhere. */
final class ObjectReader {
    private static final List<String> TOP_LEVEL = List.of("apiVersion", "kind", "metadata", "spec", "status");
    private static final List<String> METADATA = List.of(
            "name",
            "namespace",
            "labels",
            "annotations",
            "generateName",
            "uid",
            "resourceVersion",
            "generation",
            "creationTimestamp",
            "deletionTimestamp",
            "deletionGracePeriodSeconds",
            "ownerReferences",
            "finalizers",
            "managedFields",
            "selfLink");

    private final List<Resource> resources = new ArrayList<>();
    private final List<Problem> problems = new ArrayList<>();

    List<Resource> resources() {
        return resources;
    }

    List<Problem> problems() {
        return problems;
    }

    /** Reads a document's root; an empty document is no object and no error. */
    void read(Node root) {
        if (root instanceof Node.Scalar scalar && scalar.type() == ScalarType.NULL) {
            return;
        }
        if (!(root instanceof Node.Mapping mapping)) {
            error(
                    null,
                    "object-incomplete",
                    root.place(),
                    "",
                    "this is no object",
                    "an object starts with apiVersion, kind and metadata");
            return;
        }
        if (isList(mapping) && mapping.get("items") instanceof Node.Sequence items) {
            items.items().forEach(this::read);
            return;
        }
        readObject(mapping);
    }

    private static boolean isList(Node.Mapping mapping) {
        return mapping.get("kind") instanceof Node.Scalar kind
                && kind.text().endsWith("List")
                && mapping.get("spec") == null;
    }

    private void readObject(Node.Mapping body) {
        int before = problems.size();
        String apiVersion = required(body, "apiVersion", "");
        String kind = required(body, "kind", "");
        Node.Mapping metadata = metadata(body);
        String name = metadata == null ? "" : name(metadata);
        misspelt(body);
        checkVersionAndKind(body, apiVersion, kind);
        if (metadata == null) {
            return;
        }
        String group = apiVersion.indexOf('/') < 0 ? "" : apiVersion.substring(0, apiVersion.indexOf('/'));
        String namespace = namespace(metadata, kind);
        ObjectKey key = new ObjectKey(group, kind, namespace, name);
        checkNames(metadata, key);
        // An object whose name or kind is in doubt is told by its place alone.
        ObjectKey named = problems.size() == before && !name.isEmpty() ? key : null;
        unknownMetadata(metadata, named);
        Map<String, String> labels = texts(metadata, "labels", named);
        Map<String, String> annotations = texts(metadata, "annotations", named);
        if (problems.size() == before) {
            resources.add(new Resource(key, apiVersion, labels, annotations, body));
        }
    }

    private void checkVersionAndKind(Node.Mapping body, String apiVersion, String kind) {
        if (!apiVersion.isEmpty() && !ObjectNames.isApiVersion(apiVersion)) {
            error(
                    null,
                    "object-incomplete",
                    placeOf(body, "apiVersion"),
                    "apiVersion",
                    "this is no API version",
                    "write GROUP/VERSION, for example config.istio.io/v1alpha2");
        }
        if (!kind.isEmpty() && !ObjectNames.isKind(kind)) {
            error(null, "object-incomplete", placeOf(body, "kind"), "kind", "a kind has only letters and digits", "");
        }
    }

    private static Place placeOf(Node.Mapping mapping, String field) {
        Node value = mapping.get(field);
        return value == null ? mapping.placeOf(field) : value.place();
    }

    private Node.@Nullable Mapping metadata(Node.Mapping body) {
        Node metadata = body.get("metadata");
        if (metadata instanceof Node.Mapping mapping) {
            return mapping;
        }
        if (metadata == null) {
            missing(body, "metadata", "", "add metadata with a name");
        } else {
            error(
                    null,
                    "object-incomplete",
                    metadata.place(),
                    "metadata",
                    "it has no fields",
                    "indent name and namespace below metadata");
        }
        return null;
    }

    private String name(Node.Mapping metadata) {
        if (metadata.get("name") == null && metadata.get("generateName") != null) {
            error(
                    null,
                    "object-incomplete",
                    metadata.placeOf("generateName"),
                    "metadata.generateName",
                    "an object of a file needs a fixed name",
                    "use name");
            return "";
        }
        return required(metadata, "name", "metadata.");
    }

    private String namespace(Node.Mapping metadata, String kind) {
        if (ObjectNames.isClusterScoped(kind)) {
            return "";
        }
        Node namespace = metadata.get("namespace");
        boolean empty = namespace instanceof Node.Scalar scalar && scalar.text().isEmpty();
        if (namespace == null || isNull(namespace) || empty) {
            return "default";
        }
        return text(namespace, "metadata.namespace", null);
    }

    private void checkNames(Node.Mapping metadata, ObjectKey key) {
        String fault = key.name().isEmpty() ? "" : ObjectNames.faultOfName(key.group(), key.name());
        if (!fault.isEmpty()) {
            error(null, "object-name", placeOf(metadata, "name"), "metadata.name", "this is no valid name", fault);
        }
        String namespaceFault = key.namespace().isEmpty() ? "" : ObjectNames.faultOfNamespace(key.namespace());
        if (!namespaceFault.isEmpty()) {
            error(
                    null,
                    "object-name",
                    placeOf(metadata, "namespace"),
                    "metadata.namespace",
                    "this is no valid name",
                    namespaceFault);
        }
    }

    private void unknownMetadata(Node.Mapping metadata, @Nullable ObjectKey key) {
        for (String field : metadata.fields().keySet()) {
            if (!METADATA.contains(field)) {
                error(
                        key,
                        "unknown-field",
                        metadata.placeOf(field),
                        "metadata." + field,
                        "metadata has no such field",
                        Suggestion.didYouMean(field, METADATA, "remove it"));
            }
        }
    }

    /** Names keys that are nearly one of those every object has; what else a kind may have, its own check knows. */
    private void misspelt(Node.Mapping body) {
        for (String field : body.fields().keySet()) {
            String meant = TOP_LEVEL.contains(field) ? "" : Suggestion.nearest(field, TOP_LEVEL);
            if (!meant.isEmpty() && body.get(meant) == null) {
                error(
                        null,
                        "unknown-field",
                        body.placeOf(field),
                        field,
                        "an object has no such field",
                        "did you mean \"" + meant + "\"?");
            }
        }
    }

    private Map<String, String> texts(Node.Mapping metadata, String field, @Nullable ObjectKey key) {
        Map<String, String> texts = new LinkedHashMap<>();
        Node node = metadata.get(field);
        if (node instanceof Node.Mapping mapping) {
            mapping.fields()
                    .forEach((name, value) -> texts.put(name, text(value, "metadata." + field + "." + name, key)));
        } else if (node != null && !isNull(node)) {
            error(
                    key,
                    "wrong-type",
                    node.place(),
                    "metadata." + field,
                    "names with texts are expected",
                    "write \"" + field + ":\" and below it, indented, \"name: value\"");
        }
        return texts;
    }

    private String required(Node.Mapping mapping, String field, String prefix) {
        Node value = mapping.get(field);
        if (value == null || isNull(value)) {
            missing(mapping, field, prefix, prefix.isEmpty() ? "add it" : "add it below " + prefix.replace(".", ""));
            return "";
        }
        if (value instanceof Node.Scalar scalar && scalar.text().isEmpty()) {
            error(null, "object-incomplete", value.place(), prefix + field, "it is empty", "");
            return "";
        }
        return text(value, prefix + field, null);
    }

    private void missing(Node.Mapping mapping, String field, String prefix, String cure) {
        for (String present : mapping.fields().keySet()) {
            if (Suggestion.nearest(present, List.of(field)).equals(field) && !present.equals(field)) {
                return; // misspelt() and unknownMetadata() tell of it, at the line that is wrong
            }
        }
        error(null, "object-incomplete", mapping.placeOf(field), prefix + field, "it is missing", cure);
    }

    private String text(Node value, String field, @Nullable ObjectKey key) {
        if (!(value instanceof Node.Scalar scalar)) {
            error(key, "wrong-type", value.place(), field, "a text is expected", "");
            return "";
        }
        if (scalar.type() != ScalarType.TEXT) {
            error(
                    key,
                    "wrong-type",
                    value.place(),
                    field,
                    "a text is expected, and this is read as " + described(scalar),
                    "write it in quotes: \"" + scalar.text() + "\"");
            return "";
        }
        return scalar.text();
    }

    private static String described(Node.Scalar scalar) {
        return switch (scalar.type()) {
            case INTEGER, DECIMAL -> "a number";
            case BOOLEAN -> "true or false";
            case NULL -> "nothing";
            case TEXT -> "text";
        };
    }

    private static boolean isNull(Node node) {
        return node instanceof Node.Scalar scalar && scalar.type() == ScalarType.NULL;
    }

    private void error(@Nullable ObjectKey key, String code, Place place, String field, String message, String cure) {
        problems.add(new Problem(Problem.Severity.ERROR, code, place, key, field, message, cure));
    }
}
