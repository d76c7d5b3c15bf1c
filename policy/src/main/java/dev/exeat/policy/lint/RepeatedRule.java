package dev.exeat.policy.lint;

import dev.exeat.policy.cexl.CompiledExpression;
import dev.exeat.policy.lint.LintSubject.Rule;
import dev.exeat.policy.mixer.MixerObject.Action;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/** A rule of Mixer whose actions another rule takes too, whenever this one matches. */
final class RepeatedRule implements LintCheck {
    /** Rules with the same actions that are tried against each other. */
    private static final int MAX_TRIED = 64;

    /** What a rule does, and in whose name references are read. */
    private record Doing(String namespace, Set<String> actions) {}

    @Override
    public String code() {
        return "repeated-rule";
    }

    @Override
    public void check(LintSubject subject, Consumer<Finding> findings) {
        Map<Doing, List<Rule>> groups = subject.rules().stream()
                .filter(rule -> !rule.rule().actions().isEmpty())
                .collect(Collectors.groupingBy(RepeatedRule::doing, HashMap::new, Collectors.toList()));
        for (List<Rule> group : groups.values()) {
            List<Rule> tried = group.subList(0, Math.min(MAX_TRIED, group.size()));
            List<Set<String>> conditions =
                    tried.stream().map(RepeatedRule::conditions).toList();
            for (int i = 0; i < tried.size(); i++) {
                for (int j = 0; j < tried.size(); j++) {
                    boolean covered = conditions.get(i).containsAll(conditions.get(j));
                    boolean same = conditions.get(i).equals(conditions.get(j));
                    if (i != j && covered && (!same || j < i)) {
                        findings.accept(finding(tried.get(i), tried.get(j)));
                        break;
                    }
                }
            }
        }
    }

    private static Finding finding(Rule rule, Rule other) {
        return new Finding(
                rule.rule().key(),
                rule.rule().place(),
                "spec.match",
                "the rule adds nothing: " + other.rule().key() + " does the same, and matches whenever this one does",
                "remove one of them");
    }

    private static Doing doing(Rule rule) {
        Set<String> actions = new HashSet<>();
        for (Action action : rule.rule().actions()) {
            action.instances().forEach(instance -> actions.add(action.handler().name() + " " + instance.name()));
        }
        return new Doing(rule.rule().key().namespace(), actions);
    }

    private static Set<String> conditions(Rule rule) {
        CompiledExpression match = rule.rule().match();
        return match == null
                ? Set.of()
                : NeverMatches.conjuncts(match.syntax()).stream()
                        .map(Object::toString)
                        .collect(Collectors.toSet());
    }
}
