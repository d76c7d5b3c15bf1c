package dev.exeat.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.exeat.testkit.CommandRun;
import dev.exeat.testkit.HelloCases;
import dev.exeat.testkit.HostileClient;
import dev.exeat.testkit.Outcome;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A new process takes the place of a running one: no connect fails, and what was open goes on. */
class TakeoverIT {
    private static final Duration LIMIT = Duration.ofSeconds(10);

    @TempDir
    private Path directory;

    /** Opens a connection every ten milliseconds, and counts those that were not carried. */
    private static final class Visitors implements AutoCloseable {
        private final InetSocketAddress plain;
        private final AtomicInteger carried = new AtomicInteger();
        private final AtomicInteger failed = new AtomicInteger();
        private final ScheduledExecutorService clock = Executors.newScheduledThreadPool(16);

        Visitors(InetSocketAddress plain) {
            this.plain = plain;
            clock.scheduleAtFixedRate(() -> clock.execute(this::visit), 0, 10, TimeUnit.MILLISECONDS);
        }

        private void visit() {
            try (HostileClient client = HostileClient.plain(plain)) {
                Outcome outcome = client.send(HelloCases.of("N01").octets()).outcome(LIMIT);
                (outcome.equals(new Outcome.Forwarded()) ? carried : failed).incrementAndGet();
            } catch (RuntimeException e) {
                failed.incrementAndGet();
            }
        }

        @Override
        public void close() {
            clock.shutdown();
            try {
                clock.awaitTermination(20, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    @Test
    void no_connect_fails_while_one_gateway_follows_another_and_open_tunnels_live_on() throws Exception {
        try (Rig rig = Rig.start(directory, "--drain", "30s");
                HostileClient open = rig.tunnelTo("allowed.test")) {
            assertThat(open.send(HelloCases.of("N01").octets()).outcome(LIMIT)).isEqualTo(new Outcome.Forwarded());
            Visitors visitors = new Visitors(rig.gateway.address("plain"));
            Awaitility.await().until(() -> visitors.carried.get() > 50);

            try (Program.Running next = rig.another("--takeover")) {
                assertThat(next.at("plain")).isEqualTo(rig.gateway.at("plain"));
                assertThat(next.at("tunnel")).isEqualTo(rig.gateway.at("tunnel"));
                int before = visitors.carried.get();
                Awaitility.await().until(() -> visitors.carried.get() > before + 100);
                visitors.close();

                assertThat(visitors.failed).hasValue(0);
                assertThat(rig.gateway.process().isAlive()).isTrue();
                open.socket().getOutputStream().write(new byte[100]);
                open.socket().close();
                assertThat(rig.gateway.process().awaitExit(LIMIT)).isZero();
                assertThat(Files.readString(directory.resolve("data/ready.json")))
                        .contains(next.at("admin"));
                assertThat(Program.exeat(
                                        "conn",
                                        "list",
                                        "--data-dir",
                                        directory.resolve("data").toString())
                                .run()
                                .exitCode())
                        .isZero();
            }
        }
    }

    @Test
    void a_process_that_can_not_start_leaves_the_old_one_in_its_place() throws Exception {
        try (Rig rig = Rig.start(directory)) {
            CommandRun failed = Program.exeat(
                            "gateway",
                            "--takeover",
                            "--svid-dir",
                            directory.resolve("nowhere").toString(),
                            "--data-dir",
                            directory.resolve("data").toString(),
                            "--admin",
                            "127.0.0.1:0")
                    .run();

            assertThat(failed.exitCode()).isEqualTo(1);
            try (HostileClient client = rig.tunnelTo("allowed.test")) {
                assertThat(client.send(HelloCases.of("N01").octets()).outcome(LIMIT))
                        .isEqualTo(new Outcome.Forwarded());
            }
            CommandRun second = Program.exeat(
                            "gateway",
                            "--svid-dir",
                            directory.resolve("identity").toString(),
                            "--data-dir",
                            directory.resolve("data").toString())
                    .run();
            assertThat(second.stderr()).contains("in use by process");
        }
    }

    @Test
    void the_authority_goes_over_with_the_rest() throws Exception {
        Path data = directory.resolve("data");
        Program.write(directory.resolve("manifests/account.yaml"), """
                apiVersion: v1
                kind: ServiceAccount
                metadata:
                  name: sleep
                  namespace: default
                """);
        String[] flags = {
            "up",
            "--data-dir",
            data.toString(),
            "--manifests",
            directory.resolve("manifests").toString(),
            "--tunnel",
            "127.0.0.1:0",
            "--api",
            "127.0.0.1:0",
            "--admin",
            "127.0.0.1:0",
            "--takeover"
        };
        String[] first = java.util.Arrays.copyOf(flags, flags.length - 1);
        try (Program.Running old = Program.start(first);
                Program.Running next = Program.start(flags)) {
            assertThat(next.at("tunnel")).isEqualTo(old.at("tunnel"));
            assertThat(old.process().awaitExit(LIMIT)).isZero();
            CommandRun token = Program.exeat("token", "create", "sleep", "-n", "default", "--data-dir", data.toString())
                    .run();
            Program.write(directory.resolve("token"), token.stdout());

            CommandRun fetched = Program.exeat(
                            "svid",
                            "fetch",
                            "--server",
                            "https://" + next.at("api"),
                            "--ca-file",
                            data.resolve("bundle.pem").toString(),
                            "--token-file",
                            directory.resolve("token").toString(),
                            "--out",
                            directory.resolve("svid").toString())
                    .run();

            assertThat(fetched.exitCode()).as(fetched.toString()).isZero();
        }
    }

    @Test
    void without_a_process_to_follow_it_says_so() {
        CommandRun run = Program.exeat("up", "--takeover", "--data-dir", directory.toString())
                .run();

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.stderr()).contains("no process hands over").doesNotContain("\tat ");
    }
}
