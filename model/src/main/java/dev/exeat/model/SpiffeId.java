package dev.exeat.model;

import org.jspecify.annotations.Nullable;

/**
 * A SPIFFE ID of a workload, {@code spiffe://trust-domain/path}, as the SPIFFE-ID standard (sections 2.1 to 2.4)
 * writes it: lower-case trust domain, at least one path segment, no empty or dot segment, no percent-encoding,
 * no query, fragment, user or port, at most 2048 octets. Immutable.
 *
 * @param path without the leading slash
 */
public record SpiffeId(String trustDomain, String path) {
    public static final String SCHEME = "spiffe://";
    /** In octets, which are characters: an identity is ASCII. */
    public static final int MAX_LENGTH = 2048;

    private static final int MAX_TRUST_DOMAIN = 255;

    /** @throws InvalidNameException if a part is not as the standard has it */
    public SpiffeId {
        checkTrustDomain(trustDomain);
        checkPath(path);
        if (SCHEME.length() + trustDomain.length() + 1 + path.length() > MAX_LENGTH) {
            throw new InvalidNameException("the SPIFFE ID is longer than " + MAX_LENGTH + " octets");
        }
    }

    /** @throws InvalidNameException if {@code uri} is not a workload's SPIFFE ID */
    public static SpiffeId parse(String uri) {
        if (!uri.startsWith(SCHEME)) {
            throw new InvalidNameException("a SPIFFE ID begins with spiffe://");
        }
        int slash = uri.indexOf('/', SCHEME.length());
        if (slash < 0) {
            throw new InvalidNameException("the SPIFFE ID has no path");
        }
        return new SpiffeId(uri.substring(SCHEME.length(), slash), uri.substring(slash + 1));
    }

    /** The ID that Istio and Exeat give to a service account: {@code spiffe://td/ns/namespace/sa/name}. */
    public static SpiffeId ofServiceAccount(String trustDomain, String namespace, String name) {
        return new SpiffeId(trustDomain, "ns/" + namespace + "/sa/" + name);
    }

    /** @throws InvalidNameException if the text is no trust domain name */
    public static void checkTrustDomain(String trustDomain) {
        if (trustDomain.isEmpty() || trustDomain.length() > MAX_TRUST_DOMAIN) {
            throw new InvalidNameException("a trust domain has 1 to " + MAX_TRUST_DOMAIN + " octets");
        }
        for (int i = 0; i < trustDomain.length(); i++) {
            char c = trustDomain.charAt(i);
            if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '-' || c == '_')) {
                throw new InvalidNameException("a trust domain holds only a-z, 0-9, '.', '-' and '_'");
            }
        }
    }

    private static void checkPath(String path) {
        for (String segment : path.split("/", -1)) {
            if (segment.isEmpty()) {
                throw new InvalidNameException("the path of a SPIFFE ID has no empty segment and no trailing slash");
            }
            if (segment.equals(".") || segment.equals("..")) {
                throw new InvalidNameException("the path of a SPIFFE ID has no dot segments");
            }
            for (int i = 0; i < segment.length(); i++) {
                char c = segment.charAt(i);
                boolean letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
                if (!letter && !(c >= '0' && c <= '9') && c != '.' && c != '-' && c != '_') {
                    throw new InvalidNameException(
                            "the path of a SPIFFE ID holds only letters, digits, '.', '-' and '_'");
                }
            }
        }
    }

    /** The ID without its scheme, which is what Mixer and Istio call the principal. */
    public String principal() {
        return trustDomain + "/" + path;
    }

    /** The text after {@code ns/} up to the next slash, or null where the path names no namespace. */
    public @Nullable String namespace() {
        return segmentAfter("ns");
    }

    /** The service account's name, or null where the path names none. */
    public @Nullable String serviceAccount() {
        return segmentAfter("sa");
    }

    /** The segment that follows a key, where keys and values take turns; without making the others. */
    private @Nullable String segmentAfter(String key) {
        int start = 0;
        while (true) {
            int keyEnd = path.indexOf('/', start);
            if (keyEnd < 0) {
                return null;
            }
            int valueEnd = path.indexOf('/', keyEnd + 1);
            if (keyEnd - start == key.length() && path.startsWith(key, start)) {
                return valueEnd < 0 ? path.substring(keyEnd + 1) : path.substring(keyEnd + 1, valueEnd);
            }
            if (valueEnd < 0) {
                return null;
            }
            start = valueEnd + 1;
        }
    }

    @Override
    public String toString() {
        return SCHEME + trustDomain + "/" + path;
    }
}
