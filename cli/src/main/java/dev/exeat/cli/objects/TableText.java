package dev.exeat.cli.objects;

import dev.exeat.cli.ask.Printable;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import tools.jackson.databind.JsonNode;

/**
 * Prints tables of the server (Kubernetes API concepts, "Receiving resources as Tables") in columns, as kubectl does. The
 * widths of earlier rows are kept for those that come later. Not thread-safe.
 */
final class TableText {
    private static final int PADDING = 3;
    private static final int LEAST = 6;

    private final PrintWriter out;
    private final boolean wide;
    private final boolean namespaces;
    private final String prefix;
    private final List<List<String>> waiting = new ArrayList<>();
    private int[] widths = {};
    private boolean headed;

    /**
     * @param namespaces whether the first column names the namespace
     * @param prefix before each name, as in {@code rule.config.istio.io/}
     */
    TableText(PrintWriter out, boolean wide, boolean namespaces, String prefix) {
        this.out = out;
        this.wide = wide;
        this.namespaces = namespaces;
        this.prefix = prefix;
    }

    /** Takes the rows of a table; {@link #print} prints them. */
    void add(JsonNode table) {
        List<JsonNode> columns = new ArrayList<>();
        table.path("columnDefinitions").forEach(columns::add);
        if (!headed && !columns.isEmpty() && !table.path("rows").isEmpty()) {
            headed = true;
            waiting.add(header(columns));
        }
        table.path("rows").forEach(row -> waiting.add(row(row, columns)));
    }

    private boolean isShown(JsonNode column) {
        return wide || column.path("priority").asInt(0) == 0;
    }

    private List<String> header(List<JsonNode> columns) {
        List<String> header = new ArrayList<>();
        if (namespaces) {
            header.add("NAMESPACE");
        }
        columns.stream()
                .filter(this::isShown)
                .forEach(column -> header.add(column.path("name").asString("").toUpperCase(Locale.ROOT)));
        return header;
    }

    private List<String> row(JsonNode row, List<JsonNode> columns) {
        List<String> cells = new ArrayList<>();
        if (namespaces) {
            cells.add(row.at("/object/metadata/namespace").asString(""));
        }
        for (int i = 0; i < columns.size(); i++) {
            if (isShown(columns.get(i))) {
                cells.add((i == 0 ? prefix : "") + text(row.path("cells").path(i)));
            }
        }
        return cells;
    }

    private static String text(JsonNode cell) {
        String text = cell.isNull() || cell.isMissingNode() ? "" : cell.asString(cell.toString());
        int end = 0;
        while (end < text.length() && "\n\r\f".indexOf(text.charAt(end)) < 0) {
            end++;
        }
        return Printable.of(text.substring(0, end)) + (end < text.length() ? "..." : "");
    }

    void print() {
        for (List<String> row : waiting) {
            if (widths.length < row.size()) {
                widths = Arrays.copyOf(widths, row.size());
            }
            for (int i = 0; i < row.size(); i++) {
                widths[i] = Math.max(widths[i], Math.max(LEAST, row.get(i).length() + PADDING));
            }
        }
        for (List<String> row : waiting) {
            StringBuilder line = new StringBuilder();
            for (int i = 0; i < row.size(); i++) {
                String cell = row.get(i);
                line.append(cell).repeat(' ', i == row.size() - 1 ? 0 : widths[i] - cell.length());
            }
            out.println(line);
        }
        out.flush();
        waiting.clear();
    }

    /** Whether anything was printed or waits for it. */
    boolean hasRows() {
        return headed;
    }
}
