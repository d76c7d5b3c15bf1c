package dev.exeat.bench.result;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.exeat.bench.machine.Machine;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ResultsTest {
    @TempDir
    Path directory;

    private static Results results(double exeat) {
        ScenarioResult pass = new ScenarioResult(
                "pass",
                "whole connections",
                List.of(Metric.CPU, Metric.OPERATIONS),
                List.of(
                        new Series("exeat", "cpu", Arrays.asList(exeat, null, exeat)),
                        new Series("exeat", "ops", List.of(1000.0, 1000.0)),
                        new Series("haproxy", "cpu", List.of(100.0, 100.0, 50.0)),
                        new Series("haproxy", "ops", List.of(2000.0))),
                List.of("a note"));
        return new Results(
                "2026-11-23T00:00:00Z",
                new Machine("6.1", "a CPU", 2, 1024, 20_000, 0.1),
                3,
                2,
                List.of(new Results.Measured("haproxy", "3.0.11", "OpenSSL 3.5")),
                List.of(pass));
    }

    @Test
    void a_written_file_reads_the_same() {
        Path file = directory.resolve("results.json");
        results(70).write(file);

        assertThat(Results.read(file)).isEqualTo(results(70));
    }

    @Test
    void a_file_of_something_else_is_refused_by_its_name() throws Exception {
        Path file = Files.writeString(directory.resolve("other.json"), "{\"a\":");

        assertThatThrownBy(() -> Results.read(file))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("other.json");
    }

    @Test
    void the_table_has_ratio_and_number_of_rounds() {
        String text = new Report(results(70)).text();

        assertThat(text.lines()
                        .filter(line -> line.startsWith("| haproxy"))
                        .toList()
                        .getLast())
                .isEqualTo(
                        "| haproxy | 100 [50.0..100]       | 1.05 [0.70..1.40] | 2000                      | 3      |");
        assertThat(text).contains("* a note", "| haproxy | 3.0.11");
    }

    @Test
    void a_goal_is_met_by_the_median_alone() {
        assertThat(goal(new Report(results(60)).text())).contains("0.90 [0.60..1.20]", "| met");
        assertThat(goal(new Report(results(70)).text())).contains("**missed**");
    }

    private static String goal(String text) {
        return text.lines()
                .filter(line -> line.startsWith("| pass, cpu, by that of haproxy"))
                .findFirst()
                .orElseThrow();
    }
}
