package dev.exeat.proxy.h2;

import dev.exeat.net.ByteStream;
import dev.exeat.proxy.dial.Cancel;

/** The client's side of an HTTP/2 connection that carries CONNECT tunnels alone. Confined to its loop. */
public interface H2ClientConnection {
    /** Takes the transport over, right after its handshake. */
    @SuppressWarnings("DoNotCallSuggester")
    static H2ClientConnection start(ByteStream transport, H2Limits limits, H2ClientHandler handler) {
        throw new UnsupportedOperationException("not built yet");
    }

    /**
     * Asks for a tunnel to {@code host:port}.
     *
     * @return gives the request up as long as it is not answered; the handler is then not called
     */
    Cancel open(String authority, OpenHandler handler);

    /** How many more tunnels the server lets be opened now; 0 when draining or closed. */
    int availableStreams();

    /** Opens no new tunnels (GOAWAY) and ends the connection with the last tunnel. Idempotent. */
    void drain();

    /** Ends the connection now, with all its tunnels. Idempotent. */
    void close();

    /** How many tunnels are open or asked for. */
    int streams();

    boolean isClosed();
}
