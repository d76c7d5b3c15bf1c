package dev.exeat.flow.log;

import java.io.IOException;

/** An open socket that sends datagrams. Blocks; confined to one thread. */
public interface DatagramSender extends AutoCloseable {
    void send(byte[] bytes, int offset, int length) throws IOException;

    @Override
    void close() throws IOException;

    /** Opens one. */
    @FunctionalInterface
    interface Opener {
        DatagramSender open() throws IOException;
    }
}
