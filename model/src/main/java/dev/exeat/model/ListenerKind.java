package dev.exeat.model;

import java.util.Locale;

/** How a connection came in. */
public enum ListenerKind {
    /** Mutual TLS; the certificate proves the caller. */
    TUNNEL,
    /** An application's TLS as it is, without an identity. */
    PLAIN,
    /** The workload proxy's own listener on loopback. */
    WORKLOAD,
    /** The workload proxy's listener for connections that the kernel redirected to it. */
    TRANSPARENT;

    private final String code = name().toLowerCase(Locale.ROOT);

    public String code() {
        return code;
    }
}
