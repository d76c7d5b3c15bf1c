package dev.exeat.policy.mixer;

import dev.exeat.policy.cexl.Expression;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A comparison that must hold for a match to hold: {@code attribute == "value"} as one of its conjuncts.
 *
 * @param absentFails whether the comparison cannot be evaluated where the attribute is absent
 */
record IndexKey(String attribute, String value, boolean absentFails) {

    /**
     * The key by which a rule may be found, or null where every event must be tried against it.
     *
     * @param leftmost whether only the first conjunct counts: where an error matters, those before it must not be
     *     skipped
     */
    static @Nullable IndexKey of(Expression match, boolean leftmost) {
        List<Expression> conjuncts = conjuncts(match);
        IndexKey found = null;
        for (Expression conjunct : leftmost ? conjuncts.subList(0, 1) : conjuncts) {
            IndexKey key = ofComparison(conjunct);
            if (key != null && (found == null || key.attribute().equals(StandardAttributes.PRINCIPAL))) {
                found = key;
            }
        }
        return found;
    }

    /** The parts of {@code a && b && c}, from left to right. */
    static List<Expression> conjuncts(Expression expression) {
        List<Expression> conjuncts = new ArrayList<>();
        collect(expression, conjuncts);
        return conjuncts;
    }

    private static void collect(Expression expression, List<Expression> conjuncts) {
        List<Expression> operands = Expression.operands(expression, "LAND");
        if (operands == null) {
            conjuncts.add(expression);
        } else {
            operands.forEach(operand -> collect(operand, conjuncts));
        }
    }

    private static @Nullable IndexKey ofComparison(Expression conjunct) {
        List<Expression> sides = Expression.operands(conjunct, "EQ");
        if (sides == null) {
            return null;
        }
        IndexKey key = ofSides(sides.get(0), sides.get(1));
        return key != null ? key : ofSides(sides.get(1), sides.get(0));
    }

    private static @Nullable IndexKey ofSides(Expression side, Expression other) {
        if (!(other instanceof Expression.Constant constant) || !(constant.value() instanceof String value)) {
            return null;
        }
        if (side instanceof Expression.Variable variable) {
            return ofAttribute(variable.name(), value, true);
        }
        List<Expression> choice = Expression.operands(side, "OR");
        if (choice == null
                || !(choice.get(0) instanceof Expression.Variable variable)
                || !(choice.get(1) instanceof Expression.Constant fallback)) {
            return null;
        }
        return fallback.value().equals(value) ? null : ofAttribute(variable.name(), value, false);
    }

    private static @Nullable IndexKey ofAttribute(String attribute, String value, boolean absentFails) {
        boolean indexed =
                attribute.equals(StandardAttributes.PRINCIPAL) || attribute.equals(StandardAttributes.SERVER_NAME);
        return indexed ? new IndexKey(attribute, value, absentFails) : null;
    }
}
