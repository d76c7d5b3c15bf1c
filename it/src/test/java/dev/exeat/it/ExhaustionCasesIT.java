package dev.exeat.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.exeat.testkit.Behaviour;
import dev.exeat.testkit.Case;
import dev.exeat.testkit.ClientHelloBuilder;
import dev.exeat.testkit.Command;
import dev.exeat.testkit.Delivery;
import dev.exeat.testkit.HelloCases;
import dev.exeat.testkit.HostileClient;
import dev.exeat.testkit.Outcome;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;
import tools.jackson.databind.JsonNode;

/** The cases on exhaustion: many clients that give little and hold much, against a gateway with a small heap. */
@Isolated
class ExhaustionCasesIT {
    private static final int MANY = 200;
    private static final Duration LIMIT = Duration.ofSeconds(15);

    @TempDir
    private static Path directory;

    private static Rig rig;

    @BeforeAll
    static void start() throws Exception {
        rig = Rig.start(
                directory,
                Behaviour.marking(),
                words -> Program.startWith(List.of("-Xmx64m"), words),
                "--hello-timeout",
                "2s",
                "--idle-timeout",
                "3s");
    }

    @BeforeEach
    void settle() {
        rig.settle();
    }

    @AfterAll
    static void stop() {
        rig.close();
    }

    private static List<HostileClient> connect(InetSocketAddress address, int count) {
        List<HostileClient> clients = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            clients.add(HostileClient.plain(address));
        }
        return clients;
    }

    private static void closeAll(List<HostileClient> clients) {
        clients.forEach(HostileClient::close);
    }

    private static List<JsonNode> recordsFrom(int recorded, int count) {
        await().atMost(LIMIT).until(() -> rig.records().size() >= recorded + count);
        return rig.records().subList(recorded, recorded + count);
    }

    /** The median time of a few good connections, each of which must be carried. */
    private static Duration served() {
        long[] nanos = new long[9];
        for (int i = 0; i < nanos.length; i++) {
            long began = System.nanoTime();
            rig.carried().close();
            nanos[i] = System.nanoTime() - began;
        }
        Arrays.sort(nanos);
        return Duration.ofNanos(nanos[nanos.length / 2]);
    }

    @Test
    @Case({"K01", "K03"})
    void those_who_never_begin_or_never_end_are_closed_at_the_deadline_and_others_served_meanwhile() {
        int recorded = rig.records().size();
        List<HostileClient> silent = connect(rig.gateway.address("tunnel"), MANY);
        List<HostileClient> slow = connect(rig.gateway.address("plain"), MANY);
        slow.forEach(client ->
                client.send(HelloCases.of("N01").octets(), Delivery.whole().stoppingAfter(3)));

        assertThat(served()).isLessThan(Duration.ofMillis(500));
        assertThat(slow).allSatisfy(client -> assertThat(client.outcome(LIMIT)).isEqualTo(new Outcome.Alerted(80)));
        assertThat(silent)
                .allSatisfy(client -> assertThat(client.outcome(LIMIT)).isEqualTo(new Outcome.Closed()));
        closeAll(slow);
        closeAll(silent);

        List<String> reasons = recordsFrom(recorded, 2 * MANY + 9).stream()
                .map(record -> record.path("reason").asString())
                .toList();
        assertThat(reasons).filteredOn("hello_timeout"::equals).hasSize(MANY);
        assertThat(reasons).filteredOn("handshake_timeout"::equals).hasSize(MANY);
    }

    @Test
    @Case({"K05", "R09"})
    void claims_of_16_megabytes_cost_no_memory() {
        int recorded = rig.records().size();
        // The header of a record and of a message, and nothing of the message.
        byte[] claim = {22, 3, 1, 0x40, 0, 1, (byte) 0xff, (byte) 0xff, (byte) 0xff};
        List<HostileClient> clients = connect(rig.gateway.address("plain"), MANY);
        clients.forEach(client -> client.send(claim));

        assertThat(clients)
                .allSatisfy(client -> assertThat(client.outcome(LIMIT)).isEqualTo(new Outcome.Alerted(50)));
        closeAll(clients);
        assertThat(recordsFrom(recorded, MANY))
                .allSatisfy(
                        record -> assertThat(record.get("reason").asString()).isEqualTo("hello_too_large"));
        assertThat(rig.gateway.process().isAlive()).isTrue();
        served();
    }

    @Test
    @Case("K12")
    void idle_tunnels_are_cheap_and_end_at_their_time() {
        served();
        rig.settle();
        int recorded = rig.records().size();
        long before = rig.status("VmRSS");
        List<HostileClient> clients = new ArrayList<>();
        for (int i = 0; i < MANY; i++) {
            clients.add(rig.carried());
        }
        long perTunnel = (rig.status("VmRSS") - before) / MANY;

        assertThat(clients)
                .allSatisfy(client -> assertThat(client.outcome(LIMIT)).isEqualTo(new Outcome.Closed()));
        closeAll(clients);
        assertThat(recordsFrom(recorded, MANY))
                .allSatisfy(record -> assertThat(record.get("flag").asString()).isEqualTo("idle"));
        assertThat(perTunnel).as("KiB for each tunnel").isLessThan(100);
    }

    @Test
    @Case({"K13", "R16"})
    void thousands_of_connections_with_resets_at_any_moment_leave_nothing_behind() {
        churn(200);
        rig.settle();
        long descriptors = rig.descriptors();
        long threads = rig.status("Threads");

        churn(1_200);

        rig.settle();
        assertThat(rig.descriptors()).isBetween(descriptors - 5, descriptors + 5);
        assertThat(rig.status("Threads")).isBetween(threads - 5, threads + 5);
        assertThat(String.join("\n", rig.gateway.process().stderr()))
                .doesNotContain("Exception")
                .doesNotContain("ERROR");
    }

    /** Each record stands for one connection: {@link Rig#settle()} compares them with what the metrics have counted. */
    private static void churn(int count) {
        Random random = new Random(count);
        byte[] good = HelloCases.of("N01").octets();
        byte[] denied = ClientHelloBuilder.to(HelloCases.DENIED).records();
        for (int i = 0; i < count; i++) {
            byte[] hello = i % 2 == 0 ? good : denied;
            try (HostileClient client = HostileClient.plain(rig.gateway.address("plain"))) {
                switch (i % 3) {
                    case 0 -> client.send(hello).outcome(LIMIT);
                    case 1 ->
                        client.send(
                                hello,
                                Delivery.whole()
                                        .stoppingAfter(random.nextInt(hello.length))
                                        .ending(Delivery.Ending.RESET));
                    default -> client.send(hello, Delivery.whole().ending(Delivery.Ending.RESET));
                }
            }
        }
    }

    @Test
    @Case("R13")
    void a_process_that_was_frozen_goes_on_with_those_who_came_meanwhile() {
        HostileClient open = rig.carried();
        signal("STOP");
        List<HostileClient> waiting = connect(rig.gateway.address("plain"), 50);
        waiting.forEach(client -> client.send(HelloCases.of("N01").octets()));
        await().pollDelay(Duration.ofSeconds(3)).until(() -> true);
        signal("CONT");

        assertThat(waiting)
                .allSatisfy(client -> assertThat(client.outcome(LIMIT)).isEqualTo(new Outcome.Forwarded()));
        assertThat(open.outcome(LIMIT)).isEqualTo(new Outcome.Closed());
        open.close();
        closeAll(waiting);
    }

    private static void signal(String name) {
        Command.of("kill", "-" + name, String.valueOf(rig.gateway.process().pid()))
                .run();
    }

    @Test
    @Case("K09")
    void without_descriptors_accepting_pauses_burns_nothing_and_goes_on_after(@TempDir Path other) throws Exception {
        try (Rig poor = Rig.start(
                other, Behaviour.marking(), words -> Program.startUnder("-n 256", words), "--hello-timeout", "30s")) {
            List<HostileClient> clients = connect(poor.gateway.address("plain"), 400);
            await().atMost(LIMIT).until(() -> poor.descriptors() > 250);

            Duration before = cpu(poor);
            long began = System.nanoTime();
            await().pollDelay(Duration.ofSeconds(2)).until(() -> true);
            double share = (double) cpu(poor).minus(before).toNanos() / (System.nanoTime() - began);
            assertThat(share).as("share of a core").isLessThan(0.2);

            closeAll(clients);
            await().atMost(5, TimeUnit.SECONDS).until(() -> isCarried(poor));
            assertThat(poor.gateway.process().isAlive()).isTrue();
        }
    }

    private static Duration cpu(Rig rig) {
        return ProcessHandle.of(rig.gateway.process().pid())
                .flatMap(process -> process.info().totalCpuDuration())
                .orElseThrow();
    }

    private static boolean isCarried(Rig rig) {
        try {
            rig.carried().close();
            return true;
        } catch (IllegalStateException e) {
            return false;
        }
    }

    @Test
    @Case("K11")
    void an_upstream_that_reads_nothing_holds_its_client_back(@TempDir Path other) throws Exception {
        try (Rig holding = Rig.start(other, Behaviour.silent().holding());
                HostileClient client = HostileClient.plain(holding.gateway.address("plain"))) {
            client.send(HelloCases.of("N01").octets());
            await().until(() -> holding.reached() == 1);
            long[] sent = {0};
            Thread sender = Thread.ofVirtual().start(() -> {
                byte[] record = new byte[5 + 16 * 1024];
                // Application data, as early data is, of 16,384 octets.
                record[0] = 23;
                record[1] = 3;
                record[2] = 3;
                record[3] = 0x40;
                try {
                    for (; sent[0] < 100_000_000; sent[0] += record.length) {
                        client.socket().getOutputStream().write(record);
                    }
                } catch (IOException e) {
                    // The client was closed at the end of the test.
                }
            });

            await().atMost(LIMIT).pollInterval(Duration.ofMillis(500)).until(new Unchanging(() -> sent[0])::isSame);

            assertThat(sent[0]).isPositive().isLessThan(32_000_000);
            assertThat(holding.status("VmRSS")).as("KiB").isLessThan(400_000);
            client.socket().close();
            sender.join();
        }
    }

    /** Whether a value is the same as when it was last asked for. */
    private static final class Unchanging {
        private final java.util.function.LongSupplier value;
        private long last = -1;

        Unchanging(java.util.function.LongSupplier value) {
            this.value = value;
        }

        boolean isSame() {
            long before = last;
            last = value.getAsLong();
            return last == before;
        }
    }
}
