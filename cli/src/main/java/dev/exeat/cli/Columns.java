package dev.exeat.cli;

import dev.exeat.cli.ask.Printable;
import java.io.PrintWriter;
import java.util.List;

/** Prints rows with their cells in columns; no text in a cell can steer a terminal. */
public final class Columns {
    private Columns() {}

    /** A cell of a Markdown table: nothing in it is markup, or ends it. */
    public static String markdown(String text) {
        return Printable.of(text)
                .replace("\\", "\\\\")
                .replace("|", "\\|")
                .replace("<", "&lt;")
                .replace("`", "\\`");
    }

    /** @param table rows, at least one, all of the same length */
    public static void print(List<List<String>> table, PrintWriter out) {
        List<List<String>> rows = table.stream()
                .map(row -> row.stream().map(Printable::of).toList())
                .toList();
        int[] widths = new int[rows.getFirst().size()];
        for (List<String> row : rows) {
            for (int i = 0; i < widths.length; i++) {
                widths[i] = Math.max(widths[i], row.get(i).length());
            }
        }
        for (List<String> row : rows) {
            StringBuilder line = new StringBuilder();
            for (int i = 0; i < widths.length; i++) {
                line.append(row.get(i)).repeat(' ', widths[i] - row.get(i).length() + 2);
            }
            out.println(line.toString().stripTrailing());
        }
    }
}
