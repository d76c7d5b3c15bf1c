package dev.exeat.proxy.dial;

import dev.exeat.net.ByteStream;
import java.net.InetSocketAddress;

/** Opens one TCP connection without blocking. Confined to one event loop. */
public interface Dialler<S extends ByteStream> {

    /** What came of it; exactly one is called, later than the call of {@code dial}, unless it was cancelled. */
    interface Callback<S extends ByteStream> {
        void connected(S stream);

        /** @param error what the system said, for people, as in {@code connection refused} */
        void failed(String error);
    }

    /** Starts to connect; the answer gives the attempt up and closes its socket. */
    Cancel dial(InetSocketAddress address, Callback<S> callback);
}
