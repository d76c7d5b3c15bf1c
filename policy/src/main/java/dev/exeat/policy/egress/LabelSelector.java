package dev.exeat.policy.egress;

import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The label selector of Kubernetes: every label of {@code matchLabels} and every expression must hold.
 *
 * @see <a href="https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/">Labels and selectors</a>
 */
public record LabelSelector(Map<String, String> labels, List<Expression> expressions) {
    public LabelSelector {
        labels = Map.copyOf(labels);
        expressions = List.copyOf(expressions);
    }

    public enum Operator {
        IN,
        NOT_IN,
        EXISTS,
        DOES_NOT_EXIST
    }

    public record Expression(String key, Operator operator, Set<String> values) {
        public Expression {
            values = Set.copyOf(values);
        }

        boolean holds(Map<String, String> of) {
            String value = of.get(key);
            return switch (operator) {
                case IN -> value != null && values.contains(value);
                case NOT_IN -> value == null || !values.contains(value);
                case EXISTS -> value != null;
                case DOES_NOT_EXIST -> value == null;
            };
        }
    }

    public boolean matches(Map<String, String> of) {
        return of.entrySet().containsAll(labels.entrySet())
                && expressions.stream().allMatch(expression -> expression.holds(of));
    }
}
