package dev.exeat.cli;

import dev.exeat.cli.ask.Printable;
import dev.exeat.model.ObjectKey;
import dev.exeat.model.Problem;
import java.io.PrintWriter;

/** Prints problems as compilers do, so that editors find the place; the cure stands on a line of its own. */
public final class ProblemPrinter {
    private static final String RED = "\u001b[31m";
    private static final String YELLOW = "\u001b[33m";
    private static final String PLAIN = "\u001b[0m";

    private final PrintWriter out;
    private final boolean coloured;

    public ProblemPrinter(PrintWriter out, boolean coloured) {
        this.out = out;
        this.coloured = coloured;
    }

    public void print(Problem problem) {
        StringBuilder line = new StringBuilder();
        if (!problem.place().file().isEmpty()) {
            line.append(problem.place()).append(": ");
        }
        String place = Printable.of(line);
        line.setLength(0);
        line.append(": ");
        if (problem.object() != null) {
            line.append(problem.object()).append(": ");
        }
        if (!problem.field().isEmpty()) {
            line.append(problem.field()).append(": ");
        }
        line.append(problem.message()).append(" [").append(problem.code()).append(']');
        out.println(place + severity(problem) + Printable.of(line));
        if (!problem.cure().isEmpty()) {
            out.println("    " + Printable.of(problem.cure()));
        }
    }

    /** Tells what an object does here, where its author may expect more of it, or less. */
    void note(ObjectKey object, String effect) {
        out.println(Printable.of("note: " + object + ": " + effect));
    }

    private String severity(Problem problem) {
        String word = problem.isError() ? "error" : "warning";
        return coloured ? (problem.isError() ? RED : YELLOW) + word + PLAIN : word;
    }
}
