package dev.exeat.it.faults;

/** The ways through the mesh that the load takes. */
enum Route {
    /** Mutual TLS to {@code exeat up}, then an HTTP/1.1 CONNECT. */
    UP(Role.UP),
    /** The same to {@code exeat gateway}. */
    GATEWAY(Role.GATEWAY),
    /** A CONNECT to the workload proxy, which opens an HTTP/2 tunnel to {@code exeat gateway}. */
    PROXY(Role.GATEWAY),
    /** A ClientHello to the plain listener of {@code exeat up}. */
    PLAIN(Role.UP);

    /** The processes of Exeat in the mesh. */
    enum Role {
        UP,
        GATEWAY,
        PROXY
    }

    private final Role recorder;

    Route(Role recorder) {
        this.recorder = recorder;
    }

    /** Which process decides, and writes the record. */
    Role recorder() {
        return recorder;
    }

    boolean passes(Role role) {
        return recorder == role || (this == PROXY && role == Role.PROXY);
    }

    /** Whether the client's leg tells an end in order from a connection that died, as TLS does and TCP alone doesn't. */
    boolean hasTlsToClient() {
        return this == UP || this == GATEWAY;
    }
}
