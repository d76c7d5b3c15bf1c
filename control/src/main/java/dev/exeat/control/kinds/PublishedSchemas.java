package dev.exeat.control.kinds;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * The schemas that Kubernetes publishes of its own kinds (OpenAPI v3 of an API server, one definition a line, Apache
 * License 2.0), with two additions that the recording of them makes: {@link #PROTOBUF} and {@link #GO_TYPE}. Immutable.
 */
public final class PublishedSchemas {
    /** In definitions: the names of the fields by their numbers in protobuf. */
    public static final String PROTOBUF = "x-protobuf";

    /** In schemas of fields: the name of a type that has one of its own, as messages tell it. */
    public static final String GO_TYPE = "x-go-type";

    /** In {@link #resolved resolved} schemas: the name of the definition. */
    public static final String DEFINITION = "x-definition";

    static final String OBJECT_META = "io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta";
    private static final String DELETE_OPTIONS = "io.k8s.apimachinery.pkg.apis.meta.v1.DeleteOptions";
    private static final String RESOURCE = "kubernetes.jsonl";
    private static final String REFERENCE = "$ref";
    private static final String PREFIX = "#/components/schemas/";
    private static final String PROPERTIES = "properties";
    private static final String PRESERVE = "x-kubernetes-preserve-unknown-fields";

    private final Map<String, ObjectNode> definitions;
    private final Map<String, ObjectNode> resolved = new HashMap<>();

    private PublishedSchemas(Map<String, ObjectNode> definitions) {
        this.definitions = definitions;
        definitions.keySet().forEach(this::resolve);
    }

    static PublishedSchemas load() {
        Map<String, ObjectNode> definitions = new LinkedHashMap<>();
        try (InputStream in = PublishedSchemas.class.getResourceAsStream(RESOURCE)) {
            if (in == null) {
                throw new IllegalStateException("the program lacks " + RESOURCE);
            }
            new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))
                    .lines()
                    .forEach(line -> {
                        JsonNode named = JsonMapper.shared().readTree(line);
                        definitions.put(named.path(0).asString(), (ObjectNode) named.path(1));
                    });
        } catch (IOException e) {
            throw new UncheckedIOException("the program cannot read its " + RESOURCE, e);
        }
        return new PublishedSchemas(definitions);
    }

    /** The name of the definition of a kind of Kubernetes' own. */
    static String name(String group, String version, String kind) {
        int dot = group.indexOf('.');
        String part = group.isEmpty() ? "core" : dot < 0 ? group : group.substring(0, dot);
        return "io.k8s.api." + part + "." + version + "." + kind;
    }

    /** A definition with those that it refers to in their places; shared, never to be changed. */
    public ObjectNode resolved(String definition) {
        ObjectNode schema = resolved.get(definition);
        if (schema == null) {
            throw new IllegalStateException("the program lacks the definition of " + definition);
        }
        return schema;
    }

    /** The resolved definition of a kind; null if it is none of Kubernetes' own that are known here. */
    public @Nullable ObjectNode of(String group, String version, String kind) {
        return resolved.get(kind.equals("DeleteOptions") ? DELETE_OPTIONS : name(group, version, kind));
    }

    /** A definition as it is published, and all that it refers to, by name. New nodes. */
    public Map<String, ObjectNode> published(String definition) {
        Map<String, ObjectNode> found = new TreeMap<>();
        Deque<String> open = new ArrayDeque<>(List.of(definition));
        while (!open.isEmpty()) {
            String name = open.pop();
            ObjectNode known = definitions.get(name);
            if (known != null && !found.containsKey(name)) {
                ObjectNode copy = known.deepCopy();
                copy.remove(PROTOBUF);
                copy.findParents(GO_TYPE).forEach(node -> ((ObjectNode) node).remove(GO_TYPE));
                found.put(name, copy);
                copy.findValues(REFERENCE)
                        .forEach(reference -> open.push(reference.asString().substring(PREFIX.length())));
            }
        }
        return found;
    }

    private ObjectNode resolve(String name) {
        ObjectNode known = resolved.get(name);
        if (known != null) {
            return known;
        }
        ObjectNode whole = JsonNodeFactory.instance.objectNode();
        ObjectNode definition = definitions.get(name);
        if (definition == null) {
            throw new IllegalStateException("the program lacks the definition of " + name);
        }
        whole.setAll(inPlace(definition));
        whole.put(DEFINITION, name);
        boolean open = !whole.has(PROPERTIES) && !whole.has("additionalProperties");
        if (open && whole.path("type").asString("").equals("object")) {
            whole.put(PRESERVE, true);
        }
        resolved.put(name, whole); // None refers to itself.
        return whole;
    }

    /** The schema without references. */
    private ObjectNode inPlace(ObjectNode schema) {
        ObjectNode whole = JsonNodeFactory.instance.objectNode();
        JsonNode reference =
                schema.has(REFERENCE) ? schema : schema.path("allOf").path(0);
        if (reference.has(REFERENCE)) {
            whole.setAll(resolve(reference.path(REFERENCE).asString().substring(PREFIX.length())));
        }
        for (Map.Entry<String, JsonNode> entry : schema.properties()) {
            switch (entry.getKey()) {
                case REFERENCE, "allOf" -> {}
                case "items", "additionalProperties" -> whole.set(entry.getKey(), inPlace(entry.getValue()));
                case PROPERTIES -> {
                    ObjectNode fields = whole.putObject(PROPERTIES);
                    entry.getValue()
                            .properties()
                            .forEach(field -> fields.set(field.getKey(), inPlace(field.getValue())));
                }
                default -> whole.set(entry.getKey(), entry.getValue());
            }
        }
        return whole;
    }

    private JsonNode inPlace(JsonNode schema) {
        return schema instanceof ObjectNode object ? inPlace(object) : schema;
    }
}
