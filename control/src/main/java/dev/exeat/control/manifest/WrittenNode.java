package dev.exeat.control.manifest;

import dev.exeat.control.manifest.ManifestEditor.UnplaceableException;
import dev.exeat.model.Place;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.common.FlowStyle;
import org.snakeyaml.engine.v2.common.ScalarStyle;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.nodes.CollectionNode;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/**
 * A mapping in the text of a YAML document.
 *
 * @param list in which it is an item, or null for the document's root
 * @param index within the list
 */
record WrittenNode(MappingNode node, @Nullable SequenceNode list, int index) {

    /** Finds the object that starts at a place of the document: its root, or an item of its root's {@code items}. */
    static WrittenNode find(String document, Place place) {
        LoadSettings settings = LoadSettings.builder()
                .setCodePointLimit(ManifestReader.MAX_BYTES)
                .build();
        Node root = new Compose(settings)
                .composeString(document)
                .orElseThrow(() -> new UnplaceableException("the document is empty"));
        if (!(root instanceof MappingNode mapping)) {
            throw new UnplaceableException("the document is no object");
        }
        if (startsAt(mapping, place)) {
            return new WrittenNode(mapping, null, 0);
        }
        for (NodeTuple field : mapping.getValue()) {
            if (field.getValueNode() instanceof SequenceNode items) {
                for (int i = 0; i < items.getValue().size(); i++) {
                    if (items.getValue().get(i) instanceof MappingNode item && startsAt(item, place)) {
                        return new WrittenNode(item, items, i);
                    }
                }
            }
        }
        throw new UnplaceableException("no object starts there");
    }

    private static boolean startsAt(Node node, Place place) {
        Mark mark = startMark(node);
        return mark.getLine() + 1 == place.line() && mark.getColumn() + 1 == place.column();
    }

    static Mark startMark(Node node) {
        return node.getStartMark().orElseThrow(() -> new UnplaceableException("a node has no place"));
    }

    private static Mark endMark(Node node) {
        return node.getEndMark().orElseThrow(() -> new UnplaceableException("a node has no place"));
    }

    static boolean isFlow(CollectionNode<?> node) {
        return node.getFlowStyle() == FlowStyle.FLOW;
    }

    static int start(String text, Node node) {
        return offset(text, startMark(node));
    }

    /** Behind the last character of the node itself: the parser counts what follows a block, as comments, to it. */
    static int end(String text, Node node) {
        return switch (node) {
            case CollectionNode<?> collection when isFlow(collection) -> offset(text, endMark(node));
            case MappingNode mapping -> end(text, mapping.getValue().getLast().getValueNode());
            case SequenceNode sequence -> end(text, sequence.getValue().getLast());
            case ScalarNode scalar -> {
                int end = offset(text, endMark(scalar));
                boolean block =
                        scalar.getScalarStyle() == ScalarStyle.LITERAL || scalar.getScalarStyle() == ScalarStyle.FOLDED;
                while (block && end > 0 && Character.isWhitespace(text.charAt(end - 1))) {
                    end--;
                }
                yield end;
            }
            default -> throw new UnplaceableException("an alias has no end of its own");
        };
    }

    private static int offset(String text, Mark mark) {
        return text.offsetByCodePoints(0, mark.getIndex());
    }
}
