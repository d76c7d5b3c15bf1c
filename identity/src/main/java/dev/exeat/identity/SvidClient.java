package dev.exeat.identity;

import dev.exeat.identity.SvidState.Content;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.InstantSource;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Asks an Exeat API for an SVID over TLS. Files are read anew for each request. Thread-safe. */
final class SvidClient {
    private static final String PATH = "/v1/svid";
    private static final Duration TIMEOUT = Duration.ofSeconds(30);
    private static final long MAX_ANSWER = 512L * 1024;
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final ServerSvidOptions options;
    private final URI address;
    private final InstantSource clock;

    SvidClient(ServerSvidOptions options, InstantSource clock) {
        this.options = options;
        this.address = options.server().resolve(PATH);
        this.clock = clock;
    }

    /** @throws SvidUnavailableException if the server cannot be reached, refuses, or answers with anything else */
    Content fetch() {
        SvidRequest request = new SvidRequest(clock);
        HttpRequest post = HttpRequest.newBuilder(address)
                .timeout(TIMEOUT)
                .header("Content-Type", "application/json")
                .header("Authorization", "Bearer " + ServerLink.token(options.tokenFile()))
                .POST(BodyPublishers.ofString(request.json()))
                .build();
        HttpResponse<String> answer;
        try (ServerExchange exchange = new ServerExchange(options.caFile(), clock, TIMEOUT)) {
            answer = exchange.send(post, "an SVID", MAX_ANSWER);
        }
        if (answer.statusCode() != 200) {
            throw refused(answer);
        }
        return request.read(answer.body());
    }

    private SvidUnavailableException refused(HttpResponse<String> answer) {
        int status = answer.statusCode();
        boolean transientFault = status == 408 || status == 429 || status >= 500;
        return new SvidUnavailableException(
                address + " refuses an SVID with status " + status + said(answer.body()), transientFault, null);
    }

    private static String said(String body) {
        try {
            JsonNode message = JSON.readTree(body).path("message");
            return message.isString() ? ": " + ServerLink.printable(message.stringValue()) : "";
        } catch (JacksonException e) {
            return "";
        }
    }
}
