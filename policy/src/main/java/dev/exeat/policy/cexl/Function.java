package dev.exeat.policy.cexl;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the type check knows of a function, and how to build its code.
 *
 * @param method whether it is called on a target, which is then a STRING
 * @param result null where it is the type of the untyped arguments
 */
record Function(
        boolean method,
        List<Parameter> parameters,
        @Nullable ValueType result,
        Builder builder) {

    /** @param type null where the first untyped argument decides the type of all untyped ones */
    record Parameter(@Nullable ValueType type) {}

    /**
     * The parts of a call, all of fitting types.
     *
     * @param untyped the type of the untyped arguments; that of the result where there are none
     */
    record Site(
            Expression.Call call,
            List<Code> arguments,
            @Nullable Code target,
            ValueType untyped) {
        Code argument(int index) {
            return arguments.get(index);
        }
    }

    /** Builds code, or throws an {@link ExpressionException} where the types are right and yet there is none. */
    @FunctionalInterface
    interface Builder {
        Code build(Site site);
    }
}
