package dev.exeat.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.InputFormat;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import dev.exeat.testkit.Case;
import dev.exeat.testkit.CommandRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/**
 * The story that Exeat reproduces: log entries for a wildcard host, a block of one site, and policies by service
 * account, with real curl through real workload proxies.
 */
class PageIT {
    private static final Path SAMPLES = Path.of("..", "samples", "sleep");
    private static final Path LOGGING = SAMPLES.resolve("telemetry/sni-logging.yaml");
    private static final Path BLOCK = SAMPLES.resolve("policy/sni-wikipedia.yaml");
    private static final Path BY_ACCOUNT = SAMPLES.resolve("policy/sni-serviceaccount.yaml");

    @TempDir
    private Path directory;

    private Mesh mesh;

    private void start(String... flags) {
        mesh = Mesh.start(directory, flags);
    }

    @AfterEach
    void stop() {
        if (mesh != null) {
            mesh.close();
        }
    }

    private CommandRun page(String account, String site) {
        return mesh.curlAs(account, "https://" + site + ".wikipedia.org/page");
    }

    private boolean reaches(String account, String site) {
        return page(account, site).exitCode() == 0;
    }

    private List<String> logLines() {
        return mesh.gateway.process().stdout().stream()
                .filter(line -> line.contains("egress-access"))
                .toList();
    }

    @Test
    @Case("Y01")
    void each_connection_is_logged_as_mixer_did_to_the_byte() {
        start();
        mesh.apply(LOGGING);
        assertThat(reaches("sleep", "en")).isTrue();
        assertThat(reaches("sleep-us", "de")).isTrue();

        Awaitility.await().until(() -> logLines().size() == 2);
        String time = "\"time\":\"\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{6}Z\"";
        assertThat(logLines().getFirst())
                .matches("\\{\"level\":\"info\"," + time + ",\"instance\":\"egress-access\\.instance\\.istio-system\","
                        + "\"connectionEvent\":\"open\",\"destinationApp\":\"\","
                        + "\"requestedServerName\":\"en\\.wikipedia\\.org\","
                        + "\"source\":\"istio-egressgateway-with-sni-proxy\",\"sourceNamespace\":\"default\","
                        + "\"sourcePrincipal\":\"cluster\\.local/ns/default/sa/sleep\","
                        + "\"sourceWorkload\":\"istio-egressgateway-with-sni-proxy\"\\}");
        assertThat(logLines().getLast())
                .contains("\"requestedServerName\":\"de.wikipedia.org\"")
                .contains("\"sourcePrincipal\":\"cluster.local/ns/default/sa/sleep-us\"");
    }

    @Test
    @Case("Y05")
    void a_blocked_site_ends_curl_with_35_or_tells_why_by_403_and_the_upstream_sees_nothing() {
        start();
        mesh.apply(BLOCK);
        assertThat(reaches("sleep", "es")).isTrue();
        int requests = mesh.site.requests().size();

        CommandRun told = page("sleep", "en");
        assertThat(told.exitCode()).isEqualTo(56);
        assertThat(told.stderr()).contains("403");
        JsonNode record = mesh.recordOf("en.wikipedia.org");
        assertThat(record.get("reason").asString()).isEqualTo("policy_denied");
        assertThat(record.get("message").asString())
                .isEqualTo("PERMISSION_DENIED:wikipedia-checker.istio-system:en.wikipedia.org is blacklisted");
        assertThat(record.get("rule").get("name").asString()).isEqualTo("check-wikipedia-access");

        CommandRun body = mesh.curl(
                        "-X",
                        "CONNECT",
                        "--request-target",
                        "en.wikipedia.org:443",
                        "-H",
                        "Host: en.wikipedia.org:443",
                        "http://" + mesh.proxy("sleep").at("listen") + "/")
                .run();
        assertThat(body.stdout())
                .contains("\"reason\":\"policy_denied\"")
                .contains("check-wikipedia-access")
                .contains("\"decision_id\"");

        try (Program.Running alerting = mesh.startProxy("sleep-us", mesh.gateway.at("tunnel"), "--on-deny", "alert")) {
            CommandRun alerted = mesh.curl("https://en.wikipedia.org/page")
                    .env("https_proxy", "http://" + alerting.at("listen"))
                    .run();
            assertThat(alerted.exitCode()).as(alerted.toString()).isEqualTo(35);
        }
        CommandRun plain = mesh.curl("--connect-to", "::" + mesh.gateway.at("plain"), "https://en.wikipedia.org/page")
                .run();
        assertThat(plain.exitCode()).isEqualTo(35);
        assertThat(mesh.site.requests()).hasSize(requests);
    }

    @Test
    @Case({"Y01", "Y02"})
    void service_accounts_reach_what_their_own_lists_name() throws Exception {
        start();
        mesh.apply(BY_ACCOUNT);

        assertThat(matrix())
                .isEqualTo(Map.of(
                        "sleep", List.of("en", "de", "es", "fr"),
                        "sleep-us", List.of("en", "es"),
                        "sleep-canada", List.of("en", "fr")));

        mesh.apply(BLOCK);
        assertThat(matrix())
                .isEqualTo(Map.of(
                        "sleep", List.of("de", "es", "fr"),
                        "sleep-us", List.of("es"),
                        "sleep-canada", List.of("fr")));

        mesh.withdraw("sni-serviceaccount.yaml");
        mesh.withdraw("sni-wikipedia.yaml");
        assertThat(matrix().get("sleep-us")).isEqualTo(Mesh.SITES);
    }

    private Map<String, List<String>> matrix() {
        Map<String, List<String>> reached = new LinkedHashMap<>();
        for (String account : Mesh.ACCOUNTS) {
            List<String> sites = new ArrayList<>();
            for (String site : Mesh.SITES) {
                if (reaches(account, site)) {
                    sites.add(site);
                }
            }
            reached.put(account, sites);
        }
        return reached;
    }

    @Test
    void an_unknown_host_is_denied_and_told_what_would_admit_it() {
        start();
        CommandRun run = mesh.curl(
                        "-X",
                        "CONNECT",
                        "--request-target",
                        "www.elsewhere.test:443",
                        "-H",
                        "Host: www.elsewhere.test:443",
                        "http://" + mesh.proxy("sleep").at("listen") + "/")
                .run();

        assertThat(run.stdout()).contains("\"reason\":\"host_unknown\"").contains("ServiceEntry");
    }

    @Test
    @Case("Y24")
    void in_audit_mode_everything_passes_and_the_record_says_what_would_not() {
        start("--enforcement", "audit");
        mesh.apply(BLOCK);

        assertThat(reaches("sleep", "en")).isTrue();
        JsonNode record = mesh.recordOf("en.wikipedia.org");
        assertThat(record.get("verdict").asString()).isEqualTo("allowed");
        assertThat(record.get("would_verdict").asString()).isEqualTo("denied");
        assertThat(record.get("would_reason").asString()).isEqualTo("policy_denied");
    }

    @Test
    void with_enforcement_disabled_no_policy_is_asked() {
        start("--enforcement", "disabled");
        Mesh.copy(BLOCK, mesh.manifests().resolve("block.yaml"));

        assertThat(reaches("sleep", "en")).isTrue();
        assertThat(mesh.recordOf("en.wikipedia.org").has("would_verdict")).isFalse();
    }

    @Test
    void rules_of_another_namespace_do_not_concern_it() throws IOException {
        start();
        String elsewhere = Files.readString(BLOCK).replace("namespace: istio-system", "namespace: elsewhere");
        String here = Files.readString(BLOCK).replace("namespace: istio-system", "namespace: default");
        Program.write(mesh.manifests().resolve("elsewhere.yaml"), elsewhere);
        String before = mesh.digest();
        Program.write(mesh.manifests().resolve("here.yaml"), here.replace("en.wikipedia.org", "de.wikipedia.org"));
        mesh.awaitOtherDigest(before);

        assertThat(reaches("sleep", "en")).isTrue();
        assertThat(reaches("sleep", "de")).isFalse();
    }

    @Test
    void every_record_keeps_to_the_published_schema() throws IOException {
        start();
        mesh.apply(BY_ACCOUNT);
        page("sleep-us", "en");
        page("sleep-us", "de");
        page("sleep", "nowhere");
        mesh.recordOf("en.wikipedia.org");
        mesh.recordOf("de.wikipedia.org");
        mesh.recordOf("nowhere.wikipedia.org");

        var schema = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                .getSchema(Files.readString(Path.of("..", "docs", "record.schema.json")), InputFormat.JSON);
        assertThat(mesh.records())
                .hasSizeGreaterThanOrEqualTo(3)
                .allSatisfy(record -> assertThat(schema.validate(record.toString(), InputFormat.JSON))
                        .isEmpty());
    }
}
