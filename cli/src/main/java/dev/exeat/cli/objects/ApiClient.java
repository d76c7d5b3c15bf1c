package dev.exeat.cli.objects;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Asks the API (Kubernetes API conventions). Not thread-safe. */
final class ApiClient implements AutoCloseable {
    static final String JSON = "application/json";
    private static final Duration CONNECT = Duration.ofSeconds(10);
    private static final Duration ANSWER = Duration.ofSeconds(60);
    private static final int REFUSED = 400;

    private final Access access;
    private final HttpClient http;
    private final Consumer<String> warnings;
    private final Set<String> warned = new HashSet<>();

    /** @param warnings told once each */
    ApiClient(Access access, Consumer<String> warnings) {
        this.access = access;
        this.warnings = warnings;
        this.http = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .sslContext(access.tls())
                .connectTimeout(CONNECT)
                .build();
    }

    Access access() {
        return access;
    }

    /** @throws ObjectException if the server refuses or cannot be reached */
    ObjectNode get(String path, String accept) {
        return object(send(request(path, accept).timeout(ANSWER).GET().build(), BodyHandlers.ofString()));
    }

    /** @throws ObjectException if the server refuses or cannot be reached */
    ObjectNode send(String method, String path, String contentType, JsonNode body) {
        HttpRequest request = request(path, JSON)
                .timeout(ANSWER)
                .header("Content-Type", contentType)
                .method(method, BodyPublishers.ofString(body.toString()))
                .build();
        return object(send(request, BodyHandlers.ofString()));
    }

    /** The object, or null if there is none. */
    @Nullable
    ObjectNode find(String path) {
        try {
            return get(path, JSON);
        } catch (ObjectException e) {
            if (e.isNotFound()) {
                return null;
            }
            throw e;
        }
    }

    /** Calls the reader with each line of an answer that goes on for long. */
    void follow(String path, String accept, Consumer<String> line) {
        HttpResponse<Stream<String>> response = send(request(path, accept).GET().build(), BodyHandlers.ofLines());
        try (Stream<String> lines = response.body()) {
            if (response.statusCode() >= REFUSED) {
                throw refusal(response.statusCode(), String.join("\n", lines.toList()));
            }
            lines.forEach(line);
        } catch (UncheckedIOException e) {
            throw ObjectException.saying("Unable to connect to the server: " + e.getMessage());
        }
    }

    private HttpRequest.Builder request(String path, String accept) {
        HttpRequest.Builder builder = HttpRequest.newBuilder(URI.create(access.server() + path))
                .header("Accept", accept)
                .header("User-Agent", "exeat");
        return access.authorization().isEmpty() ? builder : builder.header("Authorization", access.authorization());
    }

    private <T> HttpResponse<T> send(HttpRequest request, HttpResponse.BodyHandler<T> handler) {
        try {
            HttpResponse<T> response = http.send(request, handler);
            response.headers().allValues("Warning").forEach(this::warn);
            return response;
        } catch (IOException e) {
            throw unreachable(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw ObjectException.of("interrupted");
        }
    }

    private ObjectException unreachable(IOException e) {
        String at = access.server().getRawAuthority();
        return e instanceof ConnectException
                ? ObjectException.saying(
                        "The connection to the server " + at + " was refused - did you specify the right host or port?")
                : ObjectException.saying(
                        "Unable to connect to the server: " + (e.getMessage() == null ? e.toString() : e.getMessage()));
    }

    private static ObjectNode object(HttpResponse<String> response) {
        if (response.statusCode() >= REFUSED) {
            throw refusal(response.statusCode(), response.body());
        }
        try {
            if (JsonMapper.shared().readTree(response.body()) instanceof ObjectNode object) {
                return object;
            }
        } catch (JacksonException e) {
            throw ObjectException.of("the server's answer cannot be read: " + e.getOriginalMessage());
        }
        throw ObjectException.of("the server's answer is no object");
    }

    private static ObjectException refusal(int code, String body) {
        try {
            JsonNode status = JsonMapper.shared().readTree(body);
            if (status.path("kind").asString("").equals("Status")) {
                return ObjectException.refused(status);
            }
        } catch (JacksonException e) {
            // No Status: told by its code.
        }
        return ObjectException.of("the server answered with status " + code);
    }

    /** {@code 299 - "text"} (RFC 7234 section 5.5). */
    private void warn(String header) {
        int quote = header.indexOf('"');
        int end = header.lastIndexOf('"');
        if (quote >= 0 && end > quote && warned.add(header)) {
            warnings.accept(
                    header.substring(quote + 1, end).replace("\\\"", "\"").replace("\\\\", "\\"));
        }
    }

    @Override
    public void close() {
        http.shutdownNow();
    }
}
