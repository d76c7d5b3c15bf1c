package dev.exeat.net;

import java.util.List;

/**
 * What a handshake agreed on.
 *
 * @param peerChainDer the peer's certificates, the leaf first; also of a resumed session
 * @param alpn the chosen application protocol, empty if none
 * @param serverName what the client asked for, empty if nothing; hostile text on a server
 * @param version as in {@code TLSv1.3}
 * @param resumed whether the peer proved itself in an earlier connection; its certificates were judged again now
 */
public record TlsFacts(List<byte[]> peerChainDer, String alpn, String serverName, String version, boolean resumed) {
    static final TlsFacts NONE = new TlsFacts(List.of(), "", "", "", false);
}
