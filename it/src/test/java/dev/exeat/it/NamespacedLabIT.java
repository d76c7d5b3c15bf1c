package dev.exeat.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.exeat.testkit.CommandRun;
import dev.exeat.testkit.TestPki;
import dev.exeat.testkit.TlsSite;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Pods of {@code exeat up --lab} that are network namespaces: what programs in them can and can't do. */
@Timeout(120)
class NamespacedLabIT {
    private static final Duration SOON = Duration.ofSeconds(15);
    private static final Duration AT_ONCE = Duration.ofSeconds(5);
    private static final String PAGE = "<title>Wikipedia, la enciclopedia libre</title>";

    @TempDir
    private static Path directory;

    private static TlsSite site;
    private static Program.Running up;

    @BeforeAll
    static void start() throws Exception {
        Kubectl.assumePresent();
        assumeTrue(NetworkNamespace.isPossible(), "no network namespace with nft can be made here");
        TestPki pki = TestPki.create("sites");
        pki.writeRoot(directory.resolve("root.pem"));
        site = TlsSite.start(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                pki,
                List.of("*.wikipedia.org"),
                Map.of("/", PAGE));
        up = up(List.of(), directory.resolve("data"));
        kubectl("apply", "-f", "../samples/sleep/sleep.yaml", "-f", "../samples/wikipedia/serviceentry.yaml");
        says(kubectl("wait", "--for=condition=Available", "deploy/sleep", "--timeout=15s"), 0, "condition met");
    }

    private static Program.Running up(List<String> before, Path data) {
        return up(before, data, "namespace");
    }

    private static Program.Running up(List<String> before, Path data, String shape) {
        return Program.startWithin(
                before,
                Map.of("CURL_CA_BUNDLE", directory.resolve("root.pem").toString()),
                "up",
                "--lab",
                "--lab-pods",
                shape,
                "--data-dir",
                data.toString(),
                "--tunnel",
                "127.0.0.1:0",
                "--api",
                "127.0.0.1:0",
                "--admin",
                "127.0.0.1:0",
                "--connect-to",
                "*.wikipedia.org:443:127.0.0.1:" + site.port(),
                "--allow-address",
                "*.wikipedia.org=127.0.0.1/32");
    }

    @AfterAll
    static void stop() {
        if (up != null) {
            up.close();
        }
        if (site != null) {
            site.close();
        }
    }

    private static CommandRun kubectl(String... arguments) {
        return new Kubectl(directory.resolve("data/kubeconfig"), directory.resolve("cache")).run(arguments);
    }

    private static CommandRun in(String pod, String... command) {
        List<String> words = new ArrayList<>(List.of("exec", pod, "--"));
        words.addAll(List.of(command));
        return kubectl(words.toArray(String[]::new));
    }

    private static CommandRun python(String script) {
        return in("deploy/sleep", "python3", "-c", script);
    }

    private static void says(CommandRun run, int exitCode, String... texts) {
        String all = run.stdout() + run.stderr();
        assertThat(run.exitCode()).as(all).isEqualTo(exitCode);
        assertThat(all).contains(texts);
    }

    /** Sent over the one interface that is not loopback: packets that the kernel had let out, had it led anywhere. */
    private static void assertNothingLeft() {
        CommandRun run = in("deploy/sleep", "sh", "-c", "grep eth0 /proc/net/dev | tr -s ' ' | cut -d ' ' -f 12");
        assertThat(run.stdout()).as(run.toString()).isEqualTo("0\n");
    }

    private static String metrics() {
        return Mesh.metrics(up);
    }

    @ParameterizedTest
    @ValueSource(strings = {"-4", "-6"})
    void a_program_that_knows_of_no_proxy_goes_through_the_gateway(String family) {
        CommandRun run = in("deploy/sleep", "curl", "-s", family, "https://es.wikipedia.org/");

        says(run, 0, PAGE);
        says(in("deploy/sleep", "sh", "-c", "env | grep -i proxy"), 1, "exit code 1");
        assertNothingLeft();
    }

    @Test
    void streams_and_exit_codes_come_back_as_from_any_pod() {
        CommandRun run = in("deploy/sleep", "sh", "-c", "echo out; echo err >&2; exit 35");
        assertThat(run.stdout()).isEqualTo("out\n");
        assertThat(run.stderr()).isEqualTo("err\ncommand terminated with exit code 35\n");
        says(in("deploy/sleep", "sh", "-c", "kill -9 $$"), 137, "exit code 137");
        says(in("deploy/sleep", "no-such-program"), 127, "executable file not found in $PATH");
        says(in("deploy/sleep", "sh", "-c", "hostname"), 0, "sleep-");
        says(kubectl("logs", "deploy/sleep", "--tail=1"), 0, "sleep-");
        if (Tools.find("script") != null) {
            List<String> exec = new Kubectl(directory.resolve("data/kubeconfig"), directory.resolve("cache"))
                    .command("exec", "-it", "deploy/sleep", "--", "sh", "-c", "'tty; exit 4'")
                    .words();
            says(
                    CommandRun.of("script", "-qec", String.join(" ", exec), "/dev/null"),
                    4,
                    "/dev/pts/",
                    "command terminated with exit code 4");
        }
    }

    @Test
    void a_denial_is_exit_code_35_and_nothing_has_left() {
        int seen = site.requests().size();

        says(in("deploy/sleep", "curl", "-s", "https://www.example.com/"), 35, "exit code 35");

        assertThat(site.requests()).hasSize(seen);
        assertThat(metrics()).contains("listener=\"transparent\",reason=\"gateway_denied\",verdict=\"denied\"");
        assertNothingLeft();
    }

    @ParameterizedTest
    @ValueSource(ints = {443, 1234})
    void udp_is_rejected_at_once(int port) {
        CommandRun run = python("""
                import socket
                for family, to in (socket.AF_INET, '198.18.0.9'), (socket.AF_INET6, '2001:2::9'):
                    s = socket.socket(family, socket.SOCK_DGRAM)
                    s.settimeout(10)
                    s.connect((to, %d))
                    try:
                        s.send(b'x' * 1200)
                        s.recv(10)
                    except (ConnectionRefusedError, PermissionError):
                        print('rejected')
                """.formatted(port));

        assertThat(run.stdout()).as(run.toString()).isEqualTo("rejected\nrejected\n");
        assertThat(run.took()).isLessThan(AT_ONCE);
        assertNothingLeft();
    }

    @Test
    void what_is_not_tls_is_refused_with_its_reason() {
        CommandRun http = in("deploy/sleep", "curl", "-si", "http://es.wikipedia.org/");
        says(http, 0, "403 Forbidden", "not_tls");
        CommandRun other = python("""
                import socket
                s = socket.create_connection(('198.18.0.9', 22), 10)
                s.send(b'SSH-2.0-x\\r\\n')
                print(s.recv(100)[:1])
                """);

        assertThat(other.stdout()).as(other.toString()).isEqualTo("b'\\x15'\n");
        assertThat(other.took()).isLessThan(AT_ONCE);
        assertThat(metrics()).contains("listener=\"transparent\",reason=\"not_tls\",verdict=\"denied\"");
    }

    @Test
    void every_name_has_an_address_of_the_reserved_ranges_and_no_question_leaves() {
        CommandRun run = python("""
                import ipaddress, socket, struct
                def ask(kind, server):
                    s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
                    s.settimeout(10)
                    name = b''.join(bytes([len(l)]) + l for l in b'secret.exfiltration.example'.split(b'.')) + b'\\0'
                    s.sendto(struct.pack('>6H', 7, 256, 1, 0, 0, 0) + name + struct.pack('>2H', kind, 1), (server, 53))
                    reply = s.recv(512)
                    return reply[3] & 15, struct.unpack('>H', reply[6:8])[0], reply
                for server in '127.0.0.1', '192.0.2.53':
                    code, count, reply = ask(1, server)
                    print(code, count, ipaddress.ip_address(reply[-4:]) in ipaddress.ip_network('198.18.0.0/15'))
                    code, count, reply = ask(28, server)
                    print(code, count, ipaddress.ip_address(reply[-16:]) in ipaddress.ip_network('2001:2::/48'))
                    print(*ask(64, server)[:2], *ask(65, server)[:2])
                print(open('/etc/resolv.conf').read(), end='')
                """);

        assertThat(run.stdout())
                .as(run.toString())
                .isEqualTo("0 1 True\n0 1 True\n0 0 0 0\n".repeat(2) + "nameserver 127.0.0.1\n");
        assertNothingLeft();
    }

    @Test
    void there_is_no_other_way_out_and_none_can_be_made() {
        // Neither the site nor the gateway is on the loopback of the pod.
        says(in("deploy/sleep", "curl", "-s", "http://127.0.0.1:" + site.port() + "/"), 7, "exit code 7");
        says(in("deploy/sleep", "curl", "-s", "http://" + up.at("admin") + "/metrics"), 7, "exit code 7");
        says(in("deploy/sleep", "nft", "flush", "ruleset"), 1, "not permitted");
        says(in("deploy/sleep", "ip", "route", "replace", "default", "dev", "lo"), 2, "not permitted");
        says(in("deploy/sleep", "nsenter", "-t", "1", "-n", "true"), 1, "denied");
        says(in("deploy/sleep", "sh", "-c", "kill -9 1; ps -p 1 -o comm="), 0, "cat");
    }

    @Test
    void what_runs_in_a_pod_ends_with_it_and_with_a_lab_that_is_killed() {
        says(kubectl("run", "short", "--image=x", "--restart=Never"), 0, "created");
        says(kubectl("wait", "--for=condition=Ready", "pod/short", "--timeout=15s"), 0, "condition met");
        String left = "env -i setsid sleep 98703 >/dev/null 2>&1 & echo left";
        says(in("short", "sh", "-c", left), 0, "left");
        assertThat(Processes.withWords("sleep 98703")).isOne();
        says(kubectl("delete", "pod", "short"), 0, "deleted");
        await().atMost(SOON).until(() -> Processes.withWords("sleep 98703") == 0);

        says(in("deploy/sleep", "sh", "-c", left), 0, "left");
        long namespaces = Processes.networkNamespaces();
        up.process().kill();
        await().atMost(SOON).until(() -> Processes.withWords("sleep 98703") == 0);
        await().atMost(SOON).until(() -> Processes.networkNamespaces() == namespaces - 1);

        up = up(List.of(), directory.resolve("data"));
        await().atMost(SOON)
                .until(() -> in("deploy/sleep", "curl", "-s", "https://es.wikipedia.org/")
                        .stdout()
                        .equals(PAGE));
    }

    @Test
    void a_user_without_rights_has_namespaces_too() throws Exception {
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxrwxrwx"));
        List<String> user = List.of(
                "setpriv", "--reuid", NetworkNamespace.USER, "--regid", NetworkNamespace.USER, "--clear-groups");
        assumeTrue(
                Program.exeatWithin(user, "version").run().exitCode() == 0
                        && CommandRun.of("setpriv", "--reuid", "65534", "unshare", "-rn", "true")
                                        .exitCode()
                                == 0,
                "that user can't read the program, or may make no namespace");
        Path data = directory.resolve("user");
        try (Program.Running own = up(user, data)) {
            assertThat(own.process().isAlive()).isTrue();
            Kubectl kubectl = new Kubectl(data.resolve("kubeconfig"), directory.resolve("cache2"));
            kubectl.run("apply", "-f", "../samples/sleep/sleep.yaml", "-f", "../samples/wikipedia/serviceentry.yaml");
            says(kubectl.run("wait", "--for=condition=Available", "deploy/sleep", "--timeout=15s"), 0, "condition met");

            says(kubectl.run("exec", "deploy/sleep", "--", "curl", "-s", "https://es.wikipedia.org/"), 0, PAGE);
        }
    }

    @Test
    void where_no_namespace_can_be_made_pods_are_processes_and_the_start_says_why() {
        List<String> forbidden = List.of(
                "unshare",
                "-r",
                "sh",
                "-c",
                "echo 0 > /proc/sys/user/max_user_namespaces;"
                        + " exec setpriv --bounding-set=-sys_admin --inh-caps=-all \"$@\"",
                "sh");
        Path data = directory.resolve("forbidden");

        CommandRun run = Program.exeatWithin(
                        forbidden,
                        "up",
                        "--lab",
                        "--lab-pods",
                        "namespace",
                        "--data-dir",
                        data.toString(),
                        "--tunnel",
                        "127.0.0.1:0",
                        "--api",
                        "127.0.0.1:0",
                        "--admin",
                        "127.0.0.1:0")
                .run();
        says(run, 1, "--lab-pods namespace: the namespaces of a pod cannot be made: unshare: ");
        try (Program.Running own = up(forbidden, data, "auto")) {
            assertThat(String.join("\n", own.process().stderr()))
                    .contains("the lab's pods are processes", "reason=\"the namespaces of a pod cannot be made: ");
        }
    }
}
