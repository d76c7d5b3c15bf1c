package dev.exeat.net;

import java.lang.foreign.Arena;
import java.net.InetSocketAddress;
import java.util.List;

/** The listening sockets of one port, from a process before this one. Belongs to a {@link Takeover} until a loop takes it. */
public final class InheritedPort implements AutoCloseable {
    private final InetSocketAddress address;
    private List<Integer> sockets;

    InheritedPort(InetSocketAddress address, List<Integer> sockets) {
        this.address = address;
        this.sockets = List.copyOf(sockets);
    }

    public InetSocketAddress address() {
        return address;
    }

    synchronized List<Integer> take() {
        List<Integer> taken = sockets;
        sockets = List.of();
        if (taken.isEmpty()) {
            throw new IllegalStateException("the sockets of " + address + " are taken already");
        }
        return taken;
    }

    /** Closes what nobody took. */
    @Override
    public synchronized void close() {
        try (Arena arena = Arena.ofConfined()) {
            Kernel kernel = new Kernel(arena);
            sockets.forEach(kernel::close);
        }
        sockets = List.of();
    }
}
