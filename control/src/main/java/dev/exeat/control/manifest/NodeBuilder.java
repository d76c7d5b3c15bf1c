package dev.exeat.control.manifest;

import dev.exeat.model.Node;
import dev.exeat.model.Place;
import dev.exeat.model.Problem;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.events.AliasEvent;
import org.snakeyaml.engine.v2.events.CollectionStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.MappingStartEvent;
import org.snakeyaml.engine.v2.events.NodeEvent;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.events.SequenceStartEvent;
import org.snakeyaml.engine.v2.exceptions.Mark;

/**
 * Builds the nodes of one document from parser events, and bounds what a small text can grow to: nesting, also
 * through aliases, the number of aliases, and the nodes that they stand for.
 */
final class NodeBuilder {
    static final int MAX_DEPTH = 50;
    static final int MAX_ALIASES = 50;
    /** Of one document; the first of them are told. */
    private static final int MAX_PROBLEMS = 100;

    private static final int MAX_ALIASED_NODES = 100_000;
    private static final String TAG_PREFIX = "tag:yaml.org,2002:";

    /** A node that an alias may name; null while it is being built. */
    private record Anchored(@Nullable Node node, int nodes, int height) {}

    private final String file;
    private final int firstLine;
    private final Iterator<Event> events;
    private final List<Problem> problems = new ArrayList<>();
    private final Map<String, Anchored> anchors = new HashMap<>();
    private int aliases;
    private int aliasedNodes;
    private int nodes;
    /** The deepest level below which something stands, in the node that was built last. */
    private int deepest;

    NodeBuilder(String file, int firstLine, Iterator<Event> events) {
        this.file = file;
        this.firstLine = firstLine;
        this.events = events;
    }

    /** What is wrong with the document, though it could be read to its end. */
    List<Problem> problems() {
        return problems;
    }

    /** @throws DocumentException if a bound is exceeded or a feature used that manifests do not have */
    Node build(Event first) {
        return node(first, 1);
    }

    private Node node(Event event, int depth) {
        if (depth > MAX_DEPTH) {
            throw new DocumentException(
                    "yaml-depth",
                    place(event),
                    "more than " + MAX_DEPTH + " levels are nested",
                    "no resource needs so many");
        }
        if (event instanceof AliasEvent alias) {
            return resolve(alias, depth);
        }
        int before = nodes++;
        int outerDeepest = deepest;
        deepest = depth;
        String anchor = event instanceof NodeEvent named
                ? named.getAnchor().map(Object::toString).orElse(null)
                : null;
        if (anchor != null) {
            anchors.put(anchor, new Anchored(null, 0, 0));
        }
        Node built = switch (event) {
            case ScalarEvent scalar -> scalar(scalar);
            case MappingStartEvent mapping -> mapping(mapping, depth);
            case SequenceStartEvent sequence -> sequence(sequence, depth);
            default -> throw new DocumentException("yaml-syntax", place(event), "a value is missing", "");
        };
        if (anchor != null) {
            anchors.put(anchor, new Anchored(built, nodes - before, deepest - depth));
        }
        deepest = Math.max(deepest, outerDeepest);
        return built;
    }

    private Node resolve(AliasEvent alias, int depth) {
        String name = alias.getAlias().toString();
        Anchored target = anchors.get(name);
        if (target == null) {
            throw new DocumentException(
                    "yaml-alias",
                    place(alias),
                    "the alias *" + name + " has no anchor",
                    "define &" + name + " before it");
        }
        if (target.node() == null) {
            throw new DocumentException(
                    "yaml-alias", place(alias), "the alias *" + name + " stands within its own anchor", "");
        }
        aliases++;
        aliasedNodes += target.nodes();
        if (aliases > MAX_ALIASES || aliasedNodes > MAX_ALIASED_NODES) {
            throw new DocumentException(
                    "yaml-alias",
                    place(alias),
                    "more than " + MAX_ALIASES + " aliases, or " + MAX_ALIASED_NODES + " values named by aliases",
                    "write the values out");
        }
        if (depth + target.height() > MAX_DEPTH) {
            throw new DocumentException(
                    "yaml-depth", place(alias), "more than " + MAX_DEPTH + " levels are nested through aliases", "");
        }
        nodes += target.nodes();
        deepest = Math.max(deepest, depth + target.height());
        return target.node();
    }

    private Node scalar(ScalarEvent event) {
        Place place = place(event);
        String tag = event.getTag().orElse("");
        if (tag.isEmpty() && event.isPlain()) {
            return new Node.Scalar(event.getValue(), ScalarTypes.ofPlain(event.getValue()), place);
        }
        if (!tag.isEmpty() && !tag.equals("!") && !tag.equals(TAG_PREFIX + "str")) {
            refuseTag(tag, place);
        }
        return new Node.Scalar(event.getValue(), Node.ScalarType.TEXT, place);
    }

    private Node sequence(SequenceStartEvent event, int depth) {
        checkTag(event, "seq");
        List<Node> items = new ArrayList<>();
        for (Event next = events.next(); next.getEventId() != Event.ID.SequenceEnd; next = events.next()) {
            items.add(node(next, depth + 1));
        }
        return new Node.Sequence(List.copyOf(items), place(event));
    }

    private Node mapping(MappingStartEvent event, int depth) {
        checkTag(event, "map");
        Map<String, Node> fields = new LinkedHashMap<>();
        Map<String, Place> places = new LinkedHashMap<>();
        for (Event next = events.next(); next.getEventId() != Event.ID.MappingEnd; next = events.next()) {
            String key = key(next);
            Place place = place(next);
            Node value = node(events.next(), depth + 1);
            Place earlier = places.putIfAbsent(key, place);
            if (earlier == null) {
                fields.put(key, value);
            } else if (problems.size() < MAX_PROBLEMS) {
                problems.add(error(
                        "yaml-duplicate-key",
                        place,
                        "the key \"" + key + "\" stands twice, first in line " + earlier.line(),
                        "remove one of the two"));
            }
        }
        return new Node.Mapping(Collections.unmodifiableMap(fields), Collections.unmodifiableMap(places), place(event));
    }

    private String key(Event event) {
        if (!(event instanceof ScalarEvent scalar)) {
            throw new DocumentException(
                    "yaml-key",
                    place(event),
                    "a key is not plain text",
                    "a value that starts with { or [ needs quotes");
        }
        if (scalar.isPlain() && scalar.getValue().equals("<<")) {
            throw new DocumentException(
                    "yaml-key", place(event), "merge keys (<<) are not part of YAML 1.2", "write the fields out");
        }
        String tag = scalar.getTag().orElse("!");
        if (!tag.equals("!") && !tag.equals(TAG_PREFIX + "str")) {
            refuseTag(tag, place(event));
        }
        return scalar.getValue();
    }

    private void checkTag(CollectionStartEvent event, String expected) {
        String tag = event.getTag().orElse("!");
        if (!tag.equals("!") && !tag.equals(TAG_PREFIX + expected)) {
            refuseTag(tag, place(event));
        }
    }

    private void refuseTag(String tag, Place place) {
        if (problems.size() >= MAX_PROBLEMS) {
            return;
        }
        String shown = tag.startsWith(TAG_PREFIX) ? "!!" + tag.substring(TAG_PREFIX.length()) : tag;
        problems.add(error("yaml-tag", place, "the tag " + shown + " has no meaning in a manifest", "remove it"));
    }

    private static Problem error(String code, Place place, String message, String cure) {
        return new Problem(Problem.Severity.ERROR, code, place, null, "", message, cure);
    }

    private Place place(Event event) {
        return place(file, firstLine, event.getStartMark());
    }

    static Place place(String file, int firstLine, Optional<Mark> mark) {
        return mark.map(m -> new Place(file, firstLine + m.getLine(), m.getColumn() + 1))
                .orElse(new Place(file, firstLine, 1));
    }
}
