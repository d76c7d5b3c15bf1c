package dev.exeat.net;

/**
 * A TLS engine between ciphertext and plaintext memory, without any I/O of its own, so that the stream around it does
 * not know which library it is. Addresses are of native memory. Confined to one loop.
 */
interface TlsSession {

    /** What a step of the engine came to. */
    enum Step {
        DONE,
        /** More ciphertext is needed. */
        WANT_INPUT,
        /** The peer ended its direction with close_notify. */
        PEER_ENDED
    }

    /** Makes room when the engine's own output is full. */
    @FunctionalInterface
    interface OutputRoom {
        void drainNow();
    }

    /** Gives ciphertext to be used up by the next steps; until {@link #inputLeft} is 0 it must stay where it is. */
    void input(long address, int length);

    /** How much of the input no step has used yet. */
    int inputLeft();

    /** Takes the input back. */
    void clearInput();

    /** Whether it keeps input of its own that the next {@link #read} may turn into plaintext without any more of it. */
    boolean hasInput();

    /** @throws TlsException if the handshake failed */
    Step handshake();

    /** Reads plaintext; how much is told by {@link #produced}. */
    Step read(long address, int length);

    int produced();

    /**
     * Encrypts plaintext into a sink.
     *
     * @return octets of ciphertext; how much plaintext was taken is told by {@link #consumed}
     */
    int write(long address, int length, long sink, int capacity);

    int consumed();

    /** Moves ciphertext that the engine made by itself (handshake, alerts, key updates) to a sink. */
    int drain(long sink, int capacity);

    boolean hasOutput();

    /**
     * Moves to a sink what the engine would hold back until its first write. BoringSSL does so with session tickets,
     * and then a client that has to wait for an acknowledgement before it may send (Nagle's rule) waits for long.
     *
     * @return octets of ciphertext
     */
    int flush(long sink, int capacity);

    /** Makes a close_notify, to be drained. */
    void closeNotify();

    TlsFacts facts();

    void free();
}
