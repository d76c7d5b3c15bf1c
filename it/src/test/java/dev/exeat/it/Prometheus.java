package dev.exeat.it;

import dev.exeat.testkit.BackgroundProcess;
import dev.exeat.testkit.Command;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A real Prometheus, with the configuration and the alerts that stand in {@code deploy}, but for shorter times. */
final class Prometheus implements AutoCloseable {
    static final Path DEPLOY = Path.of("..", "deploy").toAbsolutePath().normalize();

    private final BackgroundProcess process;
    private final String api;

    private Prometheus(BackgroundProcess process, String api) {
        this.process = process;
        this.api = api;
    }

    /**
     * @param program where it stands
     * @param directory for its data
     * @param target of which it gets the metrics
     */
    static Prometheus start(Path program, Path directory, InetSocketAddress target, String... more) throws IOException {
        Files.createDirectories(directory);
        Path alerts = DEPLOY.resolve("prometheus/alerts.yaml");
        String configuration = Files.readString(DEPLOY.resolve("prometheus/prometheus.yaml"))
                .replace("15s", "200ms")
                .replace("127.0.0.1:10990", target.getHostString() + ":" + target.getPort())
                .replace("- alerts.yaml", "- " + alerts);
        Files.writeString(directory.resolve("prometheus.yaml"), configuration);
        String address = "127.0.0.1:" + freePort();
        List<String> words = new ArrayList<>(List.of(
                program.toString(),
                "--config.file=" + directory.resolve("prometheus.yaml"),
                "--storage.tsdb.path=" + directory.resolve("data"),
                "--web.listen-address=" + address));
        words.addAll(List.of(more));
        return new Prometheus(Command.of(words).start(), "http://" + address);
    }

    /** It can't be asked for one: it would not say which it took. */
    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    /** The data of an answer of its API; fails if that is none. */
    JsonNode ask(String path) {
        try {
            HttpURLConnection connection =
                    (HttpURLConnection) URI.create(api + path).toURL().openConnection();
            InputStream body =
                    connection.getResponseCode() < 400 ? connection.getInputStream() : connection.getErrorStream();
            JsonNode answer = JsonMapper.shared().readTree(body.readAllBytes());
            if (!answer.path("status").asString("").equals("success")) {
                throw new IllegalStateException(path + ": " + answer);
            }
            return answer.path("data");
        } catch (IOException e) {
            throw new IllegalStateException(path + ": " + e + "\n" + String.join("\n", process.stderr()), e);
        }
    }

    /** The elements of the vector, or the scalar, that an expression has now. */
    List<JsonNode> query(String expression) {
        JsonNode data = ask("/api/v1/query?query=" + URLEncoder.encode(expression, StandardCharsets.UTF_8));
        return data.path("resultType").asString("").equals("vector")
                ? data.path("result").valueStream().toList()
                : List.of(data);
    }

    /** The only value of an expression. */
    double value(String expression) {
        List<JsonNode> all = query(expression);
        return all.size() == 1
                ? Double.parseDouble(all.getFirst().path("value").path(1).asString("NaN"))
                : Double.NaN;
    }

    /** The names of all metrics that it has. */
    List<String> names() {
        return ask("/api/v1/label/__name__/values")
                .valueStream()
                .map(JsonNode::asString)
                .toList();
    }

    void awaitTrue(String expression) {
        Awaitility.await(expression)
                .atMost(Duration.ofSeconds(15))
                .pollInterval(Duration.ofMillis(100))
                .ignoreExceptions()
                .until(() -> !query(expression).isEmpty());
    }

    @Override
    public void close() {
        process.close();
    }
}
