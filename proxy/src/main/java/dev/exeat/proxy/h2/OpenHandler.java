package dev.exeat.proxy.h2;

import dev.exeat.net.ByteStream;

/** What came of asking for a tunnel; exactly one is called, later than the call of {@code open}. */
public interface OpenHandler {

    /** The server answered 2xx. */
    void opened(ByteStream tunnel);

    /**
     * The server answered with another status.
     *
     * @param body its first 4 KiB at most: hostile bytes
     */
    void refused(int status, byte[] body);

    /**
     * There is no answer.
     *
     * @param untouched whether the server has certainly not acted on the request, so that it may be sent again over
     *     another connection (RFC 9113 section 8.7)
     * @param detail one sentence for the log
     */
    void failed(boolean untouched, String detail);
}
