package dev.exeat.net;

import java.util.List;

/** Judges the certificates that a peer proved itself with. Called on loops, so it must be quick; safe for any thread. */
@FunctionalInterface
public interface PeerVerifier {
    /** @param chainDer the peer's certificates, the leaf first; not empty */
    PeerVerdict verify(List<byte[]> chainDer);
}
