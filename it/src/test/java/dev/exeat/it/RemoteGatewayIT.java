package dev.exeat.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.exeat.testkit.Command;
import dev.exeat.testkit.CommandRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two gateways elsewhere enforce what is applied at the server, with it, without it, and when it is back. */
class RemoteGatewayIT {
    private static final Duration LIMIT = Duration.ofSeconds(20);

    @TempDir
    private Path directory;

    private Program.Running up;
    private Relay relay;
    private Path token;
    private final List<AutoCloseable> running = new ArrayList<>();

    @BeforeEach
    void start() {
        up = up();
        relay = new Relay(up.address("api"));
        token = directory.resolve("gateway.token");
        Program.write(
                token,
                Program.exeat("token", "create", "exeat-gateway", "-n", "exeat-system", "--data-dir", data("up"))
                        .run()
                        .stdout());
    }

    @AfterEach
    void stop() throws Exception {
        for (AutoCloseable one : running) {
            one.close();
        }
        up.close();
        relay.close();
    }

    private String data(String role) {
        return directory.resolve(role).toString();
    }

    private Program.Running role(String role, String name, List<String> more) {
        List<String> words = new ArrayList<>(List.of(
                role,
                "--data-dir",
                data(name),
                "--name",
                name,
                "--registry",
                "ALLOW_ANY",
                "--tunnel",
                "127.0.0.1:0",
                "--admin",
                "127.0.0.1:0"));
        words.addAll(more);
        return Program.start(words.toArray(String[]::new));
    }

    private Program.Running up() {
        return role("up", "up", List.of("--api", "127.0.0.1:0"));
    }

    private List<String> server() {
        return List.of(
                "--server",
                "https://" + relay.at(),
                "--ca-file",
                directory.resolve("up/bundle.pem").toString(),
                "--token-file",
                token.toString());
    }

    private Program.Running gateway(String name, String... more) {
        List<String> words = new ArrayList<>(server());
        words.addAll(List.of(more));
        Program.Running gateway = role("gateway", name, words);
        running.add(gateway);
        return gateway;
    }

    private String identity() {
        List<String> words = new ArrayList<>(List.of("svid", "fetch", "--out", data("svid")));
        words.addAll(server());
        assertThat(Program.exeat(words.toArray(String[]::new)).run().exitCode()).isZero();
        return data("svid");
    }

    private void apply(String method, String path, String body) throws IOException {
        CommandRun run = Command.of(
                        "curl",
                        "-sS",
                        "-f",
                        "-X",
                        method,
                        "--cacert",
                        directory.resolve("up/bundle.pem").toString(),
                        "-H",
                        "Authorization: Bearer "
                                + Files.readString(directory.resolve("up/operator.token"))
                                        .strip(),
                        "-H",
                        "Content-Type: application/json",
                        "-d",
                        body,
                        "https://" + up.at("api") + "/apis/exeat.dev/v1alpha1/namespaces/default/egresspolicies" + path)
                .run();
        assertThat(run.exitCode()).as(run.toString()).isZero();
    }

    private void deny(String name) throws IOException {
        apply("POST", "", """
                {"apiVersion": "exeat.dev/v1alpha1", "kind": "EgressPolicy",
                 "metadata": {"name": "%s", "namespace": "default"},
                 "spec": {"action": "Deny", "destinations": [{"hosts": ["%s"]}]}}
                """.formatted(name, name + ".test"));
    }

    private static String digest(Program.Running role) {
        return Mesh.metrics(role)
                .lines()
                .filter(line -> line.startsWith("exeat_policy_info{"))
                .findFirst()
                .orElseThrow();
    }

    private static double gauge(Program.Running role, String name) {
        return Mesh.metrics(role)
                .lines()
                .filter(line -> line.startsWith(name + " "))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .findFirst()
                .orElseThrow();
    }

    private void awaitSame(Program.Running gateway) {
        await().atMost(LIMIT)
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(5))
                .until(() -> digest(gateway).equals(digest(up)));
    }

    private static CommandRun status(String data, String... more) {
        List<String> words = new ArrayList<>(List.of("status", "--data-dir", data));
        words.addAll(List.of(more));
        return Program.exeat(words.toArray(String[]::new)).run();
    }

    private String verdict(String gateway, String host) {
        return Program.exeat("explain", "--server", "--as", "default/x", "--to", host, "--data-dir", data(gateway))
                .run()
                .stdout()
                .split(" ")[0];
    }

    @Test
    void what_is_applied_at_the_server_is_in_force_elsewhere_with_and_without_it() throws Exception {
        deny("before");
        Program.Running one = gateway("one");
        Program.Running two = gateway("two", "--svid-dir", identity());
        assertThat(verdict("one", "before.test")).isEqualTo("denied");

        assertTakesEffectWithinASecond(one, two);
        CommandRun waited = status(data("up"), "--wait", "--timeout", "20s");
        assertThat(waited.exitCode()).as(waited.toString()).isZero();
        assertThat(waited.stdout()).contains("gateway   one: live", "gateway   two: live", "gateway   up: live");
        assertThat(status(data("one"), "--wait").exitCode()).isEqualTo(3);

        relay.cut();
        deny("cut");
        awaitSame(one);
        awaitSame(two);

        up.process().kill();
        up.process().awaitExit(LIMIT);
        await().atMost(LIMIT).until(() -> gauge(one, "exeat_server_connected") == 0);
        assertThat(verdict("one", "cut.test")).isEqualTo("denied");
        String last = digest(two);
        two.process().kill();
        two.process().awaitExit(LIMIT);
        Program.Running again = gateway("two", "--svid-dir", data("svid"));
        assertThat(digest(again)).isEqualTo(last);
        assertThat(verdict("two", "cut.test")).isEqualTo("denied");
        assertThat(status(data("two")).stdout()).contains("from the disk", "not connected");
        one.process().kill();
        one.process().awaitExit(LIMIT);
        Program.Running oneAgain = gateway("one"); // Its certificate came from the server.
        assertThat(digest(oneAgain)).isEqualTo(last);

        up = up();
        deny("back");
        relay.leadTo(up.address("api"));
        awaitSame(oneAgain);
        awaitSame(again);
        assertThat(gauge(again, "exeat_server_connected")).isEqualTo(1);
        assertThat(gauge(again, "exeat_server_objects_age_seconds")).isLessThan(20);
        await().atMost(LIMIT)
                .untilAsserted(() -> assertThat(
                                status(data("up"), "--wait", "--timeout", "10s").stdout())
                        .contains("gateway   one: live", "gateway   two: live"));
    }

    /** The median of some, as a machine may be busy with something else at one of them. */
    private void assertTakesEffectWithinASecond(Program.Running one, Program.Running two) throws IOException {
        List<Duration> times = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            String before = digest(one);
            deny("soon-" + i);
            long written = System.nanoTime();
            await().atMost(LIMIT)
                    .pollDelay(Duration.ZERO)
                    .pollInterval(Duration.ofMillis(5))
                    .until(() -> !digest(one).equals(before) && digest(one).equals(digest(two)));
            times.add(Duration.ofNanos(System.nanoTime() - written));
        }
        times.sort(null);
        assertThat(times.get(times.size() / 2)).as(times.toString()).isLessThan(Duration.ofSeconds(1));
    }
}
