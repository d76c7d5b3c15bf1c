package dev.exeat.proxy;

/** Takes the finished traces of connections, each exactly once. Called on loops, so it must not block; safe for any thread. */
@FunctionalInterface
public interface TraceSink {
    void ended(ConnectionTrace trace);

    /**
     * An outer TLS handshake ended; told once, however many tunnels its connection carries.
     *
     * @param result {@code established}, or how it failed
     * @param nanos since the connection was accepted
     */
    default void handshake(String result, long nanos) {}
}
