package dev.exeat.cli.objects;

import dev.exeat.cli.ask.Printable;
import dev.exeat.cli.objects.GetCommand.Output;
import dev.exeat.cli.objects.Selection.Part;
import java.io.PrintWriter;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Prints objects and then each change, until the server ends it. */
final class Watching {
    private final Getting getting;
    private final Output output;
    private final PrintWriter out;

    Watching(Getting getting, Output output, PrintWriter out) {
        this.getting = getting;
        this.output = output;
        this.out = out;
    }

    void run(Selection selection) {
        Part part = selection.parts().getFirst();
        switch (output) {
            case TABLE, WIDE -> tables(part);
            case JSON, YAML, NAME -> objects(part);
        }
    }

    private void tables(Part part) {
        TableText text = new TableText(
                out,
                output == Output.WIDE,
                getting.ofAllNamespaces() && part.kind().namespaced(),
                "");
        ObjectNode table = getting.list(part, Getting.TABLE);
        text.add(table);
        text.print();
        getting.follow(part, version(table), Getting.TABLE, event -> {
            text.add(event.path("object"));
            text.print();
        });
    }

    private void objects(Part part) {
        ObjectNode list = getting.list(part, ApiClient.JSON);
        String version = version(list);
        Showing.items(part.kind(), list).forEach(object -> print(part.kind(), object));
        getting.follow(part, version, ApiClient.JSON, event -> {
            if (event.path("object") instanceof ObjectNode object) {
                Showing.items(part.kind(), object).forEach(shown -> print(part.kind(), shown));
            }
        });
    }

    private void print(ResourceKind kind, JsonNode object) {
        switch (output) {
            case JSON -> out.print(ObjectText.json(object));
            case YAML -> out.print("---\n" + ObjectText.yaml(object));
            default ->
                out.println(kind.label() + "/"
                        + Printable.of(object.at("/metadata/name").asString("")));
        }
        out.flush();
    }

    private static String version(ObjectNode list) {
        return list.at("/metadata/resourceVersion").asString("");
    }
}
