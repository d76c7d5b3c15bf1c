package dev.exeat.net;

import java.net.InetSocketAddress;

/** An address that can't be listened on; the message names it, the cause, and what to do. */
public final class ListenException extends RuntimeException {
    ListenException(InetSocketAddress address, int errno) {
        super("cannot listen on " + SocketAddresses.text(address) + ": " + Errno.text(errno) + advice(errno));
    }

    private static String advice(int errno) {
        return switch (errno) {
            case Errno.EADDRINUSE -> "; stop the program that holds it, or choose another port (0 picks a free one)";
            case Errno.EACCES -> "; ports below 1024 need the capability CAP_NET_BIND_SERVICE";
            case Errno.EADDRNOTAVAIL -> "; choose an address of this machine, 127.0.0.1 or 0.0.0.0";
            default -> "";
        };
    }
}
