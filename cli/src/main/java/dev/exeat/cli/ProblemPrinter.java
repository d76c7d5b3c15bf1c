package dev.exeat.cli;

import dev.exeat.model.Problem;
import java.io.PrintWriter;

/** Prints problems as compilers do, so that editors find the place; the cure stands on a line of its own. */
final class ProblemPrinter {
    private static final String RED = "\u001b[31m";
    private static final String YELLOW = "\u001b[33m";
    private static final String PLAIN = "\u001b[0m";

    private final PrintWriter out;
    private final boolean coloured;

    ProblemPrinter(PrintWriter out, boolean coloured) {
        this.out = out;
        this.coloured = coloured;
    }

    void print(Problem problem) {
        StringBuilder line = new StringBuilder();
        if (!problem.place().file().isEmpty()) {
            line.append(problem.place()).append(": ");
        }
        String place = printable(line);
        line.setLength(0);
        line.append(": ");
        if (problem.object() != null) {
            line.append(problem.object()).append(": ");
        }
        if (!problem.field().isEmpty()) {
            line.append(problem.field()).append(": ");
        }
        line.append(problem.message()).append(" [").append(problem.code()).append(']');
        out.println(place + severity(problem) + printable(line));
        if (!problem.cure().isEmpty()) {
            out.println("    " + printable(problem.cure()));
        }
    }

    private String severity(Problem problem) {
        String word = problem.isError() ? "error" : "warning";
        return coloured ? (problem.isError() ? RED : YELLOW) + word + PLAIN : word;
    }

    /** A file may come from anyone: what it says must not drive the terminal. */
    private static String printable(CharSequence text) {
        StringBuilder safe = new StringBuilder(text.length());
        text.chars().forEach(c -> safe.append(Character.isISOControl(c) ? '\ufffd' : (char) c));
        return safe.toString();
    }
}
