package dev.exeat.proxy.h2;

import dev.exeat.net.ByteStream;
import java.util.List;

/** A request of a server's connection. */
record H2ServerRequest(H2ServerConnection connection, H2Stream stream, String authority, List<HeaderField> headers)
        implements H2ConnectRequest {

    @Override
    public ByteStream accept() {
        stream.answer();
        if (!isCancelled()) {
            connection.putSafely(() -> connection.writer().established(stream.id()));
        }
        return stream;
    }

    @Override
    public void refuse(int status, byte[] json) {
        stream.answer();
        if (!isCancelled()) {
            connection.putSafely(() -> new H2Refusal(connection, stream, true, json).send(status));
        }
    }

    @Override
    public boolean isCancelled() {
        return stream.isClosed();
    }
}
