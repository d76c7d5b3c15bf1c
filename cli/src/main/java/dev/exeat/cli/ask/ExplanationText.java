package dev.exeat.cli.ask;

import dev.exeat.policy.DecisionTrace.Outcome;
import dev.exeat.policy.Permit;
import dev.exeat.policy.explain.Change;
import dev.exeat.policy.explain.Explanation;
import dev.exeat.policy.explain.Explanation.PlacedStep;
import dev.exeat.policy.explain.NodeText;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;

/** Prints an explanation for people. Texts of clients and files never drive the terminal. */
final class ExplanationText {
    private static final String GREEN = "\u001b[32m";
    private static final String RED = "\u001b[31m";
    private static final String DIM = "\u001b[2m";
    private static final String PLAIN = "\u001b[0m";
    /** A set of policies may be large; what decides is always told. */
    private static final int SILENT = 30;

    private final PrintWriter out;
    private final boolean coloured;

    ExplanationText(PrintWriter out, boolean coloured) {
        this.out = out;
        this.coloured = coloured;
    }

    void print(Explanation explanation) {
        boolean allowed = explanation.decision() instanceof Permit;
        out.println(paint(allowed ? GREEN : RED, allowed ? "allowed" : "denied") + "  "
                + Printable.of(explanation.sentence()));
        out.println();
        steps(explanation.steps());
        if (!explanation.nearestMiss().isEmpty()) {
            out.println();
            out.println("nearest: " + Printable.of(explanation.nearestMiss()));
        }
        changes(explanation.changes(), allowed);
        out.println();
        out.println(paint(DIM, "policy " + explanation.decision().digest()));
    }

    private void steps(List<PlacedStep> steps) {
        int quiet = 0;
        for (PlacedStep placed : steps) {
            var step = placed.step();
            boolean decides = step.outcome() != Outcome.NOT_MATCHED && step.outcome() != Outcome.SKIPPED;
            if (!decides && ++quiet > SILENT) {
                continue;
            }
            String outcome = step.outcome().name().toLowerCase(Locale.ROOT).replace('_', ' ');
            out.println("  " + pad(step.stage().name().toLowerCase(Locale.ROOT), 14)
                    + paint(colour(step.outcome()), pad(outcome, 12))
                    + (step.rule() == null ? "" : step.rule() + "  ")
                    + Printable.of(step.detail())
                    + (placed.place() == null
                            ? ""
                            : paint(DIM, "  " + Printable.of(placed.place().toString()))));
        }
        if (quiet > SILENT) {
            out.println("  and " + (quiet - SILENT) + " policies more that do not match; -o json tells all");
        }
    }

    private void changes(List<Change> changes, boolean allowed) {
        if (changes.isEmpty()) {
            return;
        }
        out.println();
        out.println(allowed ? "To deny it:" : "To allow it:");
        for (Change change : changes) {
            out.println("# " + Printable.of(change.summary()));
            switch (change) {
                case Change.Add add -> yaml(add.yaml());
                case Change.Edit edit -> yaml(NodeText.yaml(edit.changed().body()));
                case Change.Remove remove ->
                    out.println("# it stands at "
                            + Printable.of(remove.before().place().toString()));
            }
        }
    }

    private void yaml(String yaml) {
        out.println("---");
        yaml.lines().forEach(line -> out.println(Printable.of(line)));
    }

    private static String colour(Outcome outcome) {
        return switch (outcome) {
            case PASSED -> GREEN;
            case DENIED, FAILED -> RED;
            case NOT_MATCHED, SKIPPED -> DIM;
        };
    }

    private static String pad(String text, int width) {
        return text + " ".repeat(Math.max(1, width - text.length()));
    }

    private String paint(String colour, String text) {
        return coloured ? colour + text + PLAIN : text;
    }
}
