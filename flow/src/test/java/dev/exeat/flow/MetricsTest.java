package dev.exeat.flow;

import static org.assertj.core.api.Assertions.assertThat;

import dev.exeat.flow.ConnectionRecord.Verdict;
import dev.exeat.model.Limit;
import dev.exeat.model.ListenerKind;
import dev.exeat.model.Reason;
import dev.exeat.testkit.Case;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class MetricsTest {
    private static final Path REFERENCE = Path.of("../docs/metrics.md");
    private static final Pattern TYPE = Pattern.compile("^# TYPE ((?:exeat|istio)_[a-z_]+) ", Pattern.MULTILINE);
    private static final Pattern ROW = Pattern.compile("^\\| `((?:exeat|istio)_[a-z_]+)` \\|", Pattern.MULTILINE);
    private static final int SERIES_LIMIT = 2000;

    private final Metrics metrics = new Metrics("1.2.3");
    private final Metrics named = new Metrics("1.2.3", new SeriesOptions(10, true), System::nanoTime);

    private static String scrape(Metrics metrics) {
        return new String(metrics.scrape("").body(), StandardCharsets.UTF_8);
    }

    private String scrape() {
        return scrape(metrics);
    }

    private Stream<String> samples() {
        return samples(metrics);
    }

    private static Stream<String> samples(Metrics metrics) {
        return scrape(metrics).lines().filter(line -> !line.startsWith("#"));
    }

    private static Set<String> names(Pattern pattern, String text) {
        return new TreeSet<>(
                pattern.matcher(text).results().map(m -> m.group(1)).toList());
    }

    /** Calls all there is to call, so that each metric shows. */
    private static void useEverything(Metrics metrics) {
        metrics.ended(ListenerKind.TUNNEL, Records.record(Verdict.ALLOWED, null, "a.test"));
        metrics.ended(ListenerKind.PLAIN, Records.full());
        metrics.workloadEnded(ListenerKind.WORKLOAD, Reason.GATEWAY_DENIED, 1, 2);
        metrics.handshake("established", 1_000_000);
        metrics.resolved("network", 1_000_000);
        metrics.answered("address");
        metrics.inForce("0123", 1);
        metrics.reloaded(0, 1);
        metrics.showActive(ListenerKind.TUNNEL, () -> 3);
        metrics.showActive(ListenerKind.PLAIN, () -> 4);
        metrics.showSvidEnd(() -> 5);
        metrics.showSvidOverdue(() -> true);
        metrics.showServer(() -> true, () -> 3);
        metrics.showSkippedMisses(() -> 8);
        ShadowMetrics shadow = metrics.shadow();
        shadow.judged("allowed", "denied");
        shadow.compiled("fedcba9876543210", 1, 2);
        metrics.limitHit(Limit.IDLE_TIME);
        metrics.abuse("ping");
        metrics.exported("ok");
        metrics.showLimits(() -> List.of(new LimitUse(Limit.CONNECTIONS, "", 6, 7)));
    }

    @Test
    void shows_how_far_limits_are_used_and_how_often_they_were_reached() {
        useEverything(metrics);

        assertThat(samples())
                .contains(
                        "exeat_limit_hits_total{limit=\"idle-timeout\"} 1.0",
                        "exeat_limit_hits_total{limit=\"max-connections-per-identity\"} 0.0",
                        "exeat_limit_use{limit=\"max-connections\"} 6.0",
                        "exeat_limit_max{limit=\"max-connections\"} 7.0");
    }

    @Test
    void shows_what_policies_that_look_on_say() {
        useEverything(metrics);

        assertThat(samples())
                .contains(
                        "exeat_shadow_decisions_total{live=\"allowed\",shadow=\"denied\"} 1.0",
                        "exeat_shadow_decisions_total{live=\"denied\",shadow=\"allowed\"} 0.0",
                        "exeat_shadow_policy_info{digest=\"fedcba9876543210\"} 1",
                        "exeat_shadow_problems{severity=\"error\"} 1.0",
                        "exeat_nearest_misses_skipped_total 8.0");
    }

    @Test
    void the_reference_names_every_metric_and_no_others() throws Exception {
        useEverything(named);
        try (LineWriter log = new LineWriter("records", StandardStream.output(), LineWriter.Bounds.USUAL)) {
            named.showWriters(() -> List.of(log));

            assertThat(names(ROW, Files.readString(REFERENCE))).isEqualTo(names(TYPE, scrape(named)));
        }
    }

    @Test
    void counts_connections_by_listener_verdict_and_reason() {
        metrics.ended(ListenerKind.TUNNEL, Records.record(Verdict.ALLOWED, null, "a.test"));
        metrics.ended(ListenerKind.TUNNEL, Records.record(Verdict.ALLOWED, null, "a.test"));
        metrics.ended(ListenerKind.PLAIN, Records.record(Verdict.DENIED, Reason.SNI_MISSING, "a.test"));
        metrics.ended(ListenerKind.TUNNEL, Records.least());

        assertThat(samples())
                .contains(
                        "exeat_connections_total{listener=\"tunnel\",reason=\"\",verdict=\"allowed\"} 2.0",
                        "exeat_connections_total{listener=\"plain\",reason=\"sni_missing\",verdict=\"denied\"} 1.0",
                        "exeat_connections_total{listener=\"tunnel\",reason=\"handshake_failed\",verdict=\"failed\"} 1.0",
                        "exeat_would_deny_total{reason=\"policy_denied\"} 3.0",
                        "exeat_bytes_total{direction=\"received\"} 30.0",
                        "exeat_bytes_total{direction=\"sent\"} 60.0",
                        "exeat_hello_bytes_sum 1551.0",
                        "exeat_dials_total{result=\"connected\"} 3.0",
                        "exeat_dials_total{result=\"failed\"} 0.0",
                        "exeat_tunnel_seconds_count 2")
                .noneMatch(sample -> sample.startsWith("exeat_handshake_seconds_count") && !sample.endsWith(" 0"));
    }

    @Test
    void counts_the_workload_proxys_connections() {
        metrics.workloadEnded(ListenerKind.WORKLOAD, null, 3, 4);
        metrics.workloadEnded(ListenerKind.WORKLOAD, Reason.GATEWAY_UNREACHABLE, 0, 0);
        metrics.workloadEnded(ListenerKind.WORKLOAD, Reason.GATEWAY_DENIED, 0, 0);

        assertThat(samples())
                .contains(
                        "exeat_connections_total{listener=\"workload\",reason=\"\",verdict=\"allowed\"} 1.0",
                        "exeat_connections_total{listener=\"workload\",reason=\"gateway_unreachable\","
                                + "verdict=\"failed\"} 1.0",
                        "exeat_connections_total{listener=\"workload\",reason=\"gateway_denied\","
                                + "verdict=\"denied\"} 1.0",
                        "exeat_bytes_total{direction=\"sent\"} 4.0");
    }

    @Test
    void times_are_seconds_and_cached_names_have_none() {
        metrics.handshake("established", 2_500_000);
        metrics.resolved("network", 500_000_000);
        metrics.resolved("cache", 0);

        assertThat(samples())
                .contains(
                        "exeat_handshake_seconds_sum 0.0025",
                        "exeat_handshakes_total{result=\"established\"} 1.0",
                        "exeat_dns_queries_total{result=\"cache\"} 1.0",
                        "exeat_dns_seconds_count 1",
                        "exeat_dns_seconds_sum 0.5");
    }

    @Test
    void a_new_policy_takes_the_place_of_the_one_before() {
        metrics.inForce("old", 1);
        metrics.inForce("new", 2);

        assertThat(samples().filter(sample -> sample.startsWith("exeat_policy_info")))
                .containsExactly("exeat_policy_info{digest=\"new\"} 1");
        assertThat(samples()).contains("exeat_snapshot_timestamp_seconds 2.0");
    }

    @Test
    void what_has_no_policy_shows_no_time_of_it() {
        assertThat(samples()).noneMatch(sample -> sample.startsWith("exeat_snapshot_timestamp_seconds"));
    }

    @Test
    void what_alerts_wait_for_shows_before_it_happens() {
        metrics.showAbuse(Stream.of("reset"));

        assertThat(samples())
                .contains(
                        "exeat_would_deny_total{reason=\"policy_denied\"} 0.0",
                        "exeat_would_deny_total{reason=\"policy_error\"} 0.0",
                        "exeat_h2_abuse_total{kind=\"reset\"} 0.0");
    }

    @Test
    void listeners_show_their_open_connections_side_by_side() {
        metrics.showActive(ListenerKind.TUNNEL, () -> 3);
        metrics.showActive(ListenerKind.WORKLOAD, () -> 4);

        assertThat(samples())
                .contains(
                        "exeat_connections_active{listener=\"tunnel\"} 3.0",
                        "exeat_connections_active{listener=\"workload\"} 4.0");
    }

    @Test
    @Case({"D35", "K19"})
    void no_name_from_the_network_makes_a_series() {
        for (int i = 0; i < 100_000; i++) {
            metrics.ended(ListenerKind.TUNNEL, Records.hostile("n" + i + ".test"));
        }

        assertThat(scrape()).doesNotContain("n99999").hasSizeLessThan(64 * 1024);
    }

    @Test
    @Case({"D35", "K19"})
    void names_have_series_up_to_a_number_and_the_others_are_one() {
        for (int i = 0; i < 100_000; i++) {
            named.ended(ListenerKind.TUNNEL, Records.to("n" + i + ".test"));
        }

        assertThat(samples(named))
                .contains(
                        "exeat_host_connections_total{host=\"n9.test\",verdict=\"denied\"} 1.0",
                        "exeat_host_connections_total{host=\"other\",verdict=\"denied\"} 99990.0",
                        "exeat_host_bytes_total{direction=\"sent\",host=\"n0.test\"} 20.0",
                        "exeat_identity_connections_total{identity=\"spiffe://cluster.local/ns/default/sa/sleep-us\","
                                + "verdict=\"denied\"} 100000.0",
                        "exeat_metrics_folded_total{label=\"host\"} 99990.0",
                        "exeat_metrics_folded_total{label=\"identity\"} 0.0")
                .noneMatch(sample -> sample.contains("n10.test"));
        assertThat(scrape(named)).hasSizeLessThan(128 * 1024);
    }

    @Test
    void names_that_are_none_count_as_unknown() {
        named.ended(ListenerKind.TUNNEL, Records.least());
        named.ended(ListenerKind.TUNNEL, Records.refused("a\"b\n.test"));
        named.ended(ListenerKind.TUNNEL, Records.refused("OTHER.test"));

        assertThat(samples(named))
                .contains(
                        "exeat_host_connections_total{host=\"unknown\",verdict=\"failed\"} 2.0",
                        "exeat_host_connections_total{host=\"other.test\",verdict=\"failed\"} 1.0",
                        "exeat_identity_connections_total{identity=\"unknown\",verdict=\"failed\"} 3.0");
    }

    @Test
    void shows_what_istio_shows_when_asked() {
        ConnectionRecord carried = Records.record(Verdict.ALLOWED, null, "a.test");
        named.opened(carried);
        named.ended(ListenerKind.TUNNEL, carried);
        named.ended(ListenerKind.TUNNEL, Records.to("b.test"));

        assertThat(samples(named).filter(sample -> sample.startsWith("istio_tcp_")))
                .anyMatch(sample -> sample.startsWith("istio_tcp_connections_opened_total{")
                        && sample.contains("destination_service=\"en.wikipedia.org\"")
                        && sample.contains("source_principal=\"spiffe://cluster.local/ns/default/sa/sleep-us\"")
                        && sample.contains("source_workload_namespace=\"default\"")
                        && sample.contains("source_app=\"unknown\"")
                        && sample.contains("request_protocol=\"tcp\"")
                        && sample.endsWith("} 1.0"))
                .anyMatch(sample -> sample.startsWith("istio_tcp_connections_closed_total{")
                        && sample.contains("destination_service_name=\"b.test\"")
                        && sample.contains("response_flags=\"UAEX\""))
                .anyMatch(sample -> sample.startsWith("istio_tcp_sent_bytes_total{") && sample.endsWith("} 20.0"))
                .anyMatch(sample -> sample.startsWith("istio_tcp_received_bytes_total{") && sample.endsWith("} 10.0"));
    }

    @Test
    void a_connection_that_opens_and_ends_is_folded_once() {
        Metrics narrow = new Metrics("1.2.3", new SeriesOptions(1, true), System::nanoTime);
        narrow.ended(ListenerKind.TUNNEL, Records.to("first.test"));
        ConnectionRecord carried = Records.record(Verdict.ALLOWED, null, "a.test");
        narrow.opened(carried);
        narrow.ended(ListenerKind.TUNNEL, carried);

        assertThat(samples(narrow))
                .contains(
                        "exeat_metrics_folded_total{label=\"host\"} 1.0",
                        "exeat_metrics_folded_total{label=\"istio\"} 1.0")
                .anyMatch(sample -> sample.startsWith("istio_tcp_connections_opened_total{")
                        && sample.contains("destination_service=\"other\"")
                        && sample.endsWith("} 1.0"));
    }

    @Test
    void each_scrape_gets_the_format_that_it_accepts() {
        String prometheus = "application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;"
                + "encoding=delimited,application/openmetrics-text;version=1.0.0;q=0.8,text/plain;version=0.0.4;q=0.5";

        assertThat(metrics.scrape(prometheus).contentType()).startsWith("application/vnd.google.protobuf");
        Exposition open = metrics.scrape("application/openmetrics-text;version=1.0.0,text/plain;q=0.5");
        assertThat(open.contentType()).startsWith("application/openmetrics-text; version=1.0.0");
        assertThat(new String(open.body(), StandardCharsets.UTF_8)).endsWith("# EOF\n");
        assertThat(metrics.scrape("*/*").contentType()).startsWith("text/plain; version=0.0.4");
    }

    @Test
    void all_listeners_verdicts_and_reasons_together_stay_bounded() {
        useEverything(metrics);
        for (ListenerKind listener : ListenerKind.values()) {
            for (Verdict verdict : Verdict.values()) {
                for (Reason reason : Reason.values()) {
                    metrics.ended(listener, Records.record(verdict, reason, "a.test"));
                    metrics.workloadEnded(ListenerKind.WORKLOAD, reason, 0, 0);
                }
            }
        }

        assertThat(samples().count()).isLessThan(SERIES_LIMIT);
        assertThat(metrics.scrape("").body()).hasSizeLessThan(1_000_000);
    }
}
