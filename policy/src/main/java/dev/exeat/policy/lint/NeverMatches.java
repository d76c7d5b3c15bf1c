package dev.exeat.policy.lint;

import dev.exeat.model.HostPattern;
import dev.exeat.model.InvalidNameException;
import dev.exeat.policy.cexl.CompiledExpression;
import dev.exeat.policy.cexl.Expression;
import dev.exeat.policy.lint.LintSubject.Rule;
import dev.exeat.policy.mixer.StandardAttributes;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A rule of Mixer whose match can't be true, whatever the connection. */
final class NeverMatches implements LintCheck {
    /** What has the same value in every connection. */
    private static final Map<String, String> FIXED =
            Map.of("context.protocol", "tcp", "context.reporter.kind", "outbound", "destination.namespace", "default");

    @Override
    public String code() {
        return "never-matches";
    }

    @Override
    public void check(LintSubject subject, Consumer<Finding> findings) {
        KnownHosts known = new KnownHosts(subject);
        for (Rule rule : subject.rules()) {
            CompiledExpression match = rule.rule().match();
            String why = match == null ? null : why(match.syntax(), subject, known);
            if (why != null) {
                findings.accept(new Finding(
                        rule.rule().key(),
                        rule.rule().place(),
                        "spec.match",
                        "the rule never matches, so it has no effect: " + why,
                        "correct the match, or remove the rule"));
            }
        }
    }

    private static @Nullable String why(Expression match, LintSubject subject, KnownHosts known) {
        Map<Expression, Object> equal = new HashMap<>();
        Map<Expression, List<Object>> unequal = new HashMap<>();
        for (Expression conjunct : conjuncts(match)) {
            if (conjunct instanceof Expression.Constant constant && Boolean.FALSE.equals(constant.value())) {
                return "false is one of its conditions";
            }
            Comparison comparison = Comparison.of(conjunct);
            if (comparison == null) {
                continue;
            }
            if (!comparison.equal()) {
                unequal.computeIfAbsent(comparison.left(), _ -> new ArrayList<>())
                        .add(comparison.value());
                continue;
            }
            Object other = equal.putIfAbsent(comparison.left(), comparison.value());
            if (other != null && !other.equals(comparison.value())) {
                return comparison.text() + " would have to be both \"" + other + "\" and \"" + comparison.value()
                        + "\"";
            }
            String impossible = impossible(comparison, subject, known);
            if (impossible != null) {
                return impossible;
            }
        }
        for (Map.Entry<Expression, Object> entry : equal.entrySet()) {
            if (unequal.getOrDefault(entry.getKey(), List.of()).contains(entry.getValue())) {
                return Comparison.text(entry.getKey()) + " would have to be \"" + entry.getValue() + "\" and not to be";
            }
        }
        return null;
    }

    private static @Nullable String impossible(Comparison comparison, LintSubject subject, KnownHosts known) {
        String attribute = comparison.attribute();
        if (attribute == null || !(comparison.value() instanceof String value)) {
            return null;
        }
        String fixed = FIXED.get(attribute);
        if (fixed != null) {
            return fixed.equals(value) ? null : attribute + " is always \"" + fixed + "\", never \"" + value + "\"";
        }
        return switch (attribute) {
            case StandardAttributes.SERVER_NAME -> unreachable(value, subject, known);
            case "source.labels" -> label(comparison, value, subject);
            case "destination.labels" ->
                comparison.absent(value) ? null : "destinations have no labels here, so none is \"" + value + "\"";
            default -> null;
        };
    }

    private static @Nullable String unreachable(String name, LintSubject subject, KnownHosts known) {
        try {
            HostPattern host = HostPattern.parse(name);
            // That a wildcard or upper case is never equal is told when the rule is linked.
            return subject.complete() && !host.wildcard() ? known.unreachable(host, Set.of()) : null;
        } catch (InvalidNameException e) {
            return null;
        }
    }

    private static @Nullable String label(Comparison comparison, String value, LintSubject subject) {
        String key = comparison.key();
        if (key == null) {
            return null;
        }
        String own = subject.options().gatewayLabels().get(key);
        if (own == null ? comparison.absent(value) : own.equals(value)) {
            return null;
        }
        return "the gateway has " + (own == null ? "no label " + key : "the label " + key + "=" + own) + ", not " + key
                + "=" + value + " (--compat mixer or --label " + key + "=" + value + " gives it that)";
    }

    /** The parts of {@code a && b && c}. */
    static List<Expression> conjuncts(Expression expression) {
        List<Expression> conjuncts = new ArrayList<>();
        List<Expression> pending = new ArrayList<>(List.of(expression));
        while (!pending.isEmpty()) {
            Expression next = pending.removeLast();
            List<Expression> operands = Expression.operands(next, "LAND");
            if (operands == null) {
                conjuncts.add(next);
            } else {
                pending.addAll(operands.reversed());
            }
        }
        return conjuncts;
    }
}
