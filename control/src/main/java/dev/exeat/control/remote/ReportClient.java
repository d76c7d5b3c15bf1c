package dev.exeat.control.remote;

import dev.exeat.control.gateways.GatewayReport;
import dev.exeat.control.gateways.GatewayRoutes;
import dev.exeat.identity.ServerLink;
import dev.exeat.identity.ServerSvidOptions;
import dev.exeat.identity.SvidUnavailableException;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/** Sends reports to the server, over a connection that is kept. For one thread. */
public final class ReportClient implements Consumer<GatewayReport>, AutoCloseable {
    private static final Duration TIMEOUT = Duration.ofSeconds(5);
    /** So that other roots in the CA file count. */
    private static final Duration RECONNECT = Duration.ofMinutes(5);

    private static final long MAX_ANSWER = 64L * 1024;

    private final ServerSvidOptions server;
    private final InstantSource clock;
    private @Nullable HttpClient client;
    private long connectedAt;

    public ReportClient(ServerSvidOptions server, InstantSource clock) {
        this.server = server;
        this.clock = clock;
    }

    /** @throws FeedException if the server does not take it */
    @Override
    public void accept(GatewayReport report) {
        URI address = server.server().resolve(GatewayRoutes.PATH + report.name());
        try {
            HttpRequest put = HttpRequest.newBuilder(address)
                    .timeout(TIMEOUT)
                    .header("Authorization", "Bearer " + ServerLink.token(server.tokenFile()))
                    .header("Content-Type", "application/json")
                    .PUT(BodyPublishers.ofByteArray(body(report)))
                    .build();
            HttpResponse<String> answer = connected()
                    .send(put, BodyHandlers.limiting(BodyHandlers.ofString(StandardCharsets.UTF_8), MAX_ANSWER));
            if (answer.statusCode() != 200) {
                throw new FeedException(
                        FeedException.Kind.AWAY,
                        address + " answers " + answer.statusCode() + said(answer.body()),
                        null);
            }
        } catch (IOException | SvidUnavailableException e) {
            close();
            throw new FeedException(
                    FeedException.Kind.AWAY, "cannot report to " + address + ": " + ServerLink.reason(e), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new FeedException(FeedException.Kind.AWAY, "interrupted", e);
        }
    }

    private static byte[] body(GatewayReport report) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("policy_digest", report.digest());
        fields.put("resource_version", report.resourceVersion());
        fields.put("version", report.version());
        fields.put("started", report.started().toString());
        return JsonMapper.shared().writeValueAsBytes(fields);
    }

    private static String said(String body) {
        try {
            String message = JsonMapper.shared().readTree(body).path("message").asString("");
            return message.isEmpty() ? "" : ": " + ServerLink.printable(message);
        } catch (JacksonException e) {
            return "";
        }
    }

    private HttpClient connected() {
        HttpClient current = client;
        if (current == null || System.nanoTime() - connectedAt > RECONNECT.toNanos()) {
            close();
            current = ServerLink.client(server.caFile(), clock, TIMEOUT);
            client = current;
            connectedAt = System.nanoTime();
        }
        return current;
    }

    @Override
    public void close() {
        HttpClient current = client;
        if (current != null) {
            client = null;
            current.shutdownNow();
        }
    }
}
