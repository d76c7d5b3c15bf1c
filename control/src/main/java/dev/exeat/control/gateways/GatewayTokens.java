package dev.exeat.control.gateways;

import dev.exeat.control.api.ApiException;
import dev.exeat.identity.InvalidTokenException;
import dev.exeat.identity.ServiceAccountRef;
import dev.exeat.identity.TokenAuthority;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** Lets those pass that have a token of the gateways' service account. */
public final class GatewayTokens implements GatewayAccess {
    private static final String BEARER = "Bearer ";

    private final TokenAuthority tokens;

    public GatewayTokens(TokenAuthority tokens) {
        this.tokens = tokens;
    }

    @Override
    public void require(String verb, String path, Function<String, List<String>> headers) {
        List<String> values = headers.apply("Authorization");
        String value = values.size() == 1 ? values.getFirst() : "";
        if (!value.regionMatches(true, 0, BEARER, 0, BEARER.length())) {
            throw unauthenticated("the request has no bearer token");
        }
        ServiceAccountRef account;
        try {
            account = tokens.verify(value.substring(BEARER.length()).strip()).account();
        } catch (InvalidTokenException e) {
            throw unauthenticated(String.valueOf(e.getMessage()));
        }
        if (!account.equals(ServiceAccountRef.GATEWAY)) {
            throw new ApiException(
                    403,
                    "forbidden",
                    "service account " + account + " is no gateway's and cannot " + verb + " " + path,
                    "use a token of " + ServiceAccountRef.GATEWAY);
        }
    }

    private static ApiException unauthenticated(String message) {
        return new ApiException(
                401,
                "unauthenticated",
                message,
                "send \"Authorization: Bearer TOKEN\"; exeat token create makes one",
                Map.of("WWW-Authenticate", "Bearer"));
    }
}
