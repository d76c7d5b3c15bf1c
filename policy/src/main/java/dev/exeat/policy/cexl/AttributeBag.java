package dev.exeat.policy.cexl;

import org.jspecify.annotations.Nullable;

/** The attributes of one event. */
@FunctionalInterface
public interface AttributeBag {
    /** The value in its type's representation, or null where the attribute is absent. */
    @Nullable
    Object value(String attribute);
}
