package dev.exeat.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.exeat.testkit.BackgroundProcess;
import dev.exeat.testkit.Case;
import dev.exeat.testkit.Command;
import dev.exeat.testkit.CommandRun;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SSLSocket;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.ObjectMapper;

/** Running it: health, metrics, signals, locks, files, and what people type wrongly. */
class OperationsIT {
    private static final Duration LIMIT = Duration.ofSeconds(15);

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

    private CommandRun page() {
        return mesh.curl("--connect-to", "::" + mesh.gateway.at("plain"), "https://en.wikipedia.org/page")
                .run();
    }

    private void signal(String name) {
        Command.of("kill", "-" + name, String.valueOf(mesh.gateway.process().pid()))
                .run();
    }

    @Test
    @Case("R14")
    void health_metrics_and_the_ready_file_tell_the_truth() throws Exception {
        start("--log-format", "json");
        assertThat(page().exitCode()).isZero();
        assertThat(mesh.curlAs("sleep", "https://en.wikipedia.org/page").exitCode())
                .isZero();
        mesh.curlAs("sleep", "https://unknown.test/");

        assertThat(Mesh.get(mesh.gateway, "/livez").stdout()).endsWith("200");
        assertThat(Mesh.get(mesh.gateway, "/readyz").stdout()).endsWith("200");
        assertThat(Mesh.get(mesh.gateway, "/nothing").stdout()).endsWith("404");
        Awaitility.await()
                .atMost(LIMIT)
                .untilAsserted(
                        () -> assertThat(Mesh.metrics(mesh.gateway))
                                .contains(
                                        "exeat_connections_total{listener=\"plain\",reason=\"\",verdict=\"allowed\"} 1")
                                .contains(
                                        "exeat_connections_total{listener=\"tunnel\",reason=\"\",verdict=\"allowed\"} 1")
                                .contains(
                                        "exeat_connections_total{listener=\"tunnel\",reason=\"host_unknown\",verdict=\"denied\"} 1"));
        String metrics = Mesh.metrics(mesh.gateway);
        String reference = Files.readString(Path.of("..", "docs", "metrics.md"));
        for (String family : List.of(
                "exeat_bytes_total",
                "exeat_handshakes_total",
                "exeat_dns_seconds",
                "exeat_dials_total",
                "exeat_dial_seconds",
                "exeat_policy_info",
                "exeat_snapshot_timestamp_seconds",
                "exeat_log_dropped_total")) {
            assertThat(metrics).contains("# TYPE " + family + " ");
            assertThat(reference).contains("`" + family + "`");
        }

        String ready = Files.readString(mesh.data().resolve("ready.json"));
        assertThat(ready.strip()).isEqualTo(mesh.gateway.ready().substring("ready ".length()));
        for (String key : List.of("tunnel", "plain", "api", "admin")) {
            assertThat(mesh.gateway.address(key).getPort()).isPositive();
        }
        List<String> log = mesh.gateway.process().stderr().stream()
                .filter(line -> !line.startsWith("ready "))
                .toList();
        ObjectMapper json = new ObjectMapper();
        assertThat(log)
                .isNotEmpty()
                .allSatisfy(line -> assertThat(json.readTree(line).isObject()).isTrue());
    }

    @Test
    @Case("C11")
    void secrets_are_their_owners_alone() throws Exception {
        start();
        try (var files = Files.walk(mesh.data())) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                if (file.getFileName().toString().contains("key")
                        || file.toString().endsWith(".jsonl")) {
                    assertThat(Files.getPosixFilePermissions(file))
                            .as(file.toString())
                            .isEqualTo(PosixFilePermissions.fromString("rw-------"));
                }
            }
        }
        assertThat(Files.getPosixFilePermissions(mesh.data())).isEqualTo(PosixFilePermissions.fromString("rwx------"));
    }

    @Test
    @Case("L08")
    void no_log_and_no_record_holds_a_secret() throws Exception {
        start();
        assertThat(mesh.curlAs("sleep", "https://en.wikipedia.org/page").exitCode())
                .isZero();
        mesh.curlAs("sleep", "https://unknown.test/");
        Path forged = directory.resolve("forged.token");
        String token = Files.readString(mesh.token("sleep", "default")).strip();
        Program.write(forged, token.substring(0, token.length() - 9) + "AAAAAAAAA");
        Program.exeat(
                        "svid",
                        "fetch",
                        "--out",
                        directory.resolve("out").toString(),
                        "--server",
                        "https://" + mesh.gateway.at("api"),
                        "--ca-file",
                        mesh.data().resolve("bundle.pem").toString(),
                        "--token-file",
                        forged.toString())
                .run();

        String all = String.join("\n", mesh.gateway.process().stderr())
                + String.join("\n", mesh.gateway.process().stdout())
                + String.join("\n", mesh.proxy("sleep").process().stderr())
                + mesh.records();
        assertThat(all)
                .isNotEmpty()
                .doesNotContain("PRIVATE KEY")
                .doesNotContain(token.substring(token.lastIndexOf('.') + 1, token.length() - 9))
                .doesNotContain(token.substring(0, token.lastIndexOf('.')));
    }

    @Test
    void a_second_up_on_the_same_directory_says_who_holds_it() {
        start();
        CommandRun second =
                Program.exeat("up", "--data-dir", mesh.data().toString()).run();

        assertThat(second.exitCode()).isEqualTo(1);
        assertThat(second.stderr())
                .contains("in use by process " + mesh.gateway.process().pid())
                .doesNotContain("\tat ");
        assertThat(page().exitCode()).isZero();
        assertThat(mesh.data().resolve("ready.json")).exists();
    }

    @Test
    void a_port_in_use_is_told_with_its_flag() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String address = "127.0.0.1:" + taken.getLocalPort();
            for (String flag : List.of("--tunnel", "--plain", "--api", "--admin")) {
                List<String> words = new ArrayList<>(
                        List.of("up", "--data-dir", directory.resolve("d").toString()));
                for (String other : List.of("--tunnel", "--api", "--admin")) {
                    words.addAll(List.of(other, other.equals(flag) ? address : "127.0.0.1:0"));
                }
                if (flag.equals("--plain")) {
                    words.addAll(List.of("--plain", address));
                }
                CommandRun run = Program.exeat(words.toArray(String[]::new)).run();

                assertThat(run.exitCode()).as(run.toString()).isEqualTo(1);
                assertThat(run.stderr())
                        .as(flag)
                        .contains(String.valueOf(taken.getLocalPort()))
                        .containsIgnoringCase("in use")
                        .doesNotContain("\tat ");
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "up --tunel 127.0.0.1:0, --tunnel",
        "up --drain soon, --drain",
        "gateway --tunnel nowhere, --tunnel",
        "proxy --listen 127.0.0.1:0, --server",
        "upp, up",
        "token create, NAME",
        "up --enforcement maybe, enforce"
    })
    void what_is_typed_wrongly_is_told_with_the_cure_and_exit_code_2(String line, String hint) {
        CommandRun run = Program.exeat(line.split(" ")).run();

        assertThat(run.exitCode()).as(run.toString()).isEqualTo(2);
        assertThat(run.stderr()).contains(hint).doesNotContain("\tat ");
        assertThat(run.stdout()).isEmpty();
    }

    @Test
    @Case("R03")
    void sigterm_lets_an_open_download_end_refuses_new_connections_and_exits_0() throws Exception {
        start("--drain", "30s");
        Path file = directory.resolve("slow.bin");
        BackgroundProcess download = mesh.curl(
                        "--limit-rate",
                        "4M",
                        "-o",
                        file.toString(),
                        "--connect-to",
                        "::" + mesh.gateway.at("plain"),
                        "https://de.wikipedia.org/bytes/12000000")
                .start();
        Awaitility.await().atMost(LIMIT).until(() -> Files.exists(file) && Files.size(file) > 100_000);

        signal("TERM");

        Awaitility.await().atMost(LIMIT).until(() -> page().exitCode() == 7);
        assertThat(mesh.gateway.process().isAlive()).isTrue();
        assertThat(download.awaitExit(Duration.ofSeconds(30))).isZero();
        assertThat(Files.size(file)).isEqualTo(12_000_000);
        assertThat(mesh.gateway.process().awaitExit(LIMIT)).isZero();
        assertThat(mesh.data().resolve("ready.json")).doesNotExist();
    }

    @Test
    void at_the_end_of_the_drain_what_is_open_is_cut_and_said() throws Exception {
        start("--drain", "500ms");
        try (Socket tcp = new Socket(
                        mesh.gateway.address("plain").getAddress(),
                        mesh.gateway.address("plain").getPort());
                SSLSocket tls = (SSLSocket)
                        mesh.pki.clientContext().getSocketFactory().createSocket(tcp, "en.wikipedia.org", 443, true)) {
            tls.startHandshake();
            signal("TERM");

            assertThat(mesh.gateway.process().awaitExit(LIMIT)).isZero();
            tls.setSoTimeout(5_000);
            assertThat(ended(tls.getInputStream())).isTrue();
        }
        assertThat(String.join("\n", mesh.gateway.process().stderr())).contains("cut");
        assertThat(mesh.recordOf("en.wikipedia.org").get("flag").asString()).isEqualTo("cut");
    }

    private static boolean ended(InputStream in) {
        try {
            return in.read() < 0;
        } catch (java.net.SocketTimeoutException e) {
            return false;
        } catch (java.io.IOException e) {
            return true;
        }
    }

    @Test
    @Case("R01")
    void after_kill_9_it_starts_again_with_the_same_root_and_old_certificates_hold() throws Exception {
        start();
        Path svid = mesh.svid("sleep");
        String root = Files.readString(mesh.data().resolve("bundle.pem"));
        long issued = Files.lines(ledger()).count();
        mesh.gateway.process().kill();
        mesh.gateway.process().awaitExit(LIMIT);
        assertThat(mesh.data().resolve("lock")).exists();

        try (Program.Running again =
                mesh.another("up", "--data-dir", mesh.data().toString(), "--api", "127.0.0.1:0")) {
            assertThat(Files.readString(mesh.data().resolve("bundle.pem"))).isEqualTo(root);
            assertThat(Files.lines(ledger()).count()).isGreaterThan(issued);
            CommandRun run = mesh.curl(
                            "--proxy",
                            "https://" + again.at("tunnel"),
                            "--proxy-cert",
                            svid.resolve("svid.pem").toString(),
                            "--proxy-key",
                            svid.resolve("key.pem").toString(),
                            "--proxy-cacert",
                            svid.resolve("bundle.pem").toString(),
                            "https://en.wikipedia.org/page")
                    .run();
            assertThat(run.exitCode()).as(run.toString()).isZero();
        }
    }

    private Path ledger() {
        return mesh.data().resolve("ledger.jsonl");
    }

    @Test
    void a_record_file_that_cannot_be_opened_stops_the_start_with_its_name() {
        Path blocker = directory.resolve("a-file");
        Program.write(blocker, "no directory");
        CommandRun run = Program.exeat(
                        "up",
                        "--data-dir",
                        directory.resolve("d").toString(),
                        "--record-log",
                        blocker.resolve("records").toString())
                .run();

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.stderr())
                .contains("a-file/records")
                .contains("--record-log")
                .doesNotContain("\tat ");
    }

    @Test
    void a_plain_http_request_to_the_tunnel_gets_no_service_and_breaks_nothing() throws Exception {
        start();
        try (Socket socket = new Socket(
                mesh.gateway.address("tunnel").getAddress(),
                mesh.gateway.address("tunnel").getPort())) {
            socket.setSoTimeout(5_000);
            socket.getOutputStream().write("GET / HTTP/1.1\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
            assertThat(answer).doesNotContain("200 OK");
        }
        assertThat(page().exitCode()).isZero();
    }
}
