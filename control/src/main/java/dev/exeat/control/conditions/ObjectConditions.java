package dev.exeat.control.conditions;

import dev.exeat.model.Problem;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/** What is to be said of one object. */
final class ObjectConditions {
    /** Codes of problems that are about what an object names, and not about itself. */
    private static final Set<String> ABOUT_REFERENCES = Set.of("dangling-reference", "list-unusable");

    /** The code where another source has the object too, and that one's is in force. */
    private static final String SHADOWED = "object-twice";

    private static final int NAMED = 3;

    private ObjectConditions() {}

    /**
     * The conditions that hold now.
     *
     * @param problems of the object alone
     * @param effect what it does here whose author may expect something else; may be empty
     */
    static List<Condition> of(List<Problem> problems, String effect, Reached reached) {
        List<Problem> refusals = problems.stream()
                .filter(problem -> !isAboutReferences(problem))
                .filter(problem -> problem.isError() || problem.code().equals(SHADOWED))
                .toList();
        List<Problem> references =
                problems.stream().filter(ObjectConditions::isAboutReferences).toList();
        List<Condition> conditions = new ArrayList<>();
        conditions.add(
                refusals.isEmpty()
                        ? new Condition(Condition.ACCEPTED, true, "Accepted", effect)
                        : broken(Condition.ACCEPTED, refusals));
        conditions.add(
                references.isEmpty()
                        ? new Condition(Condition.RESOLVED_REFS, true, "ResolvedRefs", "")
                        : broken(Condition.RESOLVED_REFS, references));
        conditions.add(programmed(refusals.isEmpty(), reached));
        return conditions;
    }

    private static boolean isAboutReferences(Problem problem) {
        return ABOUT_REFERENCES.contains(problem.code());
    }

    private static Condition broken(String type, List<Problem> problems) {
        return new Condition(
                type,
                false,
                reason(problems.getFirst().code()),
                problems.stream().map(ObjectConditions::sentence).distinct().collect(Collectors.joining("; ")));
    }

    private static String sentence(Problem problem) {
        return (problem.field().isEmpty() ? "" : problem.field() + ": ")
                + problem.message()
                + (problem.cure().isEmpty() ? "" : " (" + problem.cure() + ")");
    }

    /** {@code dangling-reference} as {@code DanglingReference}. */
    static String reason(String code) {
        StringBuilder reason = new StringBuilder();
        for (String word : code.split("-")) {
            reason.append(word.substring(0, 1).toUpperCase(Locale.ROOT)).append(word.substring(1));
        }
        return reason.toString();
    }

    private static Condition programmed(boolean accepted, Reached reached) {
        if (!accepted) {
            return new Condition(
                    Condition.PROGRAMMED, false, "NotAccepted", "this version of the object is not in force");
        }
        int all = reached.gateways();
        if (!reached.behind().isEmpty()) {
            int behind = reached.behind().size();
            return new Condition(
                    Condition.PROGRAMMED,
                    false,
                    "Pending",
                    "in force in " + (all - behind) + " of " + all + " gateways; not yet in " + names(reached));
        }
        return new Condition(
                Condition.PROGRAMMED,
                true,
                "Programmed",
                "in force in " + (all == 1 ? "the gateway" : "all " + all + " gateways") + ", since policy "
                        + reached.digest());
    }

    private static String names(Reached reached) {
        List<String> behind = reached.behind();
        String first = String.join(", ", behind.subList(0, Math.min(NAMED, behind.size())));
        return behind.size() > NAMED ? first + " and " + (behind.size() - NAMED) + " more" : first;
    }
}
