package dev.exeat.net;

/** Who does the cryptography and the protocol of a {@link TlsContext}. */
public enum TlsLibrary {
    /** BoringSSL: the fast one, for Linux on x86_64 and aarch64. */
    BORINGSSL,
    /**
     * The Java platform's own: needs no native library. A server's refusal of a certificate always carries the alert
     * certificate_unknown, because the platform lets nobody choose another one.
     */
    JSSE
}
