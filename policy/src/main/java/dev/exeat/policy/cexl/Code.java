package dev.exeat.policy.cexl;

import org.jspecify.annotations.Nullable;

/** A compiled piece of an expression. Immutable and thread-safe. */
@FunctionalInterface
interface Code {
    /** @throws EvaluationException if an attribute that is needed is absent, or a conversion fails */
    Object value(AttributeBag bag);

    /** As to the left of {@code |}: null where the value is absent; other errors are errors here too. */
    default @Nullable Object valueIfPresent(AttributeBag bag) {
        return value(bag);
    }

    /** Of an expression whose type is BOOL. */
    default boolean holds(AttributeBag bag) {
        return (Boolean) value(bag);
    }

    /** Of an expression whose type is STRING. */
    default String text(AttributeBag bag) {
        return (String) value(bag);
    }
}
