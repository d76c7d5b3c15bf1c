package dev.exeat.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import dev.exeat.testkit.Command;
import dev.exeat.testkit.CommandRun;
import dev.exeat.testkit.HelloCases;
import dev.exeat.testkit.HostileClient;
import dev.exeat.testkit.Outcome;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The logs of connections of a real gateway: files, a syslog daemon and a collector. */
class LogProfilesIT {
    private static final Duration LIMIT = Duration.ofSeconds(15);
    private static final int DATA = 0;
    /** The alert's number (RFC 8446 section 6). */
    private static final byte INTERNAL_ERROR = 80;

    @TempDir
    private Path directory;

    private final List<AutoCloseable> open = new ArrayList<>();
    private Rig rig;

    @AfterEach
    void stop() throws Exception {
        if (rig != null) {
            rig.close();
        }
        for (AutoCloseable each : open) {
            each.close();
        }
    }

    private <C extends AutoCloseable> C kept(C resource) {
        open.add(resource);
        return resource;
    }

    private String file(String name) {
        return directory.resolve(name).toString();
    }

    private List<String> lines(String name) {
        try {
            return Files.exists(Path.of(file(name))) ? Files.readAllLines(Path.of(file(name))) : List.of();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private List<JsonNode> json(String name) {
        return lines(name).stream().map(JsonMapper.shared()::readTree).toList();
    }

    private static String text(JsonNode node, String pointer) {
        return node.at(pointer).asString("");
    }

    private void carryOne() throws Exception {
        try (HostileClient client = rig.tunnelTo("allowed.test")) {
            assertThat(client.send(HelloCases.of("N01").octets()).outcome(LIMIT))
                    .isEqualTo(new Outcome.Forwarded());
        }
    }

    /** Records of OpenTelemetry, as a collector takes them. */
    private List<JsonNode> collector() throws IOException {
        List<JsonNode> records = new CopyOnWriteArrayList<>();
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/v1/logs", exchange -> {
            JsonNode request =
                    JsonMapper.shared().readTree(exchange.getRequestBody().readAllBytes());
            request.at("/resourceLogs/0/scopeLogs/0/logRecords").forEach(records::add);
            exchange.sendResponseHeaders(200, -1);
            exchange.close();
        });
        server.start();
        kept(() -> server.stop(0));
        collectorPort = server.getAddress().getPort();
        return records;
    }

    private int collectorPort;

    private static String connectionId(JsonNode record) {
        for (JsonNode attribute : record.get("attributes")) {
            if (text(attribute, "/key").equals("exeat.connection.id")) {
                return text(attribute, "/value/stringValue");
            }
        }
        throw new AssertionError("no id in " + record);
    }

    @Test
    void every_profile_tells_of_the_same_connections_wherever_it_goes() throws Exception {
        SyslogDaemon daemon = kept(new SyslogDaemon(0));
        List<JsonNode> collected = collector();
        rig = Rig.start(
                directory,
                "--log-profile=mixer=" + file("mixer") + ",istio=" + file("istio") + ",ecs=" + file("ecs"),
                "--log-profile=native=sealed:" + file("sealed"),
                "--log-profile=smokescreen=syslog:tcp://127.0.0.1:" + daemon.port(),
                "--log-profile=otel=otlp:http://127.0.0.1:" + collectorPort);

        carryOne();
        try (HostileClient client = rig.as("a", "http/1.1")) {
            assertThat(client.connect(rig.authority("denied.test"))).startsWith("HTTP/1.1 403");
        }

        await().atMost(LIMIT)
                .until(() -> rig.records().size() == 2
                        && lines("mixer").size() == 3
                        && lines("istio").size() == 2
                        && lines("ecs").size() == 3
                        && daemon.messages().size() == 3
                        && collected.size() == 3);
        String carried = id("allowed");
        String denied = id("denied");
        assertThat(json("ecs"))
                .extracting(event -> text(event, "/transaction/id") + " " + text(event, "/event/action"))
                .containsExactlyInAnyOrder(
                        carried + " connection-open", carried + " connection-close", denied + " connection-deny");
        assertThat(daemon.lines())
                .extracting(line -> text(line, "/id") + " " + text(line, "/msg") + " " + line.get("allow"))
                .containsExactlyInAnyOrder(
                        carried + " CANONICAL-PROXY-DECISION true",
                        carried + " CANONICAL-PROXY-CN-CLOSE true",
                        denied + " CANONICAL-PROXY-DECISION false");
        assertThat(daemon.messages())
                .anyMatch(message -> message.startsWith("<132>1 ")
                        && message.contains(" deny [exeat@32473 profile=\"smokescreen\" id=\"" + denied + "\""));
        assertThat(collected)
                .extracting(record -> connectionId(record) + " " + text(record, "/eventName"))
                .containsExactlyInAnyOrder(
                        carried + " exeat.connection.open",
                        carried + " exeat.connection.close",
                        denied + " exeat.connection.deny");
        assertThat(json("mixer"))
                .extracting(line -> text(line, "/connectionEvent") + " " + text(line, "/requestedServerName"))
                .containsExactlyInAnyOrder("open allowed.test", "close allowed.test", "close denied.test");
        assertThat(lines("istio")).anyMatch(line -> line.contains(" 0 NR ") && line.endsWith(" denied.test -"));
        assertThat(rig.metrics())
                .contains(
                        "exeat_log_lines_total{sink=\"ecs=" + file("ecs") + "\"} 3.0",
                        "exeat_log_lines_total{sink=\"smokescreen=syslog:tcp://127.0.0.1:" + daemon.port() + "\"} 3.0",
                        "exeat_log_lines_total{sink=\"otel=otlp:http://127.0.0.1:" + collectorPort + "\"} 3.0",
                        "exeat_log_lines_total{sink=\"records\"} 2.0");

        Files.move(Path.of(file("ecs")), Path.of(file("ecs.1")));
        Command.of("kill", "-HUP", String.valueOf(rig.gateway.process().pid())).run();
        carryOne();
        await().atMost(LIMIT)
                .until(() -> lines("ecs").size() == 2 && lines("ecs.1").size() == 3);

        // On SIGHUP the first segment was ended.
        assertThat(audit()).satisfies(run -> assertThat(run.exitCode()).isZero());
        assertThat(audit().stdout()).contains(" checkpoints of spiffe://").endsWith("nothing was altered\n");
        String segment = "sealed/records-0000000001.jsonl";
        assertThat(lines(segment)).hasSize(2);
        Files.writeString(Path.of(file(segment)), lines(segment).getFirst() + "\n");
        assertThat(audit()).satisfies(run -> assertThat(run.exitCode()).isOne());
        assertThat(audit().stdout()).contains("ALTERED  segment 1: records ").endsWith("records were altered\n");
    }

    private CommandRun audit() {
        return Program.exeat(
                        "audit",
                        "verify",
                        file("sealed"),
                        "--bundle",
                        file("identity/bundle.pem"),
                        "--trust-domain",
                        Rig.TRUST_DOMAIN)
                .run();
    }

    private String id(String verdict) {
        return rig.records().stream()
                .filter(record -> text(record, "/verdict").equals(verdict))
                .map(record -> text(record, "/id"))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void a_log_that_may_lose_no_line_holds_connections_until_it_works() throws Exception {
        int port;
        try (SyslogDaemon gone = new SyslogDaemon(0)) {
            port = gone.port();
        }
        String sink = "ecs=syslog:tcp://127.0.0.1:" + port;
        rig = Rig.start(
                directory, "--log-profile=" + sink, "--on-log-full=block", "--log-queue=64K", "--hello-timeout", "1s");
        RawHttp2 early = kept(new RawHttp2(rig.as("a", "h2")));

        HostileClient waiting = fill();
        int reached = rig.reached();

        // A tunnel of a connection that was accepted before gets as far as its verdict, and no further.
        early.write(early.connect(rig.authority("allowed.test")));
        early.write(RawHttp2.frame(DATA, 0, 1, HelloCases.of("N01").octets()));
        assertThat(early.readUntil(DATA).getLast().payload()).endsWith(INTERNAL_ERROR);
        await().atMost(LIMIT)
                .until(() -> rig.records().stream()
                        .anyMatch(record -> text(record, "/reason").equals("log_full")));
        assertThat(rig.reached()).isEqualTo(reached);

        SyslogDaemon daemon = kept(new SyslogDaemon(port));
        assertThat(waiting.outcome(LIMIT)).isEqualTo(new Outcome.Forwarded());
        waiting.close();
        rig.settle();
        // All of them: a line at the beginning and one at the end of each that was carried, and one of the other.
        int lines = 2 * rig.reached() + 1;
        await().atMost(LIMIT).until(() -> daemon.messages().size() == lines);
        assertThat(rig.metrics()).contains("exeat_log_dropped_total{sink=\"" + sink + "\"} 0.0");
    }

    /** Connects until nobody answers any more; answers the client that waits. */
    private HostileClient fill() {
        for (int i = 0; i < 200; i++) {
            HostileClient client = HostileClient.plain(rig.gateway.address("plain"));
            Outcome outcome = client.send(HelloCases.of("N01").octets()).outcome(Duration.ofMillis(700));
            if (outcome instanceof Outcome.Silence) {
                return kept(client);
            }
            assertThat(outcome).isEqualTo(new Outcome.Forwarded());
            client.close();
        }
        throw new AssertionError("the log never filled");
    }
}
