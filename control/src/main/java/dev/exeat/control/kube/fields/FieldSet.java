package dev.exeat.control.kube.fields;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.BinaryOperator;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * A set of fields, as a tree whose nodes may be members themselves. Elements of paths are written as {@code FieldsV1} has
 * them: see {@link Element}. Not thread-safe while it is built.
 */
final class FieldSet {
    private static final int MOST_DEPTH = 100;
    private static final String SELF = ".";

    private final NavigableMap<String, FieldSet> children = new TreeMap<>();
    private boolean member;

    void insert(List<String> path) {
        FieldSet node = this;
        for (String element : path) {
            node = node.children.computeIfAbsent(element, _ -> new FieldSet());
        }
        node.member = true;
    }

    boolean isMember() {
        return member;
    }

    boolean isEmpty() {
        return !member && children.isEmpty();
    }

    /** What is below an element; empty where there is nothing. */
    FieldSet child(String element) {
        return children.getOrDefault(element, new FieldSet());
    }

    FieldSet union(FieldSet other) {
        return combine(other, (a, b) -> a || b);
    }

    FieldSet intersection(FieldSet other) {
        return combine(other, (a, b) -> a && b);
    }

    FieldSet difference(FieldSet other) {
        return combine(other, (a, b) -> a && !b);
    }

    private FieldSet combine(FieldSet other, BinaryOperator<Boolean> rule) {
        FieldSet result = new FieldSet();
        result.member = rule.apply(member, other.member);
        TreeMap<String, FieldSet> elements = new TreeMap<>(children);
        other.children.forEach(elements::putIfAbsent);
        for (String element : elements.keySet()) {
            FieldSet child = child(element).combine(other.child(element), rule);
            if (!child.isEmpty()) {
                result.children.put(element, child);
            }
        }
        return result;
    }

    /** With each field that the schema names a member where anything below it is one. */
    FieldSet withNamedFields(JsonNode schema) {
        FieldSet result = new FieldSet();
        result.member = member;
        children.forEach((element, child) -> {
            FieldSet widened = child.withNamedFields(SchemaView.below(schema, element));
            widened.member |= !child.children.isEmpty() && SchemaView.names(schema, element);
            result.children.put(element, widened);
        });
        return result;
    }

    /** Without what is below some elements and they themselves. */
    FieldSet without(List<String> elements) {
        FieldSet result = new FieldSet();
        result.member = member;
        result.children.putAll(children);
        elements.forEach(result.children::remove);
        return result;
    }

    /** All members, those of a node before those below. */
    List<List<String>> paths() {
        List<List<String>> paths = new ArrayList<>();
        collect(List.of(), paths);
        return paths;
    }

    private void collect(List<String> path, List<List<String>> paths) {
        children.forEach((element, child) -> {
            if (child.member) {
                paths.add(appended(path, element));
            }
        });
        children.forEach((element, child) -> child.collect(appended(path, element), paths));
    }

    private static List<String> appended(List<String> path, String element) {
        List<String> longer = new ArrayList<>(path);
        longer.add(element);
        return longer;
    }

    /** As {@code FieldsV1}. */
    ObjectNode toJson() {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        if (member && !children.isEmpty()) {
            json.putObject(SELF);
        }
        children.forEach((element, child) -> json.set(element, child.toJson()));
        return json;
    }

    /** @return null if it is no {@code FieldsV1} */
    static @Nullable FieldSet of(JsonNode json) {
        FieldSet root = new FieldSet();
        if (!json.isObject() || !root.read(json, 0)) {
            return null;
        }
        root.member = false;
        return root;
    }

    private boolean read(JsonNode json, int depth) {
        if (!json.isObject() || depth > MOST_DEPTH) {
            return false;
        }
        member = json.isEmpty() || json.has(SELF);
        for (Map.Entry<String, JsonNode> entry : json.properties()) {
            if (entry.getKey().equals(SELF)) {
                continue;
            }
            String element = Element.canonical(entry.getKey());
            FieldSet child = new FieldSet();
            if (element == null || !child.read(entry.getValue(), depth + 1)) {
                return false;
            }
            children.put(element, child);
        }
        return true;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof FieldSet set && member == set.member && children.equals(set.children);
    }

    @Override
    public int hashCode() {
        return Objects.hash(member, children);
    }
}
