package dev.exeat.cli.demo;

import java.io.PrintStream;
import java.util.List;

/** Tells the story: chapters, what is done and why, commands with their output, and whether it is as expected. */
final class Narrator {
    private static final int WIDTH = 100;
    private static final String BOLD = "\u001b[1m";
    private static final String DIM = "\u001b[2m";
    private static final String RED = "\u001b[31m";
    private static final String GREEN = "\u001b[32m";
    private static final String CYAN = "\u001b[36m";
    private static final String PLAIN = "\u001b[0m";

    private final PrintStream out;
    private final boolean coloured;
    private int held;
    private int failed;

    Narrator(PrintStream out, boolean coloured) {
        this.out = out;
        this.coloured = coloured;
    }

    void chapter(String title) {
        out.println();
        out.println(paint(BOLD, "== " + title + " " + "=".repeat(Math.max(3, WIDTH - title.length() - 4))));
    }

    void say(String text) {
        out.println();
        out.println(text);
    }

    void command(String command) {
        out.println("  " + paint(CYAN, "$ " + command));
    }

    void output(List<String> lines) {
        lines.forEach(line -> out.println("  " + line));
    }

    void exitCode(int code) {
        out.println("  " + paint(DIM, "(exit code " + code + ")"));
    }

    /** Prints a line as it is. */
    void line(String text) {
        out.println(text);
    }

    void expected(String text, boolean holds) {
        if (holds) {
            held++;
        } else {
            failed++;
        }
        out.println("  " + (holds ? paint(GREEN, "ok    ") : paint(RED, "FAILED")) + "  expected: " + text);
    }

    void summary() {
        out.println();
        String counts = held + " expectations held, " + failed + " failed";
        out.println(failed == 0 ? paint(GREEN, counts) : paint(RED, counts));
    }

    boolean allHeld() {
        return failed == 0 && held > 0;
    }

    String good(String text) {
        return paint(GREEN, text);
    }

    String bad(String text) {
        return paint(RED, text);
    }

    private String paint(String colour, String text) {
        return coloured ? colour + text + PLAIN : text;
    }
}
