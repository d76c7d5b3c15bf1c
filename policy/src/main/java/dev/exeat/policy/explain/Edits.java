package dev.exeat.policy.explain;

import dev.exeat.model.Attempt;
import dev.exeat.model.HostPattern;
import dev.exeat.model.InvalidNameException;
import dev.exeat.model.Node;
import dev.exeat.model.ObjectKey;
import dev.exeat.model.Resource;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The ways to change an object that denies, the smallest first: a host off a list, a rule, the whole object. */
final class Edits {
    private final Resource object;
    private final int index;
    private final Attempt attempt;
    private final List<Resource> objects;

    /** @param index of the rule that denies */
    Edits(Resource object, int index, Attempt attempt, List<Resource> objects) {
        this.object = object;
        this.index = index;
        this.attempt = attempt;
        this.objects = objects;
    }

    List<Change> candidates() {
        return switch (object.key().kind()) {
            case "EgressPolicy" -> ofLists(List.of("spec", "destinations"), List.of("hosts"));
            case "AuthorizationPolicy" -> ofLists(List.of("spec", "rules"), List.of("when", "0", "values"));
            case "rule" -> ofMixerRule();
            default -> List.of();
        };
    }

    /**
     * Takes the host off the list at {@code inner} of the item {@link #index} of the list at {@code outer}, else takes the
     * item off, else removes the object.
     */
    private List<Change> ofLists(List<String> outer, List<String> inner) {
        List<Change> changes = new ArrayList<>();
        List<String> item = new ArrayList<>(outer);
        item.add(Integer.toString(index));
        List<String> list = new ArrayList<>(item);
        list.addAll(inner);
        Node values = NodePath.find(object.body(), list);
        int at = values instanceof Node.Sequence sequence && sequence.items().size() > 1 ? indexOfHost(sequence) : -1;
        if (at >= 0) {
            list.add(Integer.toString(at));
            changes.add(edit("take " + attempt.target().host() + " off " + NodePath.told(list), list));
        }
        if (NodePath.find(object.body(), outer) instanceof Node.Sequence items
                && items.items().size() > 1
                && index < items.items().size()) {
            changes.add(edit("take off " + NodePath.told(item), item));
        }
        changes.add(new Change.Remove(object.key(), "remove " + object.key(), object));
        return changes;
    }

    private Change edit(String summary, List<String> removed) {
        return new Change.Edit(
                object.key(),
                summary + " of " + object.key(),
                object,
                withBody(object, NodePath.without(object.body(), removed)));
    }

    private static Resource withBody(Resource resource, Node body) {
        return new Resource(
                resource.key(), resource.apiVersion(), resource.labels(), resource.annotations(), (Node.Mapping) body);
    }

    private int indexOfHost(Node.Sequence list) {
        for (int i = 0; i < list.items().size(); i++) {
            if (list.items().get(i) instanceof Node.Scalar scalar && isHost(scalar.text())) {
                return i;
            }
        }
        return -1;
    }

    private boolean isHost(String text) {
        try {
            HostPattern pattern = HostPattern.parse(text);
            return !pattern.wildcard() && pattern.matches(attempt.target().host());
        } catch (InvalidNameException e) {
            return false;
        }
    }

    /** A list that a handler checks is changed by an entry; a denier only with its rule. */
    private List<Change> ofMixerRule() {
        List<Change> changes = new ArrayList<>();
        for (Resource handler : handlers()) {
            Change change = ofHandler(handler);
            if (change != null) {
                changes.add(change);
            }
        }
        changes.add(new Change.Remove(object.key(), "remove " + object.key(), object));
        return changes;
    }

    private List<Resource> handlers() {
        Node name = NodePath.find(object.body(), List.of("spec", "actions", Integer.toString(index), "handler"));
        if (!(name instanceof Node.Scalar scalar)) {
            return List.of();
        }
        String first = scalar.text().contains(".")
                ? scalar.text().substring(0, scalar.text().indexOf('.'))
                : scalar.text();
        return objects.stream()
                .filter(resource -> resource.key().name().equals(first))
                .filter(resource -> NodePath.find(resource.body(), overrides(resource)) != null)
                .toList();
    }

    /** The legacy kinds have no {@code params}. */
    private static List<String> overrides(Resource handler) {
        return NodePath.find(handler.body(), List.of("spec", "params")) == null
                ? List.of("spec", "overrides")
                : List.of("spec", "params", "overrides");
    }

    private @Nullable Change ofHandler(Resource handler) {
        List<String> path = overrides(handler);
        if (!(NodePath.find(handler.body(), path) instanceof Node.Sequence list)) {
            return null;
        }
        ObjectKey key = handler.key();
        String host = attempt.target().host().value();
        int at = indexOfHost(list);
        if (at >= 0) {
            List<String> entry = new ArrayList<>(path);
            entry.add(Integer.toString(at));
            return new Change.Edit(
                    key,
                    "take " + host + " off the list of " + key,
                    handler,
                    withBody(handler, NodePath.without(handler.body(), entry)));
        }
        List<Node> items = new ArrayList<>(list.items());
        items.add(Nodes.text(host));
        return new Change.Edit(
                key,
                "put " + host + " on the list of " + key,
                handler,
                withBody(handler, NodePath.with(handler.body(), path, new Node.Sequence(items, list.place()))));
    }
}
