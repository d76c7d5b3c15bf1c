package dev.exeat.model;

import java.util.List;

/**
 * What a ClientHello says openly. The name and the lists come from the client and are hostile text.
 *
 * @param serverName the canonical name
 * @param rawName the name as the client wrote it, octet by octet as ISO 8859-1
 * @param versions protocol versions as on the wire (0x0304 is TLS 1.3), GREASE values left out, best first
 * @param alpn application protocols, as ISO 8859-1, in the client's order
 * @param ech whether the extension encrypted_client_hello (0xfe0d) is present, real or GREASE (RFC 9849)
 * @param postQuantum whether a key share or supported group is a post-quantum hybrid
 * @param length octets of the ClientHello message
 */
public record HelloFacts(
        ServerName serverName,
        String rawName,
        List<Integer> versions,
        List<String> alpn,
        boolean ech,
        boolean postQuantum,
        int length) {
    public HelloFacts {
        // Mostly the same text; a connection keeps it as long as it lives.
        rawName = rawName.equals(serverName.value()) ? serverName.value() : rawName;
        versions = List.copyOf(versions);
        alpn = List.copyOf(alpn);
    }
}
