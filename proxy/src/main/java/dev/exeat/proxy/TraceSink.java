package dev.exeat.proxy;

import dev.exeat.proxy.h2.Abuse;

/** Takes the traces of connections: each exactly once when it has ended, and before when its bytes begin to flow. Called on loops, so it must not block; safe for any thread. */
@FunctionalInterface
public interface TraceSink {
    void ended(ConnectionTrace trace);

    /** Its upstream is connected; {@link #ended} follows. */
    default void opened(ConnectionTrace trace) {}

    /**
     * An outer TLS handshake ended; told once, however many tunnels its connection carries.
     *
     * @param result {@code established}, or how it failed
     * @param nanos since the connection was accepted
     */
    default void handshake(String result, long nanos) {}

    /** Whether what will be told of another connection finds room; where not, none is taken. */
    default boolean hasRoom() {
        return true;
    }

    /** An HTTP/2 connection was ended for its peer's abuse; its record follows. */
    default void abuse(Abuse kind) {}
}
