package dev.exeat.proxy.h2;

import dev.exeat.net.ByteStream;

/** The server's side of an HTTP/2 connection that carries CONNECT tunnels alone. Confined to its loop. */
public interface H2ServerConnection {
    /** Takes the transport over, right after its handshake; the handler may be called from within. */
    @SuppressWarnings("DoNotCallSuggester")
    static H2ServerConnection start(ByteStream transport, H2Limits limits, H2ServerHandler handler) {
        throw new UnsupportedOperationException("not built yet");
    }

    /** Takes no new tunnels (GOAWAY) and ends the connection with the last tunnel. Idempotent. */
    void drain();

    /** Ends the connection now, with all its tunnels. Idempotent. */
    void close();

    /** How many tunnels are open or asked for. */
    int streams();

    boolean isClosed();
}
