package dev.exeat.it;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;

/** {@code docs/cases.md}: a table for each group, whose last column says which tests run a case or why none does. */
final class CaseTable {
    private static final String SKIPPED = "skipped: ";

    /** @param where tests in code format, or "skipped: " and a reason */
    record Row(String id, String shows, String lesson, String where) {
        boolean skipped() {
            return where.startsWith(SKIPPED) && where.length() > SKIPPED.length();
        }
    }

    private final List<String> lines;

    private CaseTable(List<String> lines) {
        this.lines = lines;
    }

    static CaseTable read(Path file) throws IOException {
        return new CaseTable(Files.readAllLines(file));
    }

    List<Row> rows() {
        List<Row> rows = new ArrayList<>();
        for (String line : lines) {
            if (isRow(line)) {
                rows.add(row(line));
            }
        }
        return rows;
    }

    /** The same table, where each row that is not skipped names the tests that are bound to it. */
    String boundTo(Map<String, SortedSet<String>> tests) {
        StringBuilder text = new StringBuilder();
        for (String line : lines) {
            if (isRow(line) && !row(line).skipped()) {
                Row row = row(line);
                String where = String.join(
                        "<br>",
                        tests.getOrDefault(row.id(), new TreeSet<>()).stream()
                                .map(test -> "`" + test + "`")
                                .toList());
                text.append("| %s | %s | %s | %s |".formatted(row.id(), row.shows(), row.lesson(), where));
            } else {
                text.append(line);
            }
            text.append('\n');
        }
        return text.toString();
    }

    private static boolean isRow(String line) {
        return line.startsWith("| ")
                && CaseBindings.ID.matcher(line.split("\\|")[1].strip()).matches();
    }

    private static Row row(String line) {
        String[] cells = line.split("(?<!\\\\)\\|", -1);
        if (cells.length != 6) {
            throw new IllegalStateException("no row of four cells: " + line);
        }
        return new Row(cells[1].strip(), cells[2].strip(), cells[3].strip(), cells[4].strip());
    }
}
