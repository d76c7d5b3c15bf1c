package dev.exeat.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.exeat.testkit.Command;
import dev.exeat.testkit.CommandRun;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The workload's side when things go wrong: it never goes out another way. */
class WorkloadProxyIT {
    private static final Duration LIMIT = Duration.ofSeconds(30);

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

    private CommandRun page(Program.Running proxy) {
        return mesh.curl("https://en.wikipedia.org/page")
                .env("https_proxy", "http://" + proxy.at("listen"))
                .run();
    }

    private Program.Running gateway(String name) {
        return mesh.another(
                "gateway",
                "--svid-dir",
                mesh.svid("exeat-gateway", "exeat-system").toString(),
                "--data-dir",
                directory.resolve(name).toString());
    }

    @Test
    void without_a_gateway_the_answer_is_503_and_nothing_goes_out() throws Exception {
        start();
        int free;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            free = socket.getLocalPort();
        }
        try (Program.Running proxy = mesh.startProxy("sleep", "127.0.0.1:" + free)) {
            CommandRun run = page(proxy);

            assertThat(run.exitCode()).isEqualTo(56);
            assertThat(run.stderr()).contains("503");
            assertThat(mesh.site.requests()).isEmpty();
            assertThat(Mesh.get(proxy, "/readyz").stdout()).endsWith("503");
        }
    }

    @Test
    void the_next_gateway_takes_over_when_the_first_dies_and_it_comes_back_by_itself() throws Exception {
        start();
        try (Program.Running first = gateway("g1");
                Program.Running second = gateway("g2");
                Program.Running proxy = mesh.startProxy("sleep", first.at("tunnel") + "," + second.at("tunnel"))) {
            assertThat(page(proxy).exitCode()).isZero();
            first.process().kill();
            first.process().awaitExit(LIMIT);

            Awaitility.await().atMost(LIMIT).until(() -> page(proxy).exitCode() == 0);

            second.process().kill();
            second.process().awaitExit(LIMIT);
            assertThat(page(proxy).stderr()).contains("503");
        }
    }

    @Test
    void a_gateway_with_another_identity_is_refused() throws Exception {
        start();
        try (Program.Running proxy = mesh.startProxy(
                "sleep",
                mesh.gateway.at("tunnel"),
                "--gateway-id",
                "spiffe://cluster.local/ns/exeat-system/sa/another")) {
            assertThat(page(proxy).stderr()).contains("503");
            assertThat(mesh.site.requests()).isEmpty();
        }
    }

    @Test
    void a_renewed_certificate_does_not_drop_an_open_tunnel() throws Exception {
        start("--svid-ttl", "1m");
        Program.Running proxy = mesh.proxy("sleep");
        Path ledger = ledger();
        long before = issuedTo("sleep", ledger);
        Process download = curlInBackground(proxy);
        try {
            Awaitility.await().atMost(Duration.ofSeconds(55)).until(() -> issuedTo("sleep", ledger) > before);
            assertThat(page(proxy).exitCode()).isZero();
            assertThat(download.waitFor()).isZero();
        } finally {
            download.destroyForcibly();
        }
    }

    /** A download of 50 seconds: longer than it takes to renew a certificate of one minute. */
    private Process curlInBackground(Program.Running proxy) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(
                "curl",
                "-sS",
                "--cacert",
                directory.resolve("root.pem").toString(),
                "--limit-rate",
                "200k",
                "-o",
                "/dev/null",
                "https://de.wikipedia.org/bytes/10000000");
        builder.environment().put("https_proxy", "http://" + proxy.at("listen"));
        return builder.inheritIO().start();
    }

    private Path ledger() {
        return mesh.data().resolve("ledger.jsonl");
    }

    private static long issuedTo(String account, Path ledger) throws IOException {
        try (var lines = Files.lines(ledger)) {
            return lines.filter(line -> line.contains("/sa/" + account + "\"")).count();
        }
    }

    @Test
    void a_name_other_than_the_one_of_the_connect_does_not_leave_the_host() throws Exception {
        start();
        Program.Running proxy = mesh.proxy("sleep");
        String script = """
                import socket, ssl, sys
                host, port, root = sys.argv[1:4]
                s = socket.create_connection((host, int(port)))
                s.sendall(b'CONNECT en.wikipedia.org:443 HTTP/1.1\\r\\nHost: en.wikipedia.org:443\\r\\n\\r\\n')
                assert b'200' in s.recv(4096)
                try:
                    ssl.create_default_context(cafile=root).wrap_socket(s, server_hostname='de.wikipedia.org')
                    print('carried')
                except ssl.SSLError as e:
                    print(e.reason)
                """;

        CommandRun run = Command.of(
                        "python3",
                        "-c",
                        script,
                        "127.0.0.1",
                        String.valueOf(proxy.address("listen").getPort()),
                        directory.resolve("root.pem").toString())
                .run();

        assertThat(run.stdout()).as(run.toString()).contains("ACCESS_DENIED");
        assertThat(mesh.site.requests()).isEmpty();
    }

    @Test
    void a_token_that_nobody_knows_is_told_at_the_start() {
        start();
        Path token = directory.resolve("bad.token");
        Program.write(token, "nonsense\n");
        List<String> words = new ArrayList<>(List.of(
                "proxy",
                "--server",
                "https://" + mesh.gateway.at("api"),
                "--ca-file",
                mesh.data().resolve("bundle.pem").toString(),
                "--token-file",
                token.toString(),
                "--gateway",
                mesh.gateway.at("tunnel"),
                "--listen",
                "127.0.0.1:0",
                "--admin",
                "127.0.0.1:0"));

        CommandRun run = Program.exeat(words.toArray(String[]::new)).run();

        assertThat(run.exitCode()).as(run.toString()).isEqualTo(1);
        assertThat(run.stderr()).contains("token").doesNotContain("\tat ");
    }

    @Test
    void a_gateway_elsewhere_gets_its_identity_with_a_token() throws Exception {
        start();
        String[] enrolment = mesh.enrolmentOf("exeat-gateway", "exeat-system");
        List<String> flags = new ArrayList<>(List.of(enrolment));
        flags.addAll(List.of("--data-dir", directory.resolve("elsewhere").toString()));
        try (Program.Running elsewhere = mesh.another("gateway", flags.toArray(String[]::new));
                Program.Running proxy = mesh.startProxy("sleep-us", elsewhere.at("tunnel"))) {
            assertThat(page(proxy).exitCode()).isZero();
        }
    }
}
