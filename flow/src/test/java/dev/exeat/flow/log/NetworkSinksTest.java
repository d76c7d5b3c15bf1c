package dev.exeat.flow.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import dev.exeat.flow.LineWriter;
import dev.exeat.flow.Records;
import dev.exeat.flow.profile.LogOrigin;
import dev.exeat.flow.profile.LogProfile;
import dev.exeat.flow.profile.OtelEnvelope;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Sinks that are somewhere else, with real sockets. */
class NetworkSinksTest {
    private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();

    private static ConnectionLogs open(LogProfile profile, LogTarget target) {
        return open(profile, target, OnLogFull.DROP);
    }

    private static ConnectionLogs open(LogProfile profile, LogTarget target, OnLogFull onFull) {
        return ConnectionLogsTest.open(ConnectionLogsTest.one(profile, target, onFull));
    }

    private static LineWriter writer(ConnectionLogs logs) {
        return logs.writers().getFirst();
    }

    /** One message of a stream, by the count of its octets. */
    private static String counted(DataInputStream in) throws IOException {
        int length = 0;
        for (int c = in.read(); c != ' '; c = in.read()) {
            length = length * 10 + Character.digit(c, 10);
        }
        return new String(in.readNBytes(length), StandardCharsets.UTF_8);
    }

    @Test
    void a_stream_counts_octets_and_goes_on_with_the_next_daemon() throws Exception {
        try (ServerSocket daemon = new ServerSocket(0, 5, LOOPBACK);
                ConnectionLogs logs =
                        open(LogProfile.ECS, new LogTarget.SyslogTcp("127.0.0.1", daemon.getLocalPort()))) {
            logs.write(Records.opened());
            logs.write(Records.closed());
            try (Socket first = daemon.accept()) {
                DataInputStream in = new DataInputStream(first.getInputStream());
                assertThat(counted(in)).startsWith("<134>1 2026-01-02T03:04:05.699000Z gw-1 exeat ");
                assertThat(counted(in))
                        .contains(" close [exeat@32473 profile=\"ecs\" id=\"abc-7\"")
                        .endsWith("}");
            }
            logs.write(Records.denied());
            try (Socket second = daemon.accept()) {
                assertThat(counted(new DataInputStream(second.getInputStream())))
                        .startsWith("<132>1 ")
                        .contains(" deny [", "reason=\"policy_denied\"");
            }
            await().until(() -> writer(logs).written() == 3);
            assertThat(writer(logs).dropped()).isZero();
        }
    }

    @Test
    void lines_wait_for_a_daemon_that_is_not_there_yet() throws Exception {
        int port;
        try (ServerSocket free = new ServerSocket(0, 5, LOOPBACK)) {
            port = free.getLocalPort();
        }
        try (ConnectionLogs logs = open(LogProfile.ISTIO, new LogTarget.SyslogTcp("127.0.0.1", port))) {
            for (int i = 0; i < 100; i++) {
                logs.write(Records.closed());
            }
            try (ServerSocket daemon = new ServerSocket(port, 5, LOOPBACK);
                    Socket connection = daemon.accept()) {
                DataInputStream in = new DataInputStream(connection.getInputStream());
                for (int i = 0; i < 100; i++) {
                    assertThat(counted(in)).endsWith("en.wikipedia.org -");
                }
            }
        }
    }

    @Test
    void each_line_is_a_datagram() throws Exception {
        try (DatagramSocket daemon = new DatagramSocket(0, LOOPBACK);
                ConnectionLogs logs =
                        open(LogProfile.SMOKESCREEN, new LogTarget.SyslogUdp("127.0.0.1", daemon.getLocalPort()))) {
            daemon.setSoTimeout(10_000);
            logs.write(Records.opened());
            logs.write(Records.closed());
            for (String expected : List.of("CANONICAL-PROXY-DECISION", "CANONICAL-PROXY-CN-CLOSE")) {
                DatagramPacket packet = new DatagramPacket(new byte[65536], 65536);
                daemon.receive(packet);
                assertThat(new String(packet.getData(), 0, packet.getLength(), StandardCharsets.UTF_8))
                        .startsWith("<134>1 ")
                        .contains(expected)
                        .endsWith("}");
            }
        }
    }

    @Test
    void a_collector_gets_batches_again_until_it_takes_them() throws Exception {
        AtomicInteger asked = new AtomicInteger();
        List<JsonNode> taken = new CopyOnWriteArrayList<>();
        try (Collector collector = new Collector(body -> {
                    if (asked.getAndIncrement() == 0) {
                        return 503;
                    }
                    body.get("resourceLogs")
                            .get(0)
                            .get("scopeLogs")
                            .get(0)
                            .get("logRecords")
                            .forEach(taken::add);
                    return 200;
                });
                ConnectionLogs logs = open(LogProfile.OTEL, new LogTarget.Collector(collector.logs()))) {
            for (int i = 0; i < 3000; i++) {
                logs.write(Records.closed());
            }
            await().until(() -> writer(logs).written() == 3000);
        }
        assertThat(taken)
                .hasSize(3000)
                .allSatisfy(
                        record -> assertThat(record.get("eventName").asString()).isEqualTo("exeat.connection.close"));
    }

    @Test
    void what_a_collector_refuses_for_good_is_dropped_and_counted() throws Exception {
        try (Collector collector = new Collector(_ -> 400);
                ConnectionLogs logs = open(LogProfile.OTEL, new LogTarget.Collector(collector.logs()))) {
            logs.write(Records.closed());

            await().until(() -> writer(logs).dropped() == 1);
        }
    }

    @Test
    void a_log_that_may_lose_no_line_offers_again_what_a_collector_refused_for_good() throws Exception {
        AtomicInteger asked = new AtomicInteger();
        try (Collector collector = new Collector(_ -> asked.getAndIncrement() == 0 ? 401 : 200);
                ConnectionLogs logs =
                        open(LogProfile.OTEL, new LogTarget.Collector(collector.logs()), OnLogFull.BLOCK)) {
            logs.write(Records.closed());

            await().until(() -> writer(logs).written() == 1);
            assertThat(writer(logs).dropped()).isZero();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {200, 404})
    void an_answer_of_any_length_is_judged_by_its_status(int status) throws Exception {
        try (Collector collector = new Collector(_ -> status, "{\"page\":\"" + "x".repeat(100_000) + "\"}");
                ConnectionLogs logs = open(LogProfile.OTEL, new LogTarget.Collector(collector.logs()))) {
            logs.write(Records.closed());

            await().until(() -> writer(logs).written() + writer(logs).dropped() == 1);
            assertThat(writer(logs).written()).isEqualTo(status == 200 ? 1 : 0);
        }
    }

    @Test
    @Timeout(20)
    void an_answer_that_does_not_end_is_given_up() throws Exception {
        try (ServerSocket server = new ServerSocket(0, 5, LOOPBACK)) {
            Thread.ofVirtual().start(() -> {
                try (Socket asked = server.accept()) {
                    asked.getOutputStream()
                            .write("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{".getBytes(StandardCharsets.US_ASCII));
                    asked.getInputStream().readAllBytes();
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
            CollectorSink sink = new CollectorSink(
                    URI.create("http://127.0.0.1:" + server.getLocalPort() + "/v1/logs"),
                    new OtelEnvelope(new LogOrigin("1.0", "gw-1", "unknown", "exeat-gateway")),
                    OnLogFull.DROP,
                    Duration.ofMillis(300));

            assertThatThrownBy(() -> sink.write("{}\n".getBytes(StandardCharsets.US_ASCII), 3))
                    .isInstanceOf(HttpTimeoutException.class);
            sink.close();
        }
    }

    @Test
    void what_a_collector_takes_only_in_part_is_dropped_in_part() throws Exception {
        try (Collector collector = new Collector(_ -> 200, "{\"partialSuccess\":{\"rejectedLogRecords\":\"1\"}}");
                ConnectionLogs logs = open(LogProfile.OTEL, new LogTarget.Collector(collector.logs()))) {
            logs.write(Records.opened());
            await().until(() -> writer(logs).dropped() == 1);

            assertThat(writer(logs).written()).isZero();
        }
    }

    /** A collector that answers what it is told to. */
    private static final class Collector implements AutoCloseable {
        interface Answer {
            int to(JsonNode body);
        }

        private final HttpServer server = HttpServer.create(new InetSocketAddress(LOOPBACK, 0), 0);

        Collector(Answer answer) throws IOException {
            this(answer, "{}");
        }

        Collector(Answer answer, String told) throws IOException {
            server.createContext("/v1/logs", exchange -> {
                boolean json = exchange.getRequestMethod().equals("POST")
                        && List.of("application/json")
                                .equals(exchange.getRequestHeaders().get("Content-Type"));
                JsonNode body =
                        JsonMapper.shared().readTree(exchange.getRequestBody().readAllBytes());
                byte[] said = told.getBytes(StandardCharsets.UTF_8);
                exchange.sendResponseHeaders(json ? answer.to(body) : 415, said.length);
                exchange.getResponseBody().write(said);
                exchange.close();
            });
            server.start();
        }

        URI logs() {
            return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/v1/logs");
        }

        @Override
        public void close() {
            server.stop(0);
        }
    }
}
