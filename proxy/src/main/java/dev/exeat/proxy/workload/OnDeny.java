package dev.exeat.proxy.workload;

/** How the application learns that it may not connect. */
public enum OnDeny {
    /** A CONNECT is answered with 403 and JSON, a SOCKS5 request with "not allowed", before any TLS. */
    HTTP,
    /** The tunnel is opened at once, and the application's ClientHello is answered with a TLS alert. */
    ALERT
}
