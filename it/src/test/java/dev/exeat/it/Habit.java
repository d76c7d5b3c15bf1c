package dev.exeat.it;

/** How a client of a {@link Crowd} behaves. */
enum Habit {
    /** Hello, answer, a polite end. */
    POLITE(Door.PLAIN),
    /** Ends its sending and waits for the other's end. */
    HALF_CLOSING(Door.PLAIN),
    /** Sends so much that the relay splices. */
    BULKY(Door.PLAIN),
    /** Resets when the answer comes. */
    RESETTING(Door.PLAIN),
    /** Names a host that nobody may reach. */
    DENIED(Door.PLAIN),
    /** Goes without a word. */
    SILENT(Door.PLAIN),
    /** Goes in the midst of its hello. */
    BROKEN_OFF(Door.PLAIN),
    /** A full mutual handshake, an HTTP/1.1 CONNECT, then as the polite. */
    CONNECTING(Door.TLS),
    /** The same, and resets. */
    CONNECTING_AND_RESETTING(Door.TLS),
    /** Goes after half a handshake. */
    HALF_A_HANDSHAKE(Door.TLS),
    /** Two tunnels on an HTTP/2 connection, one ended and one reset. */
    STREAMING(Door.HTTP2);

    /** Where it comes in. */
    enum Door {
        PLAIN,
        TLS,
        HTTP2
    }

    private static final Habit[] TWENTY = {
        POLITE,
        POLITE,
        POLITE,
        POLITE,
        POLITE,
        POLITE,
        POLITE,
        POLITE,
        POLITE,
        HALF_CLOSING,
        HALF_CLOSING,
        BULKY,
        RESETTING,
        DENIED,
        SILENT,
        BROKEN_OFF,
        CONNECTING,
        CONNECTING_AND_RESETTING,
        HALF_A_HANDSHAKE,
        STREAMING
    };

    final Door door;

    Habit(Door door) {
        this.door = door;
    }

    /** Each has its share of any twenty in a row. */
    static Habit of(int number) {
        return TWENTY[number % TWENTY.length];
    }

    boolean resets() {
        return this == RESETTING || this == CONNECTING_AND_RESETTING;
    }
}
