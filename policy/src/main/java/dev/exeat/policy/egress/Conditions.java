package dev.exeat.policy.egress;

import dev.exeat.model.HelloFacts;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What the hello must be like for a policy to match. Null and empty where not asked for.
 *
 * @param minVersion the client must offer this protocol version or a newer one, as on the wire (0x0303 is TLS 1.2)
 * @param maxVersion the client must offer nothing newer
 * @param alpn of these protocols the client must offer one
 */
public record Conditions(
        @Nullable Integer minVersion,
        @Nullable Integer maxVersion,
        Set<String> alpn,
        @Nullable Boolean ech,
        @Nullable Boolean postQuantum) {
    public static final Conditions NONE = new Conditions(null, null, Set.of(), null, null);

    public Conditions {
        alpn = Set.copyOf(alpn);
    }

    public boolean isEmpty() {
        return equals(NONE);
    }

    public boolean hold(HelloFacts hello) {
        return miss(hello) == null;
    }

    /** Why they do not hold, for people; null where they do. May hold text of the client. */
    public @Nullable String miss(HelloFacts hello) {
        int newest = hello.versions().isEmpty() ? 0 : Collections.max(hello.versions());
        if (minVersion != null && newest < minVersion) {
            return "the client offers nothing newer than " + version(newest) + ", and " + version(minVersion)
                    + " is asked for";
        }
        if (maxVersion != null && newest > maxVersion) {
            return "the client offers " + version(newest) + ", which is newer than " + version(maxVersion);
        }
        if (!alpn.isEmpty() && Collections.disjoint(alpn, hello.alpn())) {
            return "the client offers none of the application protocols " + sorted(alpn);
        }
        if (ech != null && ech != hello.ech()) {
            return ech ? "the hello has no encrypted_client_hello" : "the hello has encrypted_client_hello";
        }
        if (postQuantum != null && postQuantum != hello.postQuantum()) {
            return postQuantum
                    ? "the client offers no post-quantum key exchange"
                    : "the client offers post-quantum key exchange";
        }
        return null;
    }

    private static String sorted(Set<String> values) {
        List<String> sorted = values.stream().sorted().toList();
        return String.join(", ", sorted);
    }

    private static String version(int version) {
        return switch (version) {
            case 0x0304 -> "TLS 1.3";
            case 0x0303 -> "TLS 1.2";
            case 0x0302 -> "TLS 1.1";
            case 0x0301 -> "TLS 1.0";
            default -> String.format("version 0x%04x", version);
        };
    }
}
