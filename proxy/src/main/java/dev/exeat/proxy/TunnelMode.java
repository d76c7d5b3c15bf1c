package dev.exeat.proxy;

/** How the application's TLS is carried to the listener. */
public enum TunnelMode {
    CONNECT_H2("connect-h2"),
    CONNECT_HTTP1("connect-http1"),
    /** The ClientHello follows the outer handshake directly; the outer SNI names the host. */
    DIRECT("direct"),
    PLAIN("plain"),
    /** The connection ended before it was known. */
    UNKNOWN("unknown");

    private final String code;

    TunnelMode(String code) {
        this.code = code;
    }

    /** As records spell it. */
    public String code() {
        return code;
    }
}
