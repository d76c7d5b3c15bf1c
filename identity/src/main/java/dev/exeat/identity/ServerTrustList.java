package dev.exeat.identity;

import dev.exeat.model.InvalidNameException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Asks an Exeat API whom it trusts: its bundle and what it has revoked. The connection is kept between questions, and
 * made anew now and then, so that other roots in the CA file count. Not thread-safe.
 */
final class ServerTrustList implements AutoCloseable {
    private static final String PATH = "/v1/trust";
    private static final Duration TIMEOUT = Duration.ofSeconds(5);
    private static final Duration RECONNECT = Duration.ofMinutes(5);
    private static final long MAX_ANSWER = 8L * 1024 * 1024;
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final ServerSvidOptions options;
    private final URI address;
    private final InstantSource clock;
    private @Nullable ServerExchange exchange;
    private long connectedAt;
    private String tag = "";

    ServerTrustList(ServerSvidOptions options, InstantSource clock) {
        this.options = options;
        this.address = options.server().resolve(PATH);
        this.clock = clock;
    }

    /** What an answer says. */
    record Trust(TrustBundle bundle, Revocations revocations) {}

    /**
     * What is trusted now; empty if that has not changed since the last answer.
     *
     * @throws SvidUnavailableException if there is no answer, or none of use
     */
    Optional<Trust> ask() {
        HttpRequest.Builder get =
                HttpRequest.newBuilder(address).timeout(TIMEOUT).GET();
        if (!tag.isEmpty()) {
            get.header("If-None-Match", tag);
        }
        try {
            HttpResponse<String> answer = connected().send(get.build(), "the revocations", MAX_ANSWER);
            return switch (answer.statusCode()) {
                case 304 -> Optional.empty();
                case 200 -> Optional.of(read(answer));
                default ->
                    throw new SvidUnavailableException(
                            address + " tells no revocations: status " + answer.statusCode()
                                    + (answer.statusCode() == 404 ? "; it is an older Exeat, upgrade it first" : ""),
                            answer.statusCode() != 404,
                            null);
            };
        } catch (SvidUnavailableException e) {
            close();
            throw e;
        }
    }

    private ServerExchange connected() {
        long now = System.nanoTime();
        ServerExchange current = exchange;
        if (current == null || now - connectedAt > RECONNECT.toNanos()) {
            close();
            current = new ServerExchange(options.caFile(), clock, TIMEOUT);
            exchange = current;
            connectedAt = now;
        }
        return current;
    }

    private Trust read(HttpResponse<String> answer) {
        try {
            JsonNode body = JSON.readTree(answer.body());
            String trustDomain = body.path("trust_domain").asString("");
            JsonNode revoked = body.path("revoked");
            if (!revoked.isString()) {
                throw new IllegalArgumentException("no text in the field revoked");
            }
            Trust trust = new Trust(
                    TrustBundle.fromPem(trustDomain, body.path("bundle").asString("")),
                    Revocations.parse(revoked.stringValue()));
            tag = answer.headers().firstValue("ETag").orElse("");
            return trust;
        } catch (JacksonException | IllegalArgumentException | InvalidBundleException | InvalidNameException e) {
            throw new SvidUnavailableException(
                    "the revocations from " + address + " are of no use: "
                            + ServerLink.printable(String.valueOf(e.getMessage())),
                    true,
                    e);
        }
    }

    @Override
    public void close() {
        ServerExchange current = exchange;
        if (current != null) {
            exchange = null;
            current.close();
        }
    }
}
