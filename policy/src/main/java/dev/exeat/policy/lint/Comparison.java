package dev.exeat.policy.lint;

import dev.exeat.policy.cexl.Expression;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * {@code left == value} or {@code left != value}, where the left is an attribute, an element of a map, or one of these
 * with a fallback.
 */
record Comparison(Expression left, boolean equal, Object value) {

    /** Null where an expression is something else. */
    static @Nullable Comparison of(Expression expression) {
        List<Expression> sides = Expression.operands(expression, "EQ");
        boolean equal = sides != null;
        sides = sides != null ? sides : Expression.operands(expression, "NEQ");
        if (sides == null) {
            return null;
        }
        if (sides.getLast() instanceof Expression.Constant constant) {
            return new Comparison(sides.getFirst(), equal, constant.value());
        }
        return sides.getFirst() instanceof Expression.Constant constant
                ? new Comparison(sides.getLast(), equal, constant.value())
                : null;
    }

    /** The attribute that is compared, or of whose map an element is; null where it is something else. */
    @Nullable
    String attribute() {
        return switch (subject(left)) {
            case Expression.Variable variable -> variable.name();
            case Expression.Call call when element(call) != null -> element(call);
            default -> null;
        };
    }

    private static @Nullable String element(Expression.Call call) {
        return call.function().equals("INDEX") && call.arguments().getFirst() instanceof Expression.Variable variable
                ? variable.name()
                : null;
    }

    /** The key of the map's element; null where there is none. */
    @Nullable
    String key() {
        return subject(left) instanceof Expression.Call call
                        && element(call) != null
                        && call.arguments().getLast() instanceof Expression.Constant constant
                        && constant.value() instanceof String key
                ? key
                : null;
    }

    /** Whether the left is the value when its attribute is absent. */
    boolean absent(Object candidate) {
        List<Expression> choice = Expression.operands(left, "OR");
        return choice != null
                && choice.getLast() instanceof Expression.Constant fallback
                && fallback.value().equals(candidate);
    }

    private static Expression subject(Expression left) {
        List<Expression> choice = Expression.operands(left, "OR");
        return choice == null ? left : choice.getFirst();
    }

    String text() {
        return text(left);
    }

    /** As people write it. */
    static String text(Expression left) {
        return switch (subject(left)) {
            case Expression.Variable variable -> variable.name();
            case Expression.Call call
            when element(call) != null -> element(call) + "[" + call.arguments().getLast() + "]";
            case Expression other -> other.toString();
        };
    }
}
