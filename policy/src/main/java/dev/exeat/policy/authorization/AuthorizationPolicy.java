package dev.exeat.policy.authorization;

import dev.exeat.model.Attempt;
import dev.exeat.model.ObjectKey;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One object, read.
 *
 * @param selector labels that the gateway must have; empty for every workload of the namespace
 * @param targets names of the gateways it is for; empty where it names none
 * @param dryRun whether it is only taken as if it were in force, and recorded
 * @param rules those that can match at all, each with its index in the object
 */
public record AuthorizationPolicy(
        ObjectKey key,
        Action action,
        Map<String, String> selector,
        List<String> targets,
        boolean dryRun,
        List<Rule> rules) {
    public AuthorizationPolicy {
        selector = Map.copyOf(selector);
        targets = List.copyOf(targets);
        rules = List.copyOf(rules);
    }

    /** What becomes of an attempt that a rule matches. */
    public enum Action {
        ALLOW,
        DENY,
        /** It is marked, and nothing else. */
        AUDIT
    }

    /**
     * Matches if one of {@code from} and one of {@code to} do, where any is given, and all of {@code when}.
     *
     * @param from each the tests of one source, which all must hold
     * @param to each the tests of one operation
     */
    record Rule(int index, List<List<AttemptTest>> from, List<List<AttemptTest>> to, List<AttemptTest> when) {
        Rule {
            from = from.stream().map(List::copyOf).toList();
            to = to.stream().map(List::copyOf).toList();
            when = List.copyOf(when);
        }

        boolean matches(Attempt attempt) {
            return anyOf(from, attempt) && anyOf(to, attempt) && allHold(when, attempt);
        }

        private static boolean anyOf(List<List<AttemptTest>> alternatives, Attempt attempt) {
            if (alternatives.isEmpty()) {
                return true;
            }
            for (List<AttemptTest> alternative : alternatives) {
                if (allHold(alternative, attempt)) {
                    return true;
                }
            }
            return false;
        }

        private static boolean allHold(List<AttemptTest> tests, Attempt attempt) {
            for (AttemptTest test : tests) {
                if (!test.holds(attempt)) {
                    return false;
                }
            }
            return true;
        }

        /** Why it does not match, or null where it does. */
        @Nullable
        String miss(Attempt attempt) {
            String miss = miss(from, attempt);
            miss = miss != null ? miss : miss(to, attempt);
            return miss != null ? miss : firstMiss(when, attempt);
        }

        /** Whether it names the client, and but for the port or a label of the host it would match. */
        boolean isNear(Attempt attempt) {
            if (!anyOf(from, attempt)) {
                return false;
            }
            if (to.isEmpty()) {
                return onlyNear(when, attempt);
            }
            return to.stream()
                    .anyMatch(tests -> onlyNear(
                            Stream.concat(tests.stream(), when.stream()).toList(), attempt));
        }

        /** Whether one of the tests does not hold, and nearly does. */
        private static boolean onlyNear(List<AttemptTest> tests, Attempt attempt) {
            List<AttemptTest> failing =
                    tests.stream().filter(test -> !test.holds(attempt)).toList();
            return failing.size() == 1 && failing.getFirst().isNear(attempt);
        }

        /** Of several alternatives the miss of the first, which is mostly the only one. */
        private static @Nullable String miss(List<List<AttemptTest>> alternatives, Attempt attempt) {
            if (anyOf(alternatives, attempt)) {
                return null;
            }
            String first = firstMiss(alternatives.getFirst(), attempt);
            return alternatives.size() == 1 ? first : first + " (and " + (alternatives.size() - 1) + " more)";
        }

        private static @Nullable String firstMiss(List<AttemptTest> tests, Attempt attempt) {
            for (AttemptTest test : tests) {
                if (!test.holds(attempt)) {
                    return test.miss(attempt);
                }
            }
            return null;
        }
    }
}
