package dev.exeat.testkit;

import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import dev.exeat.model.Node;
import dev.exeat.model.Node.Scalar;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** The JSON Schema of {@code exeat.dev/v1alpha1} that is published for editors. Thread-safe. */
public final class PolicySchema {
    private static final Path FILE = Path.of("..", "docs", "schema", "exeat.dev-v1alpha1.json");
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private final Schema schema;

    private PolicySchema(Schema schema) {
        this.schema = schema;
    }

    /** Reads it from the documentation, seen from the directory of a module. */
    public static PolicySchema published() {
        try {
            return new PolicySchema(SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                    .getSchema(Files.readString(FILE)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What it finds wrong with an object; empty where nothing. */
    public List<String> faults(Node object) {
        return schema.validate(json(object)).stream().map(Object::toString).toList();
    }

    private static JsonNode json(Node node) {
        return switch (node) {
            case Node.Mapping mapping -> {
                ObjectNode object = JSON.objectNode();
                mapping.fields().forEach((key, value) -> object.set(key, json(value)));
                yield object;
            }
            case Node.Sequence sequence -> {
                ArrayNode array = JSON.arrayNode();
                sequence.items().forEach(item -> array.add(json(item)));
                yield array;
            }
            case Scalar(String text, Node.ScalarType type, var _) ->
                switch (type) {
                    case TEXT -> JSON.stringNode(text);
                    case INTEGER -> JSON.numberNode(new BigInteger(text));
                    case DECIMAL -> JSON.numberNode(new BigDecimal(text));
                    case BOOLEAN -> JSON.booleanNode(text.equalsIgnoreCase("true"));
                    case NULL -> JSON.nullNode();
                };
        };
    }
}
