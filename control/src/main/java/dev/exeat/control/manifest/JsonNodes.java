package dev.exeat.control.manifest;

import dev.exeat.model.Node;
import dev.exeat.model.Node.ScalarType;
import dev.exeat.model.Place;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/** Makes nodes of JSON that is parsed already, within the bounds of a manifest. All of them stand at one place. */
final class JsonNodes {
    private final Place place;

    JsonNodes(Place place) {
        this.place = place;
    }

    /** @throws DocumentException if a bound is exceeded, or a text has a character that manifests do not have */
    Node of(JsonNode json) {
        return node(json, 1);
    }

    private Node node(JsonNode json, int depth) {
        if (depth > NodeBuilder.MAX_DEPTH) {
            throw new DocumentException(
                    "yaml-depth",
                    place,
                    "more than " + NodeBuilder.MAX_DEPTH + " levels are nested",
                    "no resource needs so many");
        }
        if (json.isObject()) {
            Map<String, Node> fields = new LinkedHashMap<>();
            for (Map.Entry<String, JsonNode> field : json.properties()) {
                fields.put(text(field.getKey()), node(field.getValue(), depth + 1));
            }
            return new Node.Mapping(Collections.unmodifiableMap(fields), Map.of(), place);
        }
        if (json.isArray()) {
            List<Node> items = new ArrayList<>(json.size());
            for (JsonNode item : json) {
                items.add(node(item, depth + 1));
            }
            return new Node.Sequence(List.copyOf(items), place);
        }
        return json.isString()
                ? new Node.Scalar(text(json.stringValue()), ScalarType.TEXT, place)
                : plain(json.toString());
    }

    private Node plain(String text) {
        return new Node.Scalar(text, ScalarTypes.ofPlain(text), place);
    }

    private String text(String text) {
        SyntaxErrors.refuseForbiddenCharacters(place, text);
        return text;
    }
}
