package dev.exeat.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.exeat.testkit.Command;
import dev.exeat.testkit.CommandRun;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/** The tunnel listener's handshake against sslyze, a scanner that others wrote. */
class TlsScanIT {
    @TempDir
    private Path directory;

    @Test
    void only_modern_tls_is_spoken_and_no_known_attack_works() throws Exception {
        Path sslyze = Tools.find("sslyze");
        assumeTrue(sslyze != null, "sslyze is not installed: pip install sslyze");
        Path report = directory.resolve("report.json");
        try (Rig rig = Rig.start(directory)) {
            CommandRun run = Command.of(
                            sslyze.toString(),
                            "--cert",
                            rig.mint.svid("a").certificate().toString(),
                            "--key",
                            rig.mint.svid("a").key().toString(),
                            "--json_out",
                            report.toString(),
                            rig.gateway.at("tunnel"))
                    .timeout(Duration.ofMinutes(2))
                    .run();
            assertThat(report).as(run.toString()).exists();
        }
        JsonNode scan = new ObjectMapper()
                .readTree(report.toFile())
                .get("server_scan_results")
                .get(0)
                .get("scan_result");

        for (String old : List.of("ssl_2_0", "ssl_3_0", "tls_1_0", "tls_1_1")) {
            assertThat(accepted(scan, old)).as(old).isEmpty();
        }
        assertThat(accepted(scan, "tls_1_2"))
                .isNotEmpty()
                .allMatch(suite -> suite.startsWith("TLS_ECDHE_")
                        && (suite.contains("_GCM_") || suite.contains("CHACHA20_POLY1305")));
        assertThat(accepted(scan, "tls_1_3"))
                .contains("TLS_AES_128_GCM_SHA256", "TLS_AES_256_GCM_SHA384", "TLS_CHACHA20_POLY1305_SHA256");
        assertThat(result(scan, "heartbleed").get("is_vulnerable_to_heartbleed").asBoolean(true))
                .isFalse();
        assertThat(result(scan, "openssl_ccs_injection")
                        .get("is_vulnerable_to_ccs_injection")
                        .asBoolean(true))
                .isFalse();
        assertThat(result(scan, "robot").get("robot_result").asString()).startsWith("NOT_VULNERABLE");
        assertThat(result(scan, "tls_compression").get("supports_compression").asBoolean(true))
                .isFalse();
        assertThat(result(scan, "tls_fallback_scsv")
                        .get("supports_fallback_scsv")
                        .asBoolean(false))
                .isTrue();
        assertThat(result(scan, "session_renegotiation")
                        .get("is_vulnerable_to_client_renegotiation_dos")
                        .asBoolean(true))
                .isFalse();
        assertThat(result(scan, "tls_extended_master_secret")
                        .get("supports_ems_extension")
                        .asBoolean(false))
                .isTrue();
    }

    private static JsonNode result(JsonNode scan, String command) {
        return scan.get(command).get("result");
    }

    private static List<String> accepted(JsonNode scan, String version) {
        List<String> suites = new ArrayList<>();
        result(scan, version + "_cipher_suites")
                .get("accepted_cipher_suites")
                .forEach(suite ->
                        suites.add(suite.get("cipher_suite").get("name").asString()));
        return suites;
    }
}
