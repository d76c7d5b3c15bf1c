package dev.exeat.net;

import java.lang.foreign.Arena;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/** The loops of a process. Each listens with a socket of its own (SO_REUSEPORT), so that none hands work to another. Safe for any thread. */
public final class EventLoops implements AutoCloseable {
    private final List<EventLoop> loops;
    private final AtomicInteger turn = new AtomicInteger();

    private EventLoops(List<EventLoop> loops) {
        this.loops = List.copyOf(loops);
    }

    public static EventLoops start(LoopOptions options) {
        List<EventLoop> started = new ArrayList<>();
        for (int i = 0; i < options.loops(); i++) {
            started.add(EventLoop.start(options.name() + "-" + i));
        }
        return new EventLoops(started);
    }

    public List<EventLoop> all() {
        return loops;
    }

    /** The loops in turn. */
    public EventLoop next() {
        return loops.get(Math.floorMod(turn.getAndIncrement(), loops.size()));
    }

    /**
     * Listens on every loop.
     *
     * @param address port 0 lets the system pick one, the same for all loops
     * @throws ListenException if the address can't be had
     */
    public Listener listen(InetSocketAddress address, AcceptHandler handler) {
        List<Acceptor> acceptors = new ArrayList<>();
        InetSocketAddress bound = address;
        try (Arena arena = Arena.ofConfined()) {
            Kernel kernel = new Kernel(arena);
            Sockets sockets = new Sockets(kernel, new NativeScratch(arena));
            probe(kernel, sockets, address);
            for (EventLoop loop : loops) {
                int fd = sockets.listen(bound, true);
                if (fd < 0) {
                    acceptors.forEach(acceptor -> kernel.close(acceptor.fd()));
                    throw new ListenException(address, -fd);
                }
                bound = sockets.localAddress(fd);
                acceptors.add(new Acceptor(loop, fd, handler));
            }
        }
        return new Ports(acceptors, bound);
    }

    /**
     * Listens with the sockets of a process before this one, so that no connect fails between the two.
     *
     * @param port which this method takes over, and whose sockets the listener closes
     */
    public Listener listen(InheritedPort port, AcceptHandler handler) {
        List<Integer> sockets = port.take();
        List<Acceptor> acceptors = new ArrayList<>();
        for (int i = 0; i < sockets.size(); i++) {
            acceptors.add(new Acceptor(loops.get(i % loops.size()), sockets.get(i), handler));
        }
        return new Ports(acceptors, port.address());
    }

    /** With SO_REUSEPORT alone, a second process of the same user would silently share the port. */
    private static void probe(Kernel kernel, Sockets sockets, InetSocketAddress address) {
        if (address.getPort() != 0) {
            int fd = sockets.listen(address, false);
            if (fd < 0) {
                throw new ListenException(address, -fd);
            }
            kernel.close(fd);
        }
    }

    static final class Ports implements Listener {
        private final List<Acceptor> acceptors;
        private final InetSocketAddress address;
        private final AtomicBoolean closed = new AtomicBoolean();

        private Ports(List<Acceptor> acceptors, InetSocketAddress address) {
            this.acceptors = acceptors;
            this.address = address;
            for (int i = 0; i < acceptors.size(); i++) {
                open(i);
            }
        }

        private void open(int index) {
            Acceptor acceptor = acceptors.get(index);
            try {
                acceptor.loop().execute(acceptor::open);
            } catch (RejectedExecutionException e) {
                // A closed loop closes what it was given; nobody else knows of the rest.
                try (Arena arena = Arena.ofConfined()) {
                    Kernel kernel = new Kernel(arena);
                    acceptors.subList(index, acceptors.size()).forEach(left -> kernel.close(left.fd()));
                }
                throw new IllegalStateException("the event loops are closed", e);
            }
        }

        @Override
        public InetSocketAddress address() {
            return address;
        }

        /**
         * The sockets, which stay this process's.
         *
         * @throws IllegalStateException if they are closed
         */
        List<Integer> sockets() {
            if (closed.get()) {
                throw new IllegalStateException("the port is closed");
            }
            return acceptors.stream().map(Acceptor::fd).toList();
        }

        @Override
        public void close() {
            if (!closed.compareAndSet(false, true)) {
                return;
            }
            acceptors.forEach(acceptor -> closeOn(acceptor.loop(), acceptor));
        }

        /** Waits, so that a connect after this is refused; unless the caller is a loop itself. */
        private static void closeOn(EventLoop loop, Acceptor acceptor) {
            if (loop.inLoop()) {
                acceptor.close();
                return;
            }
            CompletableFuture<Void> done = new CompletableFuture<>();
            try {
                loop.execute(() -> {
                    acceptor.close();
                    done.complete(null);
                });
                done.join();
            } catch (RejectedExecutionException e) {
                // The loop is closed, and its sockets with it.
            }
        }
    }

    @Override
    public void close() {
        loops.forEach(EventLoop::close);
    }
}
