package dev.exeat.cli;

import java.io.PrintWriter;
import java.util.List;

/** Prints rows with their cells in columns. */
final class Columns {
    private Columns() {}

    /** @param rows at least one, all of the same length */
    static void print(List<List<String>> rows, PrintWriter out) {
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
