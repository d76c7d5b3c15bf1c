package dev.exeat.cli.observe;

import dev.exeat.flow.store.FlowStoreException;
import dev.exeat.identity.ServerLink;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A server that is asked for lines. Not thread-safe. */
final class FlowServer implements AutoCloseable {
    private static final int OK = 200;
    private static final int LONGEST_REFUSAL = 64 * 1024;
    /** Until the head of the answer is there. */
    private static final Duration TIMEOUT = Duration.ofSeconds(30);

    private final URI address;
    private final HttpClient http;
    private final Supplier<String> authorization;

    /** @param authorization the value of that header, asked for each request; empty where a client certificate does */
    FlowServer(URI address, HttpClient http, Supplier<String> authorization) {
        this.address = address;
        this.http = http;
        this.authorization = authorization;
    }

    /**
     * The lines of an answer.
     *
     * @throws IOException if the server cannot be reached
     * @throws FlowStoreException if it refuses
     */
    BufferedReader open(String path, List<Map.Entry<String, String>> query) throws IOException {
        String parameters = query.stream()
                .map(parameter ->
                        parameter.getKey() + "=" + URLEncoder.encode(parameter.getValue(), StandardCharsets.UTF_8))
                .collect(Collectors.joining("&"));
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(address + path + "?" + parameters))
                .timeout(TIMEOUT)
                .header("User-Agent", "exeat");
        String proof = authorization.get();
        if (!proof.isEmpty()) {
            request.header("Authorization", proof);
        }
        HttpResponse<InputStream> answer;
        try {
            answer = http.send(request.GET().build(), BodyHandlers.ofInputStream());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
        if (answer.statusCode() != OK) {
            try (InputStream body = answer.body()) {
                throw refused(answer.statusCode(), body.readNBytes(LONGEST_REFUSAL));
            }
        }
        return new BufferedReader(new InputStreamReader(answer.body(), StandardCharsets.US_ASCII), 64 * 1024);
    }

    private FlowStoreException refused(int status, byte[] body) {
        String why = "it answered with status " + status;
        try {
            JsonNode told = JsonMapper.shared().readTree(body);
            String cure = told.path("what_to_do").asString("");
            why = told.path("message").asString(why) + (cure.isEmpty() ? "" : "; " + cure);
        } catch (JacksonException e) {
            // No answer of its own: told by its status.
        }
        return new FlowStoreException(
                address + " refuses: " + ServerLink.printable(why), new IOException("status " + status));
    }

    FlowStoreException failed(IOException cause) {
        return new FlowStoreException(
                "the server " + address + " cannot be read (" + ServerLink.reason(cause) + ")", cause);
    }

    @Override
    public void close() {
        http.shutdownNow();
    }
}
