package dev.exeat.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.exeat.testkit.BackgroundProcess;
import dev.exeat.testkit.Case;
import dev.exeat.testkit.Command;
import dev.exeat.testkit.CommandRun;
import dev.exeat.testkit.TestPki;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Programs that know of no proxy, whose traffic the kernel redirects: real curl, real rules, a real network namespace. */
@Timeout(120)
class TransparentIT {
    private static final Duration AT_ONCE = Duration.ofSeconds(5);
    private static final String SITE = "127.0.0.1:9443";

    @TempDir
    private static Path directory;

    private static NetworkNamespace namespace;
    private static Program.Running gateway;
    private static Program.Running proxy;
    private static final List<AutoCloseable> CLOSING = new ArrayList<>();

    @BeforeAll
    static void start() throws Exception {
        assumeTrue(NetworkNamespace.isPossible(), "no network namespace with nft can be made here");
        // The user whose traffic is captured reads the root's certificate.
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
        namespace = NetworkNamespace.create();
        CLOSING.add(namespace);
        startSite();
        startGateway();
        startProxy();
        // What the counter would show of traffic that gets out.
        udp("203.0.113.1", 443);
        assertThat(namespace.left()).contains("packets 1 ");
        assertThat(namespace
                        .command(
                                "sh",
                                "-c",
                                "nft flush chain inet watch leaving && nft add rule inet watch leaving"
                                        + " oifname out0 meta skuid " + NetworkNamespace.USER + " counter")
                        .run()
                        .exitCode())
                .isZero();
        CommandRun setup = setup("--user", NetworkNamespace.USER, "--apply");
        assertThat(setup.exitCode()).as(setup.toString()).isZero();
        assertThat(setup("--user", NetworkNamespace.USER, "--apply").exitCode()).isZero();
    }

    private static CommandRun setup(String... flags) {
        List<String> words = new ArrayList<>(List.of("proxy", "setup"));
        words.addAll(List.of(flags));
        return Program.exeatWithin(namespace.words(), words.toArray(String[]::new))
                .run();
    }

    private static void startSite() {
        TestPki pki = TestPki.create("sites");
        pki.writeRoot(directory.resolve("root.pem"));
        pki.writeServer(List.of("*.wikipedia.org"), directory.resolve("site.pem"), directory.resolve("site.key"));
        BackgroundProcess site = namespace
                .command(
                        "openssl",
                        "s_server",
                        "-www",
                        "-accept",
                        SITE,
                        "-cert",
                        directory.resolve("site.pem").toString(),
                        "-key",
                        directory.resolve("site.key").toString())
                .start();
        CLOSING.add(site);
    }

    private static void startGateway() {
        Mesh.copy(
                Path.of("..", "samples", "wikipedia", "serviceentry.yaml"), directory.resolve("manifests/hosts.yaml"));
        Program.write(directory.resolve("manifests/sleep.yaml"), """
                apiVersion: v1
                kind: ServiceAccount
                metadata: {name: sleep, namespace: default}
                """);
        gateway = Program.startWithin(
                namespace.words(),
                "up",
                "--data-dir",
                directory.resolve("data").toString(),
                "--manifests",
                directory.resolve("manifests").toString(),
                "--tunnel",
                "127.0.0.1:0",
                "--api",
                "127.0.0.1:0",
                "--admin",
                "127.0.0.1:0",
                "--connect-to",
                "*.wikipedia.org:443:" + SITE,
                "--allow-address",
                "*.wikipedia.org=127.0.0.1/32");
        CLOSING.add(gateway);
    }

    private static void startProxy() {
        Path data = directory.resolve("data");
        CommandRun token = Program.exeat("token", "create", "sleep", "-n", "default", "--data-dir", data.toString())
                .run();
        Program.write(directory.resolve("token"), token.stdout());
        proxy = Program.startWithin(
                namespace.words(),
                "proxy",
                "--server",
                "https://" + gateway.at("api"),
                "--ca-file",
                data.resolve("bundle.pem").toString(),
                "--token-file",
                directory.resolve("token").toString(),
                "--gateway",
                gateway.at("tunnel"),
                "--listen",
                "127.0.0.1:0",
                "--admin",
                "127.0.0.1:0",
                "--transparent",
                "127.0.0.1:10129,[::1]:10129",
                "--dns",
                "127.0.0.1:10053");
        CLOSING.add(proxy);
    }

    @AfterAll
    static void stop() throws Exception {
        for (AutoCloseable one : CLOSING.reversed()) {
            one.close();
        }
    }

    private static CommandRun curl(String... words) {
        return namespace
                .commandOfUser(
                        "curl",
                        "-sS",
                        "--noproxy",
                        "*",
                        "--max-time",
                        "20",
                        "--cacert",
                        directory.resolve("root.pem").toString())
                .with(words)
                .run();
    }

    private static CommandRun python(String script, String... words) {
        return namespace.commandOfUser("python3", "-c", script).with(words).run();
    }

    private static CommandRun udp(String host, int port) {
        return python("""
                import socket, sys
                s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
                s.settimeout(10)
                s.connect((sys.argv[1], int(sys.argv[2])))
                try:
                    s.send(b'x' * 1200)
                    if not sys.argv[1].startswith('203'): s.recv(10)
                except (ConnectionRefusedError, PermissionError):
                    print('rejected')
                """, host, String.valueOf(port));
    }

    private static void assertNothingLeft() {
        assertThat(namespace.left()).contains("packets 0 ");
    }

    private static String metrics() {
        return namespace
                .command("curl", "-sS", "http://" + proxy.at("admin") + "/metrics")
                .run()
                .stdout();
    }

    @ParameterizedTest
    @ValueSource(strings = {"-4", "-6"})
    void a_program_that_knows_of_no_proxy_goes_through_the_gateway(String family) {
        CommandRun run = curl(family, "https://en.wikipedia.org/");

        assertThat(run.exitCode()).as(run.toString()).isZero();
        assertThat(run.stdout()).contains("s_server");
        assertNothingLeft();
    }

    @Case("D41")
    @Test
    void the_name_counts_wherever_the_packets_were_to_go() {
        CommandRun run = curl("--resolve", "en.wikipedia.org:443:203.0.113.7", "https://en.wikipedia.org/");

        assertThat(run.exitCode()).as(run.toString()).isZero();
        assertNothingLeft();
    }

    @Test
    void a_host_that_is_denied_ends_curl_with_35() {
        CommandRun run = curl("https://www.example.com/");

        assertThat(run.exitCode()).as(run.toString()).isEqualTo(35);
        assertThat(metrics()).contains("listener=\"transparent\",reason=\"gateway_denied\",verdict=\"denied\"");
        assertNothingLeft();
    }

    @Test
    void http_without_tls_is_refused_at_once_in_its_own_words() {
        CommandRun run = curl("-i", "http://en.wikipedia.org/");

        assertThat(run.stdout()).as(run.toString()).contains("403 Forbidden", "not_tls");
        assertThat(run.took()).isLessThan(AT_ONCE);
        assertNothingLeft();
    }

    @Test
    void other_bytes_are_answered_by_an_end_at_once() {
        CommandRun run = python("""
                import socket
                s = socket.create_connection(('198.18.0.9', 22), 10)
                s.send(b'SSH-2.0-x\\r\\n')
                print(len(s.recv(100)), s.recv(100))
                """);

        assertThat(run.stdout()).as(run.toString()).isEqualTo("7 b''\n");
        assertThat(run.took()).isLessThan(AT_ONCE);
    }

    @ParameterizedTest
    @ValueSource(ints = {443, 1234})
    void udp_is_rejected_at_once(int port) {
        CommandRun run = udp("198.18.0.9", port);

        assertThat(run.stdout()).as(run.toString()).isEqualTo("rejected\n");
        assertThat(run.took()).isLessThan(AT_ONCE);
        assertNothingLeft();
    }

    @Test
    void names_have_addresses_and_no_question_leaves() throws Exception {
        CommandRun run = python(
                "import socket; print(socket.getaddrinfo('secret.exfiltration.example', 1, socket.AF_INET)[0][4][0])");

        assertThat(run.exitCode()).as(run.toString()).isZero();
        assertThat(InetAddress.ofLiteral(run.stdout().strip()).getAddress()[0]).isEqualTo((byte) 198);
        assertNothingLeft();
    }

    @Test
    void a_hello_with_another_name_than_was_asked_for_is_refused() {
        CommandRun run = curl("--connect-to", "en.wikipedia.org:443:de.wikipedia.org:443", "https://en.wikipedia.org/");

        assertThat(run.exitCode()).as(run.toString()).isEqualTo(35);
        assertThat(metrics()).contains("listener=\"transparent\",reason=\"sni_mismatch\",verdict=\"denied\"");
    }

    @Test
    void a_connection_that_was_not_redirected_is_refused() {
        await().untilAsserted(() -> {
            CommandRun run = curl("--resolve", "en.wikipedia.org:10129:127.0.0.1", "https://en.wikipedia.org:10129/");
            assertThat(run.exitCode()).as(run.toString()).isEqualTo(35);
        });
        assertThat(metrics()).contains("listener=\"transparent\",reason=\"not_redirected\",verdict=\"failed\"");
    }

    @Test
    void the_rules_for_iptables_are_taken_twice_and_go_without_a_trace() {
        assumeTrue(Tools.find("iptables") != null, "there is no iptables here");
        try (NetworkNamespace other = NetworkNamespace.create()) {
            String[] apply = {"proxy", "setup", "--iptables", "--user", "1,2", "--proxy-user", "3", "--apply"};
            for (int i = 0; i < 2; i++) {
                CommandRun run = Program.exeatWithin(other.words(), apply).run();
                assertThat(run.exitCode()).as(run.toString()).isZero();
            }
            assertThat(chains(other).lines().filter(line -> line.startsWith("-A OUTPUT")))
                    .hasSize(2);
            assertThat(Program.exeatWithin(other.words(), "proxy", "setup", "--iptables", "--remove", "--apply")
                            .run()
                            .exitCode())
                    .isZero();
            assertThat(chains(other)).doesNotContain("EXEAT");
        }
    }

    private static String chains(NetworkNamespace in) {
        return in.command("sh", "-c", "iptables -t nat -S; iptables -S").run().stdout();
    }

    @Test
    void the_rules_go_as_they_came() {
        try (NetworkNamespace other = NetworkNamespace.create()) {
            Command list = other.command("nft", "list", "tables");
            String before = list.run().stdout();
            String[] apply = {"proxy", "setup", "--everybody", "--proxy-user", "0", "--apply"};
            assertThat(Program.exeatWithin(other.words(), apply).run().exitCode())
                    .isZero();
            assertThat(list.run().stdout()).contains("exeat_capture");
            for (int i = 0; i < 2; i++) {
                assertThat(Program.exeatWithin(other.words(), "proxy", "setup", "--remove", "--apply")
                                .run()
                                .exitCode())
                        .isZero();
            }
            assertThat(list.run().stdout()).isEqualTo(before);
        }
    }
}
