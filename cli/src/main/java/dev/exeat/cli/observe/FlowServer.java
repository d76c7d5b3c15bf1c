package dev.exeat.cli.observe;

import dev.exeat.flow.store.FlowStoreException;
import dev.exeat.identity.ServerLink;
import java.io.IOException;
import java.io.InputStream;
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

    private static final Patience USUAL = new Patience(Duration.ofSeconds(20), Duration.ofMillis(500));

    private final URI address;
    private final HttpClient http;
    private final Supplier<String> authorization;
    private final Patience patience;

    /**
     * How long it is waited.
     *
     * @param silence until a server that says nothing is gone: four times as long as one that is at work ever is silent
     * @param pause before it is asked again, at first
     */
    record Patience(Duration silence, Duration pause) {}

    /** @param authorization the value of that header, asked for each request; empty where a client certificate does */
    FlowServer(URI address, HttpClient http, Supplier<String> authorization) {
        this(address, http, authorization, USUAL);
    }

    FlowServer(URI address, HttpClient http, Supplier<String> authorization, Patience patience) {
        this.address = address;
        this.http = http;
        this.authorization = authorization;
        this.patience = patience;
    }

    Patience patience() {
        return patience;
    }

    URI address() {
        return address;
    }

    /**
     * The lines of an answer.
     *
     * @throws IOException if the server cannot be reached, or cannot answer now
     * @throws FlowStoreException if it refuses
     */
    ServerLines open(String path, List<Map.Entry<String, String>> query) throws IOException {
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
                String why = why(answer.statusCode(), body.readNBytes(LONGEST_REFUSAL));
                if (isPassing(answer.statusCode())) {
                    throw new ServerAwayException(why, retryAfter(answer));
                }
                throw new FlowStoreException(
                        address + " refuses: " + why, new IOException("status " + answer.statusCode()));
            }
        }
        return new ServerLines(answer.body(), patience.silence());
    }

    /** Whether the same question may be answered later. */
    private static boolean isPassing(int status) {
        return status == 408 || status == 429 || status >= 500;
    }

    /** RFC 9110 section 10.2.3, of which a date is not looked at. */
    private static Duration retryAfter(HttpResponse<?> answer) {
        String seconds = answer.headers().firstValue("Retry-After").orElse("");
        try {
            return Duration.ofSeconds(Math.max(0, Integer.parseInt(seconds)));
        } catch (NumberFormatException e) {
            return Duration.ZERO;
        }
    }

    private static String why(int status, byte[] body) {
        String why = "it answered with status " + status;
        try {
            JsonNode told = JsonMapper.shared().readTree(body);
            String cure = told.path("what_to_do").asString("");
            why = told.path("message").asString(why) + (cure.isEmpty() ? "" : "; " + cure);
        } catch (JacksonException e) {
            // No answer of its own: told by its status.
        }
        return ServerLink.printable(why);
    }

    FlowStoreException failed(IOException cause) {
        String why =
                cause instanceof ServerAwayException ? String.valueOf(cause.getMessage()) : ServerLink.reason(cause);
        return new FlowStoreException("the server " + address + " cannot be read (" + why + ")", cause);
    }

    @Override
    public void close() {
        http.shutdownNow();
    }
}
