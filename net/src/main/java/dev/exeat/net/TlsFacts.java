package dev.exeat.net;

import java.util.List;

/**
 * What a handshake agreed on.
 *
 * @param peerChainDer the peer's certificates, the leaf first
 * @param alpn the chosen application protocol, empty if none
 * @param serverName what the client asked for, empty if nothing; hostile text on a server
 * @param version as in {@code TLSv1.3}
 */
public record TlsFacts(List<byte[]> peerChainDer, String alpn, String serverName, String version) {
    static final TlsFacts NONE = new TlsFacts(List.of(), "", "", "");
}
