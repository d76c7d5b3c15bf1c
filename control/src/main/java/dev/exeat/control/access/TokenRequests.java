package dev.exeat.control.access;

import dev.exeat.identity.ServiceAccountRef;
import dev.exeat.identity.TokenAuthority;
import java.time.Duration;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Makes tokens of service accounts on request ({@code kubectl create token}), which end with the account's object. */
public final class TokenRequests {
    private static final Duration SHORTEST = Duration.ofMinutes(10);
    private static final int MOST_AUDIENCES = 16;
    private static final int MOST_CHARACTERS = 256;

    private final TokenAuthority tokens;
    private final InstantSource clock;

    public TokenRequests(TokenAuthority tokens, InstantSource clock) {
        this.tokens = tokens;
        this.clock = clock;
    }

    /**
     * The request with its {@code status}.
     *
     * @param uid of the account's object
     * @throws IllegalArgumentException if the request asks for what cannot be; the message says which field
     */
    public ObjectNode answer(ServiceAccountRef account, String uid, ObjectNode request) {
        JsonNode spec = request.path("spec");
        if (spec.path("boundObjectRef").isObject()) {
            throw new IllegalArgumentException("spec.boundObjectRef: tokens are bound to their service account alone");
        }
        Duration lifetime = lifetime(spec.path("expirationSeconds"));
        List<String> audiences = audiences(spec.path("audiences"));
        ObjectNode answer = request.deepCopy();
        answer.withObject("/metadata").put("name", account.name()).put("namespace", account.namespace());
        ArrayNode shown = answer.withObject("/spec").putArray("audiences");
        audiences.forEach(shown::add);
        answer.withObject("/spec").put("expirationSeconds", lifetime.toSeconds());
        answer.putObject("status")
                .put("token", tokens.create(account, uid, audiences, lifetime))
                .put(
                        "expirationTimestamp",
                        clock.instant()
                                .plus(lifetime)
                                .truncatedTo(ChronoUnit.SECONDS)
                                .toString());
        return answer;
    }

    private static Duration lifetime(JsonNode seconds) {
        if (seconds.isMissingNode() || seconds.isNull()) {
            return TokenAuthority.DEFAULT_LIFETIME;
        }
        Duration lifetime = Duration.ofSeconds(seconds.asLong(0));
        if (lifetime.compareTo(SHORTEST) < 0) {
            throw new IllegalArgumentException("spec.expirationSeconds: Invalid value: " + lifetime.toSeconds()
                    + ": may not specify a duration less than 10 minutes");
        }
        return lifetime.compareTo(TokenAuthority.MAX_LIFETIME) > 0 ? TokenAuthority.MAX_LIFETIME : lifetime;
    }

    private static List<String> audiences(JsonNode array) {
        List<String> audiences = new ArrayList<>();
        for (JsonNode audience : array) {
            String text = audience.asString("");
            if (text.isEmpty() || text.length() > MOST_CHARACTERS || audiences.size() == MOST_AUDIENCES) {
                throw new IllegalArgumentException("spec.audiences: at most " + MOST_AUDIENCES + ", each of 1 to "
                        + MOST_CHARACTERS + " characters");
            }
            audiences.add(text);
        }
        return audiences.isEmpty() ? List.of(TokenAuthority.AUDIENCE) : audiences;
    }
}
