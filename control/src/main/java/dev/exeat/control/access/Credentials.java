package dev.exeat.control.access;

import java.security.cert.X509Certificate;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What a caller shows of itself.
 *
 * @param headers all values of a header, by its name in any case
 * @param certificate whose key the TLS handshake has proved the caller to hold, not verified otherwise
 */
public record Credentials(
        Function<String, List<String>> headers, @Nullable X509Certificate certificate) {
    private static final String BEARER = "Bearer ";

    /**
     * The bearer token (RFC 6750 section 2.1), empty where there is none.
     *
     * @throws UnauthenticatedException if there is more than one header for it
     */
    String token() {
        List<String> values = headers.apply("Authorization");
        if (values.size() > 1) {
            throw new UnauthenticatedException("more than one Authorization header");
        }
        String value = values.isEmpty() ? "" : values.getFirst();
        return value.regionMatches(true, 0, BEARER, 0, BEARER.length())
                ? value.substring(BEARER.length()).strip()
                : "";
    }
}
