package dev.exeat.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** Each alert has a test and says what to do. */
class MonitoringTest {
    @Test
    void each_alert_has_a_unit_test_and_a_row_that_says_what_to_do() throws Exception {
        String tests = Files.readString(Prometheus.DEPLOY.resolve("prometheus/alerts_test.yaml"));
        String reference = Files.readString(Path.of("../docs/metrics.md"));

        assertThat(Monitoring.alerts()).hasSizeGreaterThan(10).allSatisfy(alert -> {
            assertThat(tests).contains("    alertname: " + alert + "\n");
            assertThat(reference).contains("| `" + alert + "` |");
        });
    }

    @Test
    void panels_name_metrics_that_the_reference_knows() throws Exception {
        assertThat(Monitoring.panelQueries())
                .hasSizeGreaterThan(40)
                .allSatisfy(query -> assertThat(Monitoring.metrics(query.expression()))
                        .as(query.where())
                        .isNotEmpty()
                        .allSatisfy(name -> assertThat(isKnown(name)).as(name).isTrue()));
    }

    private static boolean isKnown(String name) throws Exception {
        return name.equals("up")
                || name.startsWith("jvm_")
                || name.startsWith("process_")
                || Monitoring.documented().contains(name.replaceFirst("_bucket$", ""));
    }

    @Test
    void finds_the_metrics_of_an_expression() {
        assertThat(Monitoring.metrics("histogram_quantile(0.9, sum by (le) (rate(a_bucket{job=~\"b\"}[5m] offset 1h)))"
                        + " / on (x) group_left () count(c) > bool 2 or d unless e"))
                .containsExactly("a_bucket", "c", "d", "e");
    }
}
