package dev.exeat.control.kube;

import dev.exeat.control.kinds.Column;
import dev.exeat.control.kinds.Kind;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Objects as tables of {@code meta.k8s.io/v1}, which clients print as they are. */
final class Tables {
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
    private static final String COUNT = ".*";
    private static final Column FIRST = new Column(Column.NAME, "string", ".metadata.name", 0);

    private final InstantSource clock;

    Tables(InstantSource clock) {
        this.clock = clock;
    }

    /**
     * A table with a row for each object.
     *
     * @param resourceVersion of the list as a whole
     */
    ObjectNode of(Kind.Version version, List<ObjectNode> objects, String resourceVersion) {
        ObjectNode table = JSON.objectNode().put("kind", "Table").put("apiVersion", "meta.k8s.io/v1");
        table.putObject("metadata").put("resourceVersion", resourceVersion);
        ArrayNode definitions = table.putArray("columnDefinitions");
        for (Column column : columns(version)) {
            String format = column.name().equals(Column.NAME) ? "name" : "";
            definition(definitions, column.name(), column.type(), format, column.priority());
        }
        ArrayNode rows = table.putArray("rows");
        objects.forEach(object -> rows.add(row(version, object)));
        return table;
    }

    private static List<Column> columns(Kind.Version version) {
        if (version.columns().stream().anyMatch(column -> column.name().equals(Column.NAME))) {
            return version.columns();
        }
        List<Column> columns = new ArrayList<>(version.columns());
        columns.addFirst(FIRST);
        return columns;
    }

    private static void definition(ArrayNode definitions, String name, String type, String format, int priority) {
        definitions
                .addObject()
                .put("name", name)
                .put("type", type)
                .put("format", format)
                .put("description", "")
                .put("priority", priority);
    }

    private ObjectNode row(Kind.Version version, ObjectNode object) {
        ObjectNode row = JSON.objectNode();
        ArrayNode cells = row.putArray("cells");
        for (Column column : columns(version)) {
            cells.add(cell(column, object));
        }
        ObjectNode partial =
                JSON.objectNode().put("kind", "PartialObjectMetadata").put("apiVersion", "meta.k8s.io/v1");
        partial.set("metadata", object.path("metadata"));
        row.set("object", partial);
        return row;
    }

    private JsonNode cell(Column column, ObjectNode object) {
        if (column.cell() != null) {
            return JSON.stringNode(column.cell().apply(object));
        }
        String path = column.jsonPath();
        if (path.endsWith(COUNT)) {
            return JSON.numberNode(
                    object.at(path.substring(0, path.length() - COUNT.length()).replace('.', '/'))
                            .size());
        }
        JsonNode value = object.at(path.replace('.', '/'));
        if (value.isMissingNode() || value.isNull()) {
            return JSON.nullNode();
        }
        if (column.type().equals("date")) {
            return JSON.stringNode(age(value.asString("")));
        }
        return value.isContainer() ? JSON.stringNode(value.toString()) : value;
    }

    private String age(String time) {
        try {
            return Ages.text(Duration.between(Instant.parse(time), clock.instant()));
        } catch (DateTimeException e) {
            return "<unknown>";
        }
    }
}
