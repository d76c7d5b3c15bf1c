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
    private boolean again;

    Acceptor(EventLoop loop, int fd, AcceptHandler handler) {
        this.loop = loop;
        this.fd = fd;
        this.handler = handler;
    }

    EventLoop loop() {
        return loop;
    }

    int fd() {
        return fd;
    }

    void open() {
        int error = loop.register(fd, this, EventLoop.EPOLL_IN | EventLoop.EPOLL_ET);
        if (error != 0) {
            closed = true;
            LOG.atError().addKeyValue("cause", Errno.text(error)).log("a loop can't watch its listening socket");
        }
    }

    @Override
    public void ready(int events) {
        if (paused) {
            return;
        }
        try {
            acceptSome();
        } catch (RuntimeException | Error e) {
            // A fault here, such as want of memory, must not end the listening for good.
            LOG.atError().setCause(e).log("no connections are accepted for a moment");
            resumeLater();
        }
    }

    private void acceptSome() {
        if (closed) {
            return;
        }
        for (int i = 0; i < PER_TURN; i++) {
            if (!handler.isTaking()) {
                resumeLater();
                return;
            }
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
            if (closed || paused) {
                return;
            }
        }
        if (!again) {
            again = true;
            loop.later(() -> {
                again = false;
                ready(EventLoop.EPOLL_IN);
            });
        }
    }

    private void accepted(int accepted, InetSocketAddress peer) {
        TcpStream stream = TcpStream.accepted(loop, accepted, peer);
        if (stream == null) {
            pause(Errno.ENOMEM);
            return;
        }
        loop.dispatch(stream, () -> handler.accepted(stream));
    }

    private boolean goesOnAfter(int errno) {
        return switch (errno) {
            case Errno.EAGAIN -> false;
            // Of one connection that ended before it was accepted: accept(2), "Error handling".
            case Errno.EINTR,
                    Errno.ECONNABORTED,
                    Errno.EPERM,
                    Errno.EPROTO,
                    Errno.ENETDOWN,
                    Errno.ENETUNREACH,
                    Errno.EHOSTUNREACH,
                    Errno.ETIMEDOUT -> true;
            default -> {
                pause(errno);
                yield false;
            }
        };
    }

    private void pause(int errno) {
        if (paused) {
            return;
        }
        LOG.atWarn().addKeyValue("cause", Errno.text(errno)).log("no connections are accepted for a moment");
        resumeLater();
    }

    private void resumeLater() {
        paused = true;
        loop.schedule(PAUSE, () -> {
            paused = false;
            ready(EventLoop.EPOLL_IN);
        });
    }

    @Override
    public void broken() {
        stop();
    }

    void close() {
        // Whoever the kernel has let in already is served.
        ready(EventLoop.EPOLL_IN);
        stop();
    }

    private void stop() {
        if (!closed) {
            closed = true;
            loop.closeFd(fd);
        }
    }
}
