package dev.exeat.control.manifest;

import dev.exeat.control.kinds.NodeJson;
import dev.exeat.control.manifest.ManifestEditor.UnplaceableException;
import dev.exeat.model.Node;
import dev.exeat.policy.explain.NodeText;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.snakeyaml.engine.v2.nodes.CollectionNode;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/** Changes the text of one YAML document where two bodies of an object differ. One change per instance. */
final class TextChange {
    private final String text;
    private final String lineEnd;
    private final List<Splice> splices = new ArrayList<>();

    /** Other text from one offset to another. */
    private record Splice(int from, int to, String text) {}

    TextChange(String text) {
        this.text = text;
        this.lineEnd = text.contains("\r\n") ? "\r\n" : "\n";
    }

    /** @throws UnplaceableException if the text's form does not allow it */
    String change(Node before, Node after, org.snakeyaml.engine.v2.nodes.Node written) {
        changed(before, after, written);
        return spliced();
    }

    /** The whole object anew, in this project's style. */
    String rewrite(Node after, WrittenNode written) {
        if (written.list() != null || WrittenNode.isFlow(written.node())) {
            throw new UnplaceableException("only a document of its own is written anew");
        }
        splice(
                WrittenNode.start(text, written.node()),
                WrittenNode.end(text, written.node()),
                NodeText.yaml(after).stripTrailing());
        return spliced();
    }

    /** Without an object: its document, or its item of a list. */
    String remove(WrittenNode written) {
        if (written.list() == null) {
            return "";
        }
        removeItem(written.list(), written.index());
        return spliced();
    }

    private String spliced() {
        StringBuilder changed = new StringBuilder(text);
        splices.sort(Comparator.comparingInt(Splice::from));
        splices.reversed().forEach(splice -> changed.replace(splice.from(), splice.to(), splice.text()));
        return changed.toString();
    }

    private void splice(int from, int to, String replacement) {
        splices.add(new Splice(from, to, replacement.replace("\n", lineEnd)));
    }

    private void changed(Node before, Node after, org.snakeyaml.engine.v2.nodes.Node written) {
        if (NodeContent.same(before, after)) {
            return;
        }
        if (before instanceof Node.Mapping old
                && after instanceof Node.Mapping now
                && written instanceof MappingNode mapping) {
            mapping(old, now, mapping);
        } else if (before instanceof Node.Sequence old
                && after instanceof Node.Sequence now
                && written instanceof SequenceNode sequence) {
            sequence(old, now, sequence);
        } else if (after instanceof Node.Scalar && written instanceof ScalarNode scalar) {
            int start = WrittenNode.start(text, scalar);
            int end = WrittenNode.end(text, scalar);
            splice(start, end, (start == end ? " " : "") + inline(after));
        } else {
            throw new UnplaceableException("one thing becomes another");
        }
    }

    private void mapping(Node.Mapping before, Node.Mapping after, MappingNode written) {
        if (!after.fields().keySet().containsAll(before.fields().keySet())) {
            throw new UnplaceableException("a field goes");
        }
        for (NodeTuple field : written.getValue()) {
            String key = ((ScalarNode) field.getKeyNode()).getValue();
            Node old = before.get(key);
            Node now = after.get(key);
            if (old != null && now != null) {
                changed(old, now, field.getValueNode());
            }
        }
        for (Map.Entry<String, Node> field : after.fields().entrySet()) {
            if (before.get(field.getKey()) == null) {
                addField(field.getKey(), field.getValue(), written);
            }
        }
    }

    private void addField(String key, Node value, MappingNode written) {
        Node.Mapping field = new Node.Mapping(Map.of(key, value), Map.of(), value.place());
        if (WrittenNode.isFlow(written)) {
            String shown = inline(field);
            appendFlow(
                    written,
                    written.getValue().stream().map(NodeTuple::getKeyNode).toList(),
                    shown.substring(1, shown.length() - 1));
        } else {
            int column = WrittenNode.startMark(written.getValue().getFirst().getKeyNode())
                    .getColumn();
            appendLines(WrittenNode.end(text, written), NodeText.yaml(field), column);
        }
    }

    private void sequence(Node.Sequence before, Node.Sequence after, SequenceNode written) {
        int differing = 0;
        int common = Math.min(before.items().size(), after.items().size());
        while (differing < common
                && NodeContent.same(before.items().get(differing), after.items().get(differing))) {
            differing++;
        }
        int growth = after.items().size() - before.items().size();
        if (growth == -1) {
            removeItem(written, differing);
        } else if (growth == 0 || growth == 1) {
            for (int i = differing; i < common; i++) {
                changed(
                        before.items().get(i),
                        after.items().get(i),
                        written.getValue().get(i));
            }
            if (growth == 1) {
                addItem(after.items().getLast(), written);
            }
        } else {
            throw new UnplaceableException("more than one item comes or goes");
        }
    }

    private void addItem(Node item, SequenceNode written) {
        if (WrittenNode.isFlow(written)) {
            appendFlow(written, written.getValue(), inline(item));
        } else {
            Node.Sequence one = new Node.Sequence(List.of(item), item.place());
            int dash = dash(written.getValue().getLast());
            appendLines(WrittenNode.end(text, written), NodeText.yaml(one), dash - lineStart(dash));
        }
    }

    private void removeItem(SequenceNode written, int index) {
        var items = written.getValue();
        if (items.size() < 2) {
            throw new UnplaceableException("nothing would be left");
        }
        if (!WrittenNode.isFlow(written)) {
            int from = lineStart(dash(items.get(index)));
            splice(from, lineEnd(WrittenNode.end(text, items.get(index))), "");
        } else if (index == 0) {
            splice(WrittenNode.start(text, items.getFirst()), WrittenNode.start(text, items.get(1)), "");
        } else {
            splice(WrittenNode.end(text, items.get(index - 1)), WrittenNode.end(text, items.get(index)), "");
        }
    }

    /** Behind the last entry of what stands in brackets; on a line of its own where that one does. */
    private void appendFlow(CollectionNode<?> written, List<org.snakeyaml.engine.v2.nodes.Node> entries, String shown) {
        if (entries.isEmpty()) {
            int behindBracket = WrittenNode.start(text, written) + 1;
            splice(behindBracket, behindBracket, shown);
            return;
        }
        int last = WrittenNode.start(text, entries.getLast());
        int line = lineStart(last);
        boolean alone = text.substring(line, last).isBlank();
        int end = WrittenNode.end(text, lastValue(written));
        splice(end, end, alone ? ",\n" + text.substring(line, last) + shown : ", " + shown);
    }

    private static org.snakeyaml.engine.v2.nodes.Node lastValue(CollectionNode<?> written) {
        return written instanceof MappingNode mapping
                ? mapping.getValue().getLast().getValueNode()
                : ((SequenceNode) written).getValue().getLast();
    }

    /** On the lines below an offset, indented. */
    private void appendLines(int behind, String lines, int indent) {
        int at = lineEnd(behind);
        boolean open = at == 0 || text.charAt(at - 1) != '\n';
        String indented = lines.lines().map(" ".repeat(indent)::concat).collect(Collectors.joining("\n"));
        splice(at, at, open ? "\n" + indented : indented + "\n");
    }

    private int lineStart(int offset) {
        return text.lastIndexOf('\n', offset - 1) + 1;
    }

    /** Behind the line's end. */
    private int lineEnd(int offset) {
        int end = text.indexOf('\n', offset);
        return end < 0 ? text.length() : end + 1;
    }

    /** Where the dash of an item stands, which must be the first of its line. */
    private int dash(org.snakeyaml.engine.v2.nodes.Node item) {
        int at = WrittenNode.start(text, item) - 1;
        while (at >= 0 && Character.isWhitespace(text.charAt(at))) {
            at--;
        }
        if (at < 0
                || text.charAt(at) != '-'
                || !text.substring(lineStart(at), at).isBlank()) {
            throw new UnplaceableException("the item does not start its line");
        }
        return at;
    }

    /** JSON where all is JSON, else YAML. */
    private String inline(Node node) {
        String start = text.stripLeading();
        return start.startsWith("{") ? NodeJson.of(node).toString() : NodeText.flow(node);
    }
}
