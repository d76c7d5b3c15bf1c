package dev.exeat.cli.up;

import static org.assertj.core.api.Assertions.assertThat;

import dev.exeat.control.ConfigurationState;
import dev.exeat.flow.Metrics;
import dev.exeat.model.Place;
import dev.exeat.model.Problem;
import dev.exeat.policy.Snapshot;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ConfigurationReportTest {
    private static final Problem ERROR =
            new Problem(Problem.Severity.ERROR, "code", new Place("file.yaml", 1, 1), null, "", "a message", "");

    private final Snapshot snapshot = Compilers.strict().compile(List.of()).snapshot();
    private final Metrics metrics = new Metrics("1.2.3");
    private final ConfigurationReport report = new ConfigurationReport(metrics);

    private void tell(long compilation, long version, Problem... problems) {
        report.tell(new ConfigurationState(
                snapshot, List.of(problems), Map.of(), Instant.ofEpochSecond(7), version, compilation));
    }

    private String scraped() {
        return new String(metrics.scrape("").body(), StandardCharsets.UTF_8);
    }

    @Test
    void counts_compilations_and_no_other_changes() {
        tell(1, 1);
        tell(1, 2);
        tell(1, 3);
        tell(2, 4, ERROR);
        tell(2, 5, ERROR);

        assertThat(scraped())
                .contains("exeat_config_reloads_total{result=\"ok\"} 1.0")
                .contains("exeat_config_reloads_total{result=\"errors\"} 1.0")
                .contains("exeat_config_problems{severity=\"error\"} 1.0");
    }

    @Test
    void what_comes_late_does_not_take_the_place_of_what_came_after_it() {
        tell(2, 2);
        tell(1, 1, ERROR);

        assertThat(scraped())
                .contains("exeat_config_problems{severity=\"error\"} 0.0")
                .doesNotContain("exeat_config_reloads_total{result=\"errors\"}");
    }
}
