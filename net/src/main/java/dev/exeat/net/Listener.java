package dev.exeat.net;

import java.net.InetSocketAddress;

/** A port that is listened on by every loop. Safe for any thread. */
public sealed interface Listener extends AutoCloseable permits EventLoops.Ports {
    /** The bound address, with the port that the system picked where 0 was asked for. */
    InetSocketAddress address();

    /** Accepts no more; what was accepted goes on. Idempotent. */
    @Override
    void close();
}
