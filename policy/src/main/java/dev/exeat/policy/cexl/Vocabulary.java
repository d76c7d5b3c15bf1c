package dev.exeat.policy.cexl;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Which attributes there are, and of which types; all expressions share what stands for each. Immutable. */
public final class Vocabulary {
    private final Map<String, ValueType> types;
    private final Map<String, Attribute> attributes;

    private record Attribute(Expression.Variable variable, Lookup lookup) {}

    public Vocabulary(Map<String, ValueType> types) {
        this.types = Map.copyOf(types);
        Map<String, Attribute> all = new HashMap<>();
        types.forEach(
                (name, type) -> all.put(name, new Attribute(new Expression.Variable(name), new Lookup(name, type))));
        this.attributes = Map.copyOf(all);
    }

    /** This one and more; what is already known keeps its type. */
    public Vocabulary with(Map<String, ValueType> more) {
        if (more.isEmpty()) {
            return this;
        }
        Map<String, ValueType> all = new HashMap<>(more);
        all.putAll(types);
        return new Vocabulary(all);
    }

    /** The type of an attribute, or null where there is no such attribute. */
    public @Nullable ValueType typeOf(String attribute) {
        return types.get(attribute);
    }

    /** The attribute in a syntax tree, whether there is such an attribute or not. */
    Expression.Variable variable(String name) {
        Attribute attribute = attributes.get(name);
        return attribute == null ? new Expression.Variable(name) : attribute.variable();
    }

    /** What reads the attribute, or null where there is no such attribute. */
    @Nullable
    Lookup lookup(String name) {
        Attribute attribute = attributes.get(name);
        return attribute == null ? null : attribute.lookup();
    }

    public Set<String> names() {
        return types.keySet();
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return this == other || (other instanceof Vocabulary vocabulary && vocabulary.types.equals(types));
    }

    @Override
    public int hashCode() {
        return types.hashCode();
    }
}
