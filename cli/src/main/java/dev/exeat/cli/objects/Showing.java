package dev.exeat.cli.objects;

import dev.exeat.cli.ask.Printable;
import dev.exeat.cli.objects.GetCommand.Output;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Prints objects in one of the forms of {@code exeat get}. */
final class Showing {
    private final Getting getting;
    private final Output output;
    private final boolean allNamespaces;
    private final PrintWriter out;
    private @Nullable TableText table;
    private @Nullable ResourceKind last;
    private boolean printed;

    Showing(Getting getting, Output output, boolean allNamespaces, PrintWriter out) {
        this.getting = getting;
        this.output = output;
        this.allNamespaces = allNamespaces;
        this.out = out;
    }

    /** @return whether there was anything to print */
    boolean show(Selection selection) {
        switch (output) {
            case TABLE, WIDE -> tables(selection);
            case NAME -> getting.each(selection, ApiClient.JSON, this::names);
            case JSON, YAML -> texts(selection);
        }
        out.flush();
        return printed;
    }

    private void tables(Selection selection) {
        boolean kinds = selection.ofSeveralKinds();
        getting.each(selection, Getting.TABLE, (kind, rows) -> {
            if (!kind.equals(last)) {
                finishTable();
                last = kind;
                table = new TableText(
                        out,
                        output == Output.WIDE,
                        allNamespaces && kind.namespaced(),
                        kinds ? kind.label() + "/" : "");
            }
            if (table != null) {
                table.add(rows);
            }
        });
        finishTable();
    }

    private void finishTable() {
        TableText finished = table;
        if (finished != null && finished.hasRows()) {
            if (printed) {
                out.println();
            }
            finished.print();
            printed = true;
        }
    }

    private void names(ResourceKind kind, ObjectNode answer) {
        for (JsonNode object : items(kind, answer)) {
            printed = true;
            out.println(kind.label() + "/"
                    + Printable.of(object.at("/metadata/name").asString("")));
        }
    }

    private void texts(Selection selection) {
        List<JsonNode> objects = new ArrayList<>();
        getting.each(selection, ApiClient.JSON, (kind, answer) -> objects.addAll(items(kind, answer)));
        if (objects.isEmpty() && !getting.allWent()) {
            return;
        }
        printed = true;
        boolean one = selection.named() && selection.parts().size() == 1 && objects.size() == 1;
        JsonNode shown = one ? objects.getFirst() : list(objects);
        out.print(output == Output.JSON ? ObjectText.json(shown) : ObjectText.yaml(shown));
    }

    private static JsonNode list(List<JsonNode> objects) {
        ObjectNode list = JsonNodeFactory.instance.objectNode().put("apiVersion", "v1");
        ArrayNode items = list.putArray("items");
        objects.forEach(items::add);
        list.put("kind", "List").putObject("metadata").put("resourceVersion", "");
        return list;
    }

    /** The objects of an answer, without the fields that only machines read. */
    static List<JsonNode> items(ResourceKind kind, ObjectNode answer) {
        List<JsonNode> objects = new ArrayList<>();
        if (answer.path("items").isArray()) {
            for (JsonNode item : answer.path("items")) {
                if (item instanceof ObjectNode object) {
                    object.put("apiVersion", kind.apiVersion()).put("kind", kind.kind());
                    objects.add(unmanaged(object));
                }
            }
        } else {
            objects.add(unmanaged(answer));
        }
        return objects;
    }

    private static JsonNode unmanaged(ObjectNode object) {
        if (object.path("metadata") instanceof ObjectNode metadata) {
            metadata.remove("managedFields");
        }
        return object;
    }
}
