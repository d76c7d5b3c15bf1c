package dev.exeat.net;

/** Who does the cryptography and the protocol of a {@link TlsContext}. */
public enum TlsLibrary {
    /** BoringSSL: the fast one, for Linux on x86_64 and aarch64. */
    BORINGSSL,
    /**
     * The Java platform's own: needs no native library. A server's refusal of a certificate always carries the alert
     * certificate_unknown, because the platform lets nobody choose another one. Under TLS 1.2 it sends no more data
     * once it has read the peer's close_notify, as RFC 5246 section 7.2.1 asks; a peer that ends its direction and
     * waits for the answer needs TLS 1.3, or the other library.
     */
    JSSE
}
