package dev.exeat.control.importing;

import dev.exeat.model.Node;
import dev.exeat.model.Node.Scalar;
import dev.exeat.model.Node.ScalarType;
import dev.exeat.model.Place;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A piece of a foreign YAML file. What is of another type than its product allows ends the import: a list of denials that is
 * read as none would open what was closed.
 *
 * @param path dotted, for people
 */
record Piece(Node node, String path) {
    Place place() {
        return node.place();
    }

    private boolean isNull() {
        return node instanceof Scalar scalar && scalar.type() == ScalarType.NULL;
    }

    private Node.Mapping mapping() {
        if (node instanceof Node.Mapping mapping) {
            return mapping;
        }
        throw new ImportException(place(), named() + " is no mapping of fields", "");
    }

    private String named() {
        return path.isEmpty() ? "the document" : path;
    }

    boolean isMapping() {
        return node instanceof Node.Mapping;
    }

    boolean isList() {
        return node instanceof Node.Sequence;
    }

    /** The field, or null where it is not there or null. */
    @Nullable
    Piece get(String key) {
        Node field = mapping().get(key);
        Piece piece = field == null ? null : new Piece(field, path.isEmpty() ? key : path + "." + key);
        return piece == null || piece.isNull() ? null : piece;
    }

    /** Whether the field is there, also as null. */
    boolean has(String key) {
        return mapping().get(key) != null;
    }

    /** The text of a scalar of any type. */
    String text() {
        if (node instanceof Scalar scalar) {
            return scalar.text();
        }
        throw new ImportException(place(), named() + " is no text", "");
    }

    /** The text of the field; empty where it is not there. */
    String text(String key) {
        Piece field = get(key);
        return field == null ? "" : field.text();
    }

    List<Piece> items() {
        if (!(node instanceof Node.Sequence sequence)) {
            throw new ImportException(
                    place(), named() + " is no list", "write each item on a line of its own after \"- \"");
        }
        List<Piece> items = new ArrayList<>();
        for (int i = 0; i < sequence.items().size(); i++) {
            items.add(new Piece(sequence.items().get(i), path + "[" + i + "]"));
        }
        return items;
    }

    /** The items of the field; none where it is not there. */
    List<Piece> items(String key) {
        Piece field = get(key);
        return field == null ? List.of() : field.items();
    }

    Map<String, Piece> entries() {
        Map<String, Piece> entries = new LinkedHashMap<>();
        mapping().fields().forEach((key, value) -> entries.put(key, new Piece(value, path + "." + key)));
        return entries;
    }

    Map<String, Piece> entries(String key) {
        Piece field = get(key);
        return field == null ? Map.of() : field.entries();
    }

    /** Fields beside those that are known. */
    List<Piece> others(Set<String> known) {
        List<Piece> others = new ArrayList<>();
        entries().forEach((key, value) -> {
            if (!known.contains(key)) {
                others.add(new Piece(value.node(), path.isEmpty() ? key : path + "." + key));
            }
        });
        return others;
    }
}
