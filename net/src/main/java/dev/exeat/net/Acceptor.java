package dev.exeat.net;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.InetSocketAddress;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One loop's listening socket. When descriptors run out it stops looking for a while instead of spinning; the
 * connections wait in the kernel's queue.
 */
final class Acceptor implements Pollable {
    private static final Logger LOG = LoggerFactory.getLogger(Acceptor.class);
    private static final Architecture A = Kernel.ARCHITECTURE;
    private static final Duration PAUSE = Duration.ofMillis(100);
    private static final int PER_TURN = 64;
    private static final int NONBLOCK_CLOEXEC = 0x800 | 0x80000;

    private final EventLoop loop;
    private final int fd;
    private final AcceptHandler handler;
    private boolean closed;
    private boolean paused;

    Acceptor(EventLoop loop, int fd, AcceptHandler handler) {
        this.loop = loop;
        this.fd = fd;
        this.handler = handler;
    }

    int fd() {
        return fd;
    }

    void open() {
        loop.register(fd, this, EventLoop.EPOLL_IN | EventLoop.EPOLL_ET);
    }

    @Override
    public void ready(int events) {
        if (!paused) {
            acceptSome();
        }
    }

    private void acceptSome() {
        if (closed) {
            return;
        }
        for (int i = 0; i < PER_TURN; i++) {
            MemorySegment address = loop.memory().address();
            loop.memory().length().set(ValueLayout.JAVA_INT, 0, NativeScratch.ADDRESS);
            long result = loop.kernel()
                    .call(
                            A.accept4(),
                            fd,
                            address.address(),
                            loop.memory().length().address(),
                            NONBLOCK_CLOEXEC,
                            0,
                            0);
            if (result >= 0) {
                accepted((int) result, SocketAddresses.read(address));
            } else if (!goesOnAfter((int) -result)) {
                return;
            }
        }
        loop.later(this::acceptSome);
    }

    private void accepted(int accepted, InetSocketAddress peer) {
        TcpStream stream = TcpStream.accepted(loop, accepted, peer);
        try {
            handler.accepted(stream);
        } catch (RuntimeException e) {
            LOG.atError().setCause(e).log("an accepted connection failed by a fault of its own code and is reset");
            stream.reset();
        }
    }

    private boolean goesOnAfter(int errno) {
        return switch (errno) {
            case Errno.EAGAIN -> false;
            case Errno.EMFILE, Errno.ENFILE, Errno.ENOBUFS, Errno.ENOMEM -> {
                pause(errno);
                yield false;
            }
            // Of a connection that ended before it was accepted: accept(2), "Error handling".
            default -> true;
        };
    }

    private void pause(int errno) {
        LOG.atWarn().addKeyValue("cause", Errno.text(errno)).log("no connections are accepted for a moment");
        paused = true;
        loop.schedule(PAUSE, () -> {
            paused = false;
            acceptSome();
        });
    }

    @Override
    public void broken() {
        close();
    }

    void close() {
        if (!closed) {
            closed = true;
            loop.closeFd(fd);
        }
    }
}
