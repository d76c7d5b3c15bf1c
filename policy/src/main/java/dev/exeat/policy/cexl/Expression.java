package dev.exeat.policy.cexl;

import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The syntax tree; its text is the form in which Mixer's errors quote expressions. */
public sealed interface Expression {
    /** The levels of the tree. */
    default int height() {
        return 1;
    }

    /** @param written the literal, or null where it is the value between double quotes, as nearly all are */
    record Constant(ValueType type, Object value, @Nullable String written) implements Expression, Code {
        @Override
        public Object value(AttributeBag bag) {
            return value;
        }

        /** The literal as written. */
        String text() {
            return written != null ? written : "\"" + value + "\"";
        }

        @Override
        public String toString() {
            return text();
        }
    }

    record Variable(String name) implements Expression {
        @Override
        public String toString() {
            return "$" + name;
        }
    }

    /** A function, or an operator by its name; the target is what stands before the dot of a method. */
    record Call(String function, @Nullable Expression target, List<Expression> arguments, int height)
            implements Expression {
        public Call {
            arguments = List.copyOf(arguments);
        }

        Call(String function, @Nullable Expression target, List<Expression> arguments) {
            this(function, target, arguments, 1 + highest(target, arguments));
        }

        private static int highest(@Nullable Expression target, List<Expression> arguments) {
            int highest = target == null ? 0 : target.height();
            for (Expression argument : arguments) {
                highest = Math.max(highest, argument.height());
            }
            return highest;
        }

        @Override
        public String toString() {
            return (target == null ? "" : target + ":")
                    + function
                    + arguments.stream().map(Expression::toString).collect(Collectors.joining(", ", "(", ")"));
        }
    }

    /** Both sides of {@code name(left, right)}, or null where this is something else. */
    static @Nullable List<Expression> operands(Expression expression, String name) {
        return expression instanceof Call call
                        && call.function().equals(name)
                        && call.arguments().size() == 2
                ? call.arguments()
                : null;
    }
}
