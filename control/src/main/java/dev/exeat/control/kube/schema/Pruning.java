package dev.exeat.control.kube.schema;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Takes out of objects what their schema does not know (Kubernetes documentation, "Field pruning"), and nulls. */
final class Pruning {
    private static final String PRESERVE = "x-kubernetes-preserve-unknown-fields";

    private Pruning() {}

    /** @return the paths of what was removed, sorted */
    static List<String> prune(JsonNode schema, JsonNode value) {
        TreeSet<String> unknown = new TreeSet<>();
        prune(schema, value, "", unknown);
        return List.copyOf(unknown);
    }

    private static void prune(JsonNode schema, JsonNode value, String path, Set<String> unknown) {
        boolean preserve = schema.path(PRESERVE).asBoolean(false);
        if (value instanceof ObjectNode object) {
            JsonNode additional = schema.path("additionalProperties");
            List<String> foreign = new ArrayList<>();
            List<String> nulls = new ArrayList<>();
            for (Map.Entry<String, JsonNode> field : object.properties()) {
                JsonNode nested = schema.path("properties").path(field.getKey());
                JsonNode rule = nested.isMissingNode() ? additional : nested;
                if (field.getValue().isNull() && !nested.isMissingNode()) {
                    nulls.add(field.getKey());
                } else if (rule.isObject()) {
                    prune(rule, field.getValue(), Paths.field(path, field.getKey()), unknown);
                } else if (!preserve) {
                    foreign.add(field.getKey());
                }
            }
            foreign.forEach(name -> unknown.add(Paths.field(path, name)));
            object.remove(foreign);
            object.remove(nulls);
        } else if (value instanceof ArrayNode array && (schema.path("items").isObject() || !preserve)) {
            for (int i = 0; i < array.size(); i++) {
                prune(schema.path("items"), array.get(i), Paths.item(path, i), unknown);
            }
        }
    }
}
