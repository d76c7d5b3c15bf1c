package dev.exeat.net;

import java.io.IOException;
import java.net.InetSocketAddress;

/** A socket between connect(2) and its outcome. */
final class PendingConnect implements Pollable, Connecting {
    private static final Architecture A = Kernel.ARCHITECTURE;

    private final EventLoop loop;
    private final InetSocketAddress address;
    private final ConnectHandler handler;
    private int fd = -1;
    private boolean over;

    private PendingConnect(EventLoop loop, InetSocketAddress address, ConnectHandler handler) {
        this.loop = loop;
        this.address = address;
        this.handler = handler;
    }

    static Connecting start(EventLoop loop, InetSocketAddress address, ConnectHandler handler) {
        if (address.isUnresolved()) {
            throw new IllegalArgumentException("an address to connect to is resolved");
        }
        PendingConnect pending = new PendingConnect(loop, address, handler);
        Sockets sockets = new Sockets(loop.kernel(), loop.memory());
        int fd = sockets.open(address);
        if (fd < 0) {
            loop.later(() -> pending.fail(-fd));
            return pending;
        }
        pending.fd = fd;
        sockets.speaksFirst(fd);
        int length = SocketAddresses.write(address, loop.memory().address());
        long result =
                loop.kernel().call(A.connect(), fd, loop.memory().address().address(), length);
        if (result < 0 && result != -Errno.EINPROGRESS) {
            loop.kernel().close(fd);
            pending.fd = -1;
            loop.later(() -> pending.fail((int) -result));
        } else {
            int error = loop.register(fd, pending, TcpStream.INTEREST);
            if (error != 0) {
                pending.fd = -1;
                loop.later(() -> pending.fail(error));
            }
        }
        return pending;
    }

    @Override
    public void ready(int events) {
        if (over || (events & (EventLoop.EPOLL_OUT | EventLoop.EPOLL_ERR | EventLoop.EPOLL_HUP)) == 0) {
            return;
        }
        // A failed attempt always raises EPOLLERR, so that success need not be asked for.
        boolean suspect = (events & (EventLoop.EPOLL_ERR | EventLoop.EPOLL_HUP)) != 0;
        int error = suspect ? new Sockets(loop.kernel(), loop.memory()).error(fd) : 0;
        if (error != 0) {
            loop.closeFd(fd);
            fail(error);
            return;
        }
        over = true;
        TcpStream stream = TcpStream.adopt(loop, fd, address);
        loop.dispatch(stream, () -> {
            stream.ready(events & ~EventLoop.EPOLL_OUT);
            handler.connected(stream);
        });
    }

    private void fail(int errno) {
        if (!over) {
            over = true;
            handler.failed(new IOException(Errno.text(errno)));
        }
    }

    @Override
    public void cancel() {
        loop.requireLoop();
        if (!over) {
            over = true;
            if (fd >= 0) {
                loop.closeFd(fd);
            }
        }
    }

    @Override
    public void broken() {
        cancel();
    }
}
