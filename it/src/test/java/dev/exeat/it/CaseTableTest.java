package dev.exeat.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import org.junit.jupiter.api.Test;

/**
 * Holds {@code docs/cases.md} and the tests to each other. With {@code -Dcases.write} it writes the tests' names into
 * the table.
 */
class CaseTableTest {
    private static final Path ROOT = Path.of("..");
    private static final Path FILE = ROOT.resolve("docs/cases.md");

    private final SortedMap<String, SortedSet<String>> tests = CaseBindings.of(ROOT);

    @Test
    void each_case_stands_there_once_and_says_what_it_shows_and_where_the_lesson_comes_from() throws IOException {
        List<CaseTable.Row> rows = CaseTable.read(FILE).rows();

        assertThat(rows).extracting(CaseTable.Row::id).doesNotHaveDuplicates();
        assertThat(rows)
                .allSatisfy(row -> assertThat(List.of(row.shows(), row.lesson()))
                        .as(row.id())
                        .doesNotContain(""));
    }

    @Test
    void each_case_is_run_or_has_a_reason_why_not() throws IOException {
        for (CaseTable.Row row : CaseTable.read(FILE).rows()) {
            assertThat(row.skipped())
                    .as("%s is skipped; it is bound to %s", row.id(), tests.get(row.id()))
                    .isNotEqualTo(tests.containsKey(row.id()));
        }
    }

    @Test
    void the_tests_name_cases_of_the_table_and_the_table_names_the_tests() throws IOException {
        CaseTable table = CaseTable.read(FILE);
        assertThat(table.rows()).extracting(CaseTable.Row::id).containsAll(tests.keySet());

        String bound = table.boundTo(tests);
        if (System.getProperty("cases.write") != null) {
            Files.writeString(FILE, bound);
        }
        assertThat(Files.readString(FILE))
                .as("docs/cases.md; run this test with -Dcases.write")
                .isEqualTo(bound);
    }
}
