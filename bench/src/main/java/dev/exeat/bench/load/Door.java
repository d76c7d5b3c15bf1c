package dev.exeat.bench.load;

/** How a client gets to the upstream through a measured program. */
public enum Door {
    /** The application's TLS straight to the port. */
    PLAIN,
    /** The application's TLS inside mutual TLS. */
    MUTUAL_TLS,
    /** A CONNECT stream of one long-lived HTTP/2 connection over mutual TLS. */
    HTTP2,
    /** An HTTP/1.1 CONNECT in the clear. */
    CONNECT,
    /** An HTTP/1.1 CONNECT inside mutual TLS. */
    CONNECT_TLS,
    /** SOCKS5 with a host name. */
    SOCKS5
}
