package dev.exeat.control.api;

import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A request as a route sees it.
 *
 * @param variables what the path has in the places of the template's {@code {name}}, percent-decoded
 * @param query undecoded, empty where there is none
 * @param headers all values of a header, by its name in any case
 * @param body whole, bounded by the server
 * @param caller where the request comes from
 */
public record ApiRequest(
        Map<String, String> variables, String query, Function<String, List<String>> headers, byte[] body, Peer caller) {

    /**
     * Who is at the other end of the connection.
     *
     * @param address for the log
     * @param certificate whose key the TLS handshake has proved the caller to hold, not verified otherwise
     */
    public record Peer(String address, @Nullable X509Certificate certificate) {}

    /** A header that may stand once; empty where it is missing. */
    public String header(String name) {
        List<String> values = headers.apply(name);
        if (values.size() > 1) {
            throw new ApiException(
                    400, "header_repeated", "the header " + name + " stands more than once", "send it once");
        }
        return values.isEmpty() ? "" : values.getFirst().strip();
    }

    /**
     * The bearer token (RFC 6750 section 2.1).
     *
     * @throws ApiException 401 where there is none
     */
    public String bearerToken() {
        String value = header("Authorization");
        boolean bearer = value.regionMatches(true, 0, "Bearer ", 0, 7);
        String token = bearer ? value.substring(7).strip() : "";
        if (token.isEmpty()) {
            throw new ApiException(
                    401,
                    "unauthenticated",
                    "the request has no bearer token",
                    "send \"Authorization: Bearer TOKEN\"; exeat token create makes one",
                    Map.of("WWW-Authenticate", "Bearer"));
        }
        return token;
    }
}
