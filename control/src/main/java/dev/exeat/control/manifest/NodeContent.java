package dev.exeat.control.manifest;

import dev.exeat.model.Node;
import java.util.Iterator;

/** Compares what nodes say, wherever they stand. */
final class NodeContent {
    private NodeContent() {}

    /** The order of a mapping's fields does not matter. */
    static boolean same(Node one, Node other) {
        return switch (one) {
            case Node.Scalar scalar ->
                other instanceof Node.Scalar that
                        && scalar.type() == that.type()
                        && scalar.text().equals(that.text());
            case Node.Sequence sequence -> other instanceof Node.Sequence that && same(sequence, that);
            case Node.Mapping mapping -> other instanceof Node.Mapping that && same(mapping, that);
        };
    }

    private static boolean same(Node.Sequence one, Node.Sequence other) {
        if (one.items().size() != other.items().size()) {
            return false;
        }
        Iterator<Node> others = other.items().iterator();
        return one.items().stream().allMatch(item -> same(item, others.next()));
    }

    private static boolean same(Node.Mapping one, Node.Mapping other) {
        if (!one.fields().keySet().equals(other.fields().keySet())) {
            return false;
        }
        return one.fields().entrySet().stream().allMatch(field -> {
            Node that = other.get(field.getKey());
            return that != null && same(field.getValue(), that);
        });
    }
}
