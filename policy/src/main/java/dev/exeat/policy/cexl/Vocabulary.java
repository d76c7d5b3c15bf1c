package dev.exeat.policy.cexl;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Which attributes there are, and of which types. Immutable. */
public final class Vocabulary {
    private final Map<String, ValueType> types;

    public Vocabulary(Map<String, ValueType> types) {
        this.types = Map.copyOf(types);
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
