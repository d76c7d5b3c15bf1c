package dev.exeat.policy.cexl;

import org.jspecify.annotations.Nullable;

/** Reads an attribute. Immutable and thread-safe. */
final class Lookup implements Code {
    private final String name;
    private final ValueType type;
    private final EvaluationException absent;

    Lookup(String name, ValueType type) {
        this.name = name;
        this.type = type;
        this.absent = new EvaluationException("lookup failed: '" + name + "'");
    }

    ValueType type() {
        return type;
    }

    @Override
    public Object value(AttributeBag bag) {
        Object value = valueIfPresent(bag);
        if (value == null) {
            throw absent;
        }
        return value;
    }

    @Override
    public @Nullable Object valueIfPresent(AttributeBag bag) {
        Object value = bag.value(name);
        if (value != null && !type.holds(value)) {
            throw new EvaluationException("error converting value to " + type.plainName() + ": '" + value + "'");
        }
        return value;
    }
}
