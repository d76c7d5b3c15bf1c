package dev.exeat.cli.ask;

import dev.exeat.cli.answer.Answer;
import dev.exeat.cli.answer.Answer.Recorded;
import dev.exeat.cli.answer.Answer.StepText;
import java.io.PrintWriter;
import java.util.List;
import java.util.Set;

/** Prints an answer for people. Texts of clients and files never drive the terminal. */
final class AnswerText {
    private static final String GREEN = "\u001b[32m";
    private static final String RED = "\u001b[31m";
    private static final String DIM = "\u001b[2m";
    private static final String PLAIN = "\u001b[0m";
    private static final int STAGE = 17;
    private static final List<String> STAGES = List.of("registry", "routing", "checks", "authorization", "egress");
    private static final Set<String> REFUSING = Set.of("denied", "failed");
    private static final int OUTCOME = 12;
    /** A set of policies may be large; what decides is always told. */
    private static final int SILENT = 30;

    private final PrintWriter out;
    private final boolean coloured;

    AnswerText(PrintWriter out, boolean coloured) {
        this.out = out;
        this.coloured = coloured;
    }

    void print(Answer answer) {
        if (answer.recorded() != null) {
            recorded(answer.recorded(), answer.policyDigest());
        }
        if (answer.recorded() == null || !answer.policyDigest().isEmpty()) {
            out.print(verdict(answer.verdict()) + "  ");
        }
        out.println(Printable.of(answer.sentence()));
        if (!answer.steps().isEmpty()) {
            out.println();
            steps(answer.steps(), answer.verdict().equals("denied"));
        }
        if (answer.nearestMiss() != null) {
            out.println();
            out.println("nearest: " + Printable.of(answer.nearestMiss()));
        }
        changes(answer);
        if (!answer.policyDigest().isEmpty()) {
            out.println();
            out.println(paint(DIM, "policy " + Printable.of(answer.policyDigest())));
        }
    }

    /** What happened, and whether the policy that is asked now is another. */
    private void recorded(Recorded recorded, String digest) {
        out.println(Printable.of(recorded.id()) + " at " + Printable.of(recorded.time()) + " was "
                + verdict(recorded.verdict())
                + (recorded.reason() == null ? "" : " (" + Printable.of(recorded.reason()) + ")")
                + (recorded.rule() == null ? "" : " by " + Printable.of(recorded.rule()))
                + (recorded.message() == null ? "" : ": " + Printable.of(recorded.message())));
        boolean same = digest.equals(recorded.policyDigest());
        if (recorded.nearestMiss() != null && !same) {
            out.println("nearest then: " + Printable.of(recorded.nearestMiss()));
        }
        if (!digest.isEmpty()) {
            out.println(
                    same
                            ? "The same policy says:"
                            : "It was decided under policy " + Printable.of(String.valueOf(recorded.policyDigest()))
                                    + ", which has changed since. The present one says:");
        }
        out.println();
    }

    /** In the order of precedence, also the stages of which no object speaks, so that the order is seen. */
    private void steps(List<StepText> steps, boolean denied) {
        boolean refused = false;
        int number = 1;
        stage(number++, "names", "those that the client gives must be one; here it gives one");
        for (String stage : STAGES) {
            List<StepText> own =
                    steps.stream().filter(step -> step.stage().equals(stage)).toList();
            if (own.isEmpty()) {
                stage(number, stage, refused ? "not asked" : "nothing speaks of it");
            } else {
                stage(number, stage, own);
            }
            refused |= denied && own.stream().anyMatch(step -> REFUSING.contains(step.outcome()));
            number++;
        }
        stage(number, "addresses", refused ? "not asked" : "guarded when the name has been resolved");
        steps.stream()
                .filter(step -> step.stage().equals("verdict"))
                .forEach(step -> out.println("  " + pad("= verdict", STAGE) + line(step)));
    }

    private void stage(int number, String name, String says) {
        out.println("  " + pad(number + " " + name, STAGE) + paint(DIM, says));
    }

    private void stage(int number, String name, List<StepText> steps) {
        int quiet = 0;
        String heading = number + " " + name;
        for (StepText step : steps) {
            if (isQuiet(step.outcome()) && ++quiet > SILENT) {
                continue;
            }
            out.println("  " + pad(heading, STAGE) + line(step));
            heading = "";
        }
        if (quiet > SILENT) {
            out.println("  " + pad(heading, STAGE) + "and " + (quiet - SILENT)
                    + " more that do not match; -o json tells all");
        }
    }

    private String line(StepText step) {
        return paint(colour(step.outcome()), pad(step.outcome().replace('_', ' '), OUTCOME))
                + (step.rule() == null ? "" : Printable.of(step.rule()) + "  ")
                + Printable.of(step.detail())
                + (step.place() == null ? "" : paint(DIM, "  " + Printable.of(step.place())));
    }

    private static boolean isQuiet(String outcome) {
        return outcome.equals("not_matched") || outcome.equals("skipped");
    }

    private void changes(Answer answer) {
        if (answer.changes().isEmpty()) {
            return;
        }
        out.println();
        out.println(
                answer.verdict().equals("denied")
                        ? "To allow it:"
                        : answer.wouldVerdict() == null ? "To deny it:" : "To allow it when it is enforced:");
        ChangePrinter printer = new ChangePrinter(out);
        answer.changes().forEach(printer::print);
    }

    private String verdict(String verdict) {
        return paint(verdict.equals("allowed") ? GREEN : RED, Printable.of(verdict));
    }

    private static String colour(String outcome) {
        return switch (outcome) {
            case "passed" -> GREEN;
            case "denied", "failed" -> RED;
            default -> DIM;
        };
    }

    private static String pad(String text, int width) {
        return text + " ".repeat(Math.max(1, width - text.length()));
    }

    private String paint(String colour, String text) {
        return coloured ? colour + text + PLAIN : text;
    }
}
