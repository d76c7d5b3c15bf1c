package dev.exeat.policy.cexl;

import org.jspecify.annotations.Nullable;

/** {@code left | right}: the first operand that is present. */
record FirstPresent(Code left, Code right) implements Code {
    @Override
    public Object value(AttributeBag bag) {
        Object value = left.valueIfPresent(bag);
        return value == null ? right.value(bag) : value;
    }

    @Override
    public @Nullable Object valueIfPresent(AttributeBag bag) {
        Object value = left.valueIfPresent(bag);
        return value == null ? right.valueIfPresent(bag) : value;
    }
}
