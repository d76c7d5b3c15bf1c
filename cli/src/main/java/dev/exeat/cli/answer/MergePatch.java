package dev.exeat.cli.answer;

import dev.exeat.control.kinds.NodeJson;
import dev.exeat.model.Node;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** JSON merge patches (RFC 7396): lists are given whole, what is to go is null. */
final class MergePatch {
    private MergePatch() {}

    static JsonNode between(Node before, Node after) {
        return between(NodeJson.of(before), NodeJson.of(after));
    }

    private static JsonNode between(JsonNode before, JsonNode after) {
        if (!(before instanceof ObjectNode old) || !(after instanceof ObjectNode now)) {
            return after;
        }
        ObjectNode patch = JsonNodeFactory.instance.objectNode();
        for (String name : old.propertyNames()) {
            if (!now.has(name)) {
                patch.putNull(name);
            }
        }
        now.forEachEntry((name, value) -> {
            if (!value.equals(old.get(name))) {
                patch.set(name, old.has(name) ? between(old.get(name), value) : value);
            }
        });
        return patch;
    }
}
