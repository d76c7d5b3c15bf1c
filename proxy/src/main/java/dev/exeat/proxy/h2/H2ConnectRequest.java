package dev.exeat.proxy.h2;

import dev.exeat.net.ByteStream;
import java.util.List;

/** A CONNECT request that waits for its answer (RFC 9113 section 8.5). Confined to the connection's loop. */
public interface H2ConnectRequest {

    /** The {@code :authority} as the client sent it: hostile text, not checked, not empty. */
    String authority();

    /** The regular header fields in order, within the header list's limit: hostile text. */
    List<HeaderField> headers();

    /**
     * Opens the tunnel: answers 200. Bytes that the client sent early can be read from the stream.
     *
     * @return the tunnel; if the client gave the request up, one that is already closed
     * @throws IllegalStateException if the request was answered
     */
    ByteStream accept();

    /**
     * Answers with a status that opens no tunnel, and a JSON body.
     *
     * @throws IllegalStateException if the request was answered
     */
    void refuse(int status, byte[] json);

    /** Whether the client gave the request up, or the connection ended. */
    boolean isCancelled();
}
