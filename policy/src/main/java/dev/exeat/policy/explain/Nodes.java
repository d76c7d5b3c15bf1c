package dev.exeat.policy.explain;

import dev.exeat.model.Node;
import dev.exeat.model.ObjectKey;
import dev.exeat.model.Place;
import dev.exeat.model.Resource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Makes nodes that stand in no file. */
final class Nodes {
    private Nodes() {}

    static Node text(String text) {
        return new Node.Scalar(text, Node.ScalarType.TEXT, Place.UNKNOWN);
    }

    static Node number(int number) {
        return new Node.Scalar(Integer.toString(number), Node.ScalarType.INTEGER, Place.UNKNOWN);
    }

    /** A number that is written as text. */
    static Node quoted(int number) {
        return text(Integer.toString(number));
    }

    static Node list(Node... items) {
        return new Node.Sequence(List.of(items), Place.UNKNOWN);
    }

    static Builder map() {
        return new Builder();
    }

    /** With the fields of another to begin with. */
    static Builder mapOf(Node.Mapping other) {
        Builder builder = map();
        builder.fields.putAll(other.fields());
        return builder;
    }

    /** An object that stands in no file. */
    static Resource object(String apiVersion, String kind, String name, String namespace, Node spec) {
        Node.Mapping body = map().put("apiVersion", text(apiVersion))
                .put("kind", text(kind))
                .put(
                        "metadata",
                        map().put("name", text(name))
                                .put("namespace", text(namespace))
                                .build())
                .put("spec", spec)
                .build();
        String group = apiVersion.substring(0, apiVersion.indexOf('/'));
        return new Resource(new ObjectKey(group, kind, namespace, name), apiVersion, Map.of(), Map.of(), body);
    }

    /** The same object with an annotation, which is its only one. */
    static Resource annotated(Resource object, String annotation, String value) {
        Node metadata = NodePath.find(object.body(), List.of("metadata"));
        Builder annotated = metadata instanceof Node.Mapping mapping ? mapOf(mapping) : map();
        annotated.put("annotations", map().put(annotation, text(value)).build());
        Node body = NodePath.with(object.body(), List.of("metadata"), annotated.build());
        return new Resource(
                object.key(), object.apiVersion(), object.labels(), Map.of(annotation, value), (Node.Mapping) body);
    }

    /** A mapping in the order in which its fields are put. */
    static final class Builder {
        private final Map<String, Node> fields = new LinkedHashMap<>();

        Builder put(String key, Node value) {
            fields.put(key, value);
            return this;
        }

        Node.Mapping build() {
            return new Node.Mapping(fields, Map.of(), Place.UNKNOWN);
        }
    }
}
