package dev.exeat.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.exeat.it.Monitoring.PanelQuery;
import dev.exeat.testkit.ClientHelloBuilder;
import dev.exeat.testkit.Command;
import dev.exeat.testkit.CommandRun;
import dev.exeat.testkit.HelloCases;
import dev.exeat.testkit.HostileClient;
import dev.exeat.testkit.Outcome;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/**
 * A gateway with real traffic, scraped by two real Prometheus servers: one that takes native histograms, and one that
 * takes text as most do. The dashboards and alerts must work with both.
 */
@Timeout(120)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PrometheusIT {
    private static final Duration LIMIT = Duration.ofSeconds(10);

    /** Of metrics that do not show here, or not for long: there is no server, no proxy, and no limit is reached. */
    private static final Set<String> QUIET = Set.of(
            "exeat_shadow_decisions_total",
            "exeat_server_connected",
            "exeat_server_objects_age_seconds",
            "exeat_dns_responses_total",
            "exeat_limit_hits_total");

    private static final List<String> HISTOGRAMS = List.of(
            "exeat_handshake_seconds",
            "exeat_decision_seconds",
            "exeat_dns_seconds",
            "exeat_dial_seconds",
            "exeat_tunnel_seconds",
            "exeat_hello_bytes");

    private final List<String> collected = new CopyOnWriteArrayList<>();
    private HttpServer collector;
    private Rig rig;
    private Prometheus withNative;
    private Prometheus withText;

    @BeforeAll
    void start(@TempDir Path directory) throws Exception {
        Path program = Tools.find("prometheus");
        assumeTrue(
                program != null && Tools.find("promtool") != null,
                "Prometheus is not installed: apt-get install prometheus");
        collector = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        collector.createContext("/v1/metrics", this::collect);
        collector.start();
        Path shadow = directory.resolve("shadow");
        Program.write(shadow.resolve("denied.yaml"), """
                apiVersion: networking.istio.io/v1
                kind: ServiceEntry
                metadata: {name: denied, namespace: istio-system}
                spec: {hosts: [priv.test], ports: [{number: 443, name: tls, protocol: TLS}], resolution: DNS}
                """);
        rig = Rig.start(
                directory,
                "--shadow",
                shadow.toString(),
                "--istio-metrics",
                "--otlp-metrics=http://127.0.0.1:" + collector.getAddress().getPort(),
                "--otlp-metrics-interval=1s");
        withNative = Prometheus.start(
                program,
                directory.resolve("native"),
                rig.gateway.address("admin"),
                "--enable-feature=native-histograms");
        withText = Prometheus.start(program, directory.resolve("text"), rig.gateway.address("admin"));
        for (Prometheus prometheus : List.of(withNative, withText)) {
            // Rates begin with a scrape of before.
            prometheus.awaitTrue("exeat_build_info");
        }
        visit();
        for (Prometheus prometheus : List.of(withNative, withText)) {
            prometheus.awaitTrue("sum(exeat_connections_total) == 5 and count_over_time(sum(up)[1m:200ms]) > 3");
        }
    }

    @AfterAll
    void stop() {
        for (AutoCloseable part : Arrays.asList(withNative, withText, rig)) {
            if (part != null) {
                assertThat(part).satisfies(AutoCloseable::close);
            }
        }
        if (collector != null) {
            collector.stop(0);
        }
    }

    private void collect(HttpExchange exchange) throws IOException {
        try (exchange) {
            byte[] body = exchange.getRequestBody().readAllBytes();
            exchange.sendResponseHeaders(200, -1);
            collected.add(exchange.getRequestHeaders().getFirst("Content-Type") + " "
                    + new String(body, StandardCharsets.ISO_8859_1));
        }
    }

    /** Two carried, one denied, one whose name there is not, and one whose upstream does not answer. */
    private void visit() throws Exception {
        for (int i = 0; i < 2; i++) {
            try (HostileClient client = rig.tunnelTo("allowed.test")) {
                assertThat(client.send(HelloCases.of("N01").octets()).outcome(LIMIT))
                        .isEqualTo(new Outcome.Forwarded());
            }
        }
        for (String host : List.of("denied.test", "nx.test", "priv.test")) {
            try (HostileClient client = rig.as("a", "http/1.1")) {
                client.connect(rig.authority(host));
                client.send(ClientHelloBuilder.to(host).records()).outcome(LIMIT);
            }
        }
        rig.settle();
    }

    @Test
    void each_panel_shows_something_with_native_histograms_and_without() throws Exception {
        for (PanelQuery query : Monitoring.panelQueries()) {
            for (Prometheus prometheus : List.of(withNative, withText)) {
                List<JsonNode> shown = prometheus.query(query.expression());
                if (Monitoring.metrics(query.expression()).stream().noneMatch(QUIET::contains)) {
                    assertThat(shown)
                            .as("%s: %s", query.where(), query.expression())
                            .isNotEmpty();
                }
            }
        }
    }

    @Test
    void the_panel_of_the_shadow_shows_what_it_says_otherwise_and_nothing_else() throws Exception {
        String expression = Monitoring.panelQueries().stream()
                .filter(query -> query.where().endsWith("Policies that look on"))
                .map(query -> query.expression().replace("[1m]", "[10m]"))
                .findFirst()
                .orElseThrow();

        assertThat(withText.query("exeat_shadow_decisions_total{live=\"denied\",shadow=\"denied\"} > 0"))
                .isNotEmpty();
        assertThat(withText.query(expression))
                .extracting(shown -> shown.at("/metric/live").asString("") + ", shadow "
                        + shown.at("/metric/shadow").asString(""))
                .containsExactly("allowed, shadow denied");
    }

    @Test
    void each_alert_can_be_evaluated_and_names_metrics_that_there_are() {
        Set<String> names = new TreeSet<>(withText.names());
        names.addAll(QUIET);
        for (Prometheus prometheus : List.of(withNative, withText)) {
            prometheus.awaitTrue("count(ALERTS) or vector(1)");
            List<JsonNode> rules = prometheus
                    .ask("/api/v1/rules")
                    .path("groups")
                    .path(0)
                    .path("rules")
                    .valueStream()
                    .toList();
            assertThat(rules).hasSizeGreaterThan(10).allSatisfy(rule -> {
                assertThat(rule.path("lastError").asString("")).isEmpty();
                assertThat(prometheus.query(rule.path("query").asString())).isNotNull();
                assertThat(names)
                        .containsAll(Monitoring.metrics(rule.path("query").asString()));
            });
        }
    }

    @Test
    void histograms_are_native_where_they_can_be_and_have_buckets_elsewhere() {
        for (String histogram : HISTOGRAMS) {
            JsonNode found =
                    withNative.query(histogram).getFirst().path("histogram").path(1);
            assertThat(found.path("buckets").size()).as(histogram).isPositive();
            assertThat(withText.query(histogram + "_bucket")).as(histogram).isNotEmpty();
        }
        for (Prometheus prometheus : List.of(withNative, withText)) {
            assertThat(prometheus.value("histogram_quantile(0.5, sum(rate(exeat_decision_seconds[1m])))"
                            + " or histogram_quantile(0.5, sum by (le) (rate(exeat_decision_seconds_bucket[1m])))"))
                    .isBetween(0.0, 1.0);
        }
    }

    @Test
    void who_went_where_is_counted() {
        String sent = "istio_tcp_sent_bytes_total{destination_service=\"allowed.test\",response_flags=\"-\"}";
        for (Prometheus prometheus : List.of(withNative, withText)) {
            assertThat(prometheus.value("exeat_host_connections_total{host=\"allowed.test\",verdict=\"allowed\"}"))
                    .isEqualTo(2);
            assertThat(prometheus.value("sum(exeat_identity_connections_total{identity=~\"spiffe://rig.test/.*\"})"))
                    .isEqualTo(5);
            assertThat(prometheus.value("sum(exeat_host_bytes_total{host=\"allowed.test\",direction=\"sent\"})"
                            + " == sum(" + sent + ")"))
                    .isPositive();
        }
    }

    @Test
    void a_collector_gets_the_same_at_intervals() {
        await().atMost(LIMIT)
                .untilAsserted(() -> assertThat(collected)
                        .hasSizeGreaterThan(1)
                        .anySatisfy(request -> assertThat(request)
                                .startsWith("application/x-protobuf ")
                                .contains("exeat_host_connections", "allowed.test", "service.instance.id")));
        assertThat(withText.value("exeat_otlp_exports_total{result=\"ok\"}")).isPositive();
    }

    @Test
    void alerts_fire_when_they_should_and_not_before() {
        for (List<String> words :
                List.of(List.of("check", "config", "prometheus.yaml"), List.of("test", "rules", "alerts_test.yaml"))) {
            CommandRun run = Command.of("promtool")
                    .with(words.toArray(String[]::new))
                    .in(Prometheus.DEPLOY.resolve("prometheus"))
                    .run();
            assertThat(run.exitCode()).as(run.toString()).isZero();
        }
    }
}
