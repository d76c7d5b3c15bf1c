package dev.exeat.policy.cexl;

import java.util.LinkedHashSet;
import java.util.Set;

/** Which attributes an expression reads. */
public final class Attributes {
    private Attributes() {}

    /** All of them, in the order in which they are written. */
    public static Set<String> of(Expression expression) {
        Set<String> names = new LinkedHashSet<>();
        collect(expression, false, true, names);
        return names;
    }

    /** Those whose absence would be an error, if they were reached: none that stands left of {@code |}. */
    public static Set<String> needed(Expression expression) {
        Set<String> names = new LinkedHashSet<>();
        collect(expression, false, false, names);
        return names;
    }

    private static void collect(Expression expression, boolean guarded, boolean all, Set<String> names) {
        if (expression instanceof Expression.Variable variable && (all || !guarded)) {
            names.add(variable.name());
        } else if (expression instanceof Expression.Call call) {
            boolean choice = call.function().equals("OR") && call.arguments().size() == 2;
            boolean element = call.function().equals("INDEX");
            if (call.target() != null) {
                collect(call.target(), false, all, names);
            }
            for (int i = 0; i < call.arguments().size(); i++) {
                // Left of a bar absence passes through elements of maps and further bars, but through no function.
                boolean inner = choice ? i == 0 || guarded : element && guarded;
                collect(call.arguments().get(i), inner, all, names);
            }
        }
    }
}
