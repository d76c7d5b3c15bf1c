package dev.exeat.control.kube;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * A document that clients keep, and of which they ask whether it is still the same (RFC 9110 section 13.1.2). Immutable.
 *
 * @param hash of the body, in hexadecimal
 */
@SuppressWarnings("ArrayRecordComponent") // Compared by its hash.
record CachedDocument(String contentType, byte[] body, String hash) {
    private static final String CACHE_CONTROL = "Cache-Control";
    private static final int NOT_MODIFIED = 304;
    private static final int MOVED = 301;

    static CachedDocument of(String contentType, ObjectNode body) {
        byte[] octets = JsonMapper.shared().writeValueAsBytes(body);
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(octets);
            return new CachedDocument(
                    contentType, octets, HexFormat.of().withUpperCase().formatHex(digest));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    /**
     * The document, or that it is as the client has it.
     *
     * @param cacheControl how long the client may keep it
     */
    Answer answer(String ifNoneMatch, String cacheControl) {
        Map<String, String> headers = Map.of("ETag", tag(), "Vary", "Accept", CACHE_CONTROL, cacheControl);
        return isKnown(ifNoneMatch) ? Answer.bare(NOT_MODIFIED, headers) : Answer.of(200, contentType, body, headers);
    }

    /** Where the document is, for one that asked for an older one. */
    Answer moved(String location) {
        return Answer.bare(MOVED, Map.of("ETag", tag(), "Location", location));
    }

    private String tag() {
        return '"' + hash + '"';
    }

    /** By the weak comparison, as for all requests that only read. */
    private boolean isKnown(String ifNoneMatch) {
        for (String known : ifNoneMatch.split(",", -1)) {
            String tag = known.strip();
            if (tag.equals("*") || (tag.startsWith("W/") ? tag.substring(2) : tag).equals(tag())) {
                return true;
            }
        }
        return false;
    }
}
