package dev.exeat.net;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A TCP connection. What was written is in the kernel at once, so it keeps no buffer of its own. When a callback of
 * its owner throws, the connection is reset, and the owner is told by a last {@link Handler#readable}.
 */
public final class TcpStream implements ByteStream, Pollable {
    static final int INTEREST = EventLoop.EPOLL_IN | EventLoop.EPOLL_OUT | EventLoop.EPOLL_RDHUP | EventLoop.EPOLL_ET;

    static final Duration LINGER = Duration.ofSeconds(1);

    /** Most connections are over before; they are spared the system calls. */
    private static final Duration KEEP_ALIVE_AFTER = Duration.ofSeconds(10);

    private static final Architecture A = Kernel.ARCHITECTURE;
    private static final int READABLE =
            EventLoop.EPOLL_IN | EventLoop.EPOLL_RDHUP | EventLoop.EPOLL_HUP | EventLoop.EPOLL_ERR;
    private static final int WRITABLE = EventLoop.EPOLL_OUT | EventLoop.EPOLL_HUP | EventLoop.EPOLL_ERR;
    private static final int MSG_NOSIGNAL = 0x4000;
    private static final int MSG_MORE = 0x8000;
    private static final int SHUT_WR = 1;
    /** A peer that sends without end must not hold the loop while its last bytes are discarded. */
    private static final int DISCARDS_PER_TURN = 16;

    /** Of a stream whose readiness nobody waits for. */
    static final Handler UNHEARD = new Handler() {
        @Override
        public void readable(ByteStream stream) {}

        @Override
        public void writable(ByteStream stream) {}
    };

    private final EventLoop loop;
    private final int fd;
    private final InetSocketAddress peer;
    private Handler handler = UNHEARD;
    private boolean mayRead;
    private boolean hangUp;
    private boolean errorSeen;
    private boolean wantWrite;
    private boolean endSeen;
    private boolean finished;
    private boolean ending;
    private boolean closed;
    /** Until the peer's last bytes have come, or before that, until the connection has lasted. */
    private @Nullable Timeout timer;

    private @Nullable Runnable closeListener;

    private TcpStream(EventLoop loop, int fd, InetSocketAddress peer) {
        this.loop = loop;
        this.fd = fd;
        this.peer = peer;
    }

    /** Or null, with the descriptor closed, if the system has no room to watch it. */
    static @Nullable TcpStream accepted(EventLoop loop, int fd, InetSocketAddress peer) {
        TcpStream stream = new TcpStream(loop, fd, peer);
        return loop.register(fd, stream, INTEREST) == 0 ? stream : null;
    }

    /** For a descriptor that the loop watches already. */
    static TcpStream adopt(EventLoop loop, int fd, InetSocketAddress peer) {
        TcpStream stream = new TcpStream(loop, fd, peer);
        loop.replace(fd, stream);
        stream.timer = loop.schedule(KEEP_ALIVE_AFTER, stream::keepAlive);
        return stream;
    }

    /** What an accepted connection inherits from its listener. */
    private void keepAlive() {
        timer = null;
        new Sockets(loop.kernel(), loop.memory()).keepAlive(fd);
    }

    @Override
    public EventLoop loop() {
        return loop;
    }

    public InetSocketAddress peer() {
        return peer;
    }

    public InetSocketAddress local() {
        requireOpen();
        return new Sockets(loop.kernel(), loop.memory()).localAddress(fd);
    }

    /**
     * Where the peer's packets were sent before a NAT rule of this machine redirected them here (Linux
     * SO_ORIGINAL_DST). Of a connection that was not redirected it is {@link #local()}, or null where the kernel tracks
     * no connections.
     */
    public @Nullable InetSocketAddress originalDestination() {
        requireOpen();
        return new Sockets(loop.kernel(), loop.memory()).originalDestination(fd, peer.getAddress());
    }

    /** For a system call of the relay. */
    int fd() {
        requireDescriptor();
        return fd;
    }

    @Override
    public void handler(Handler next) {
        loop.requireLoop();
        handler = next;
        if (mayRead || endSeen) {
            loop.later(guarded(() -> {
                if (!isClosed()) {
                    handler.readable(this);
                }
            }));
        }
    }

    /** A task on behalf of the stream, whose fault costs the stream as a fault of a callback does. */
    Runnable guarded(Runnable task) {
        return () -> loop.dispatch(this, task);
    }

    @Override
    public void ready(int events) {
        if ((events & READABLE) != 0) {
            mayRead = true;
            hangUp |= (events & ~EventLoop.EPOLL_IN & READABLE) != 0;
            errorSeen |= (events & EventLoop.EPOLL_ERR) != 0;
            if (ending) {
                discard();
                return;
            }
            handler.readable(this);
        }
        if ((events & WRITABLE) != 0 && wantWrite && !closed) {
            wantWrite = false;
            handler.writable(this);
        }
    }

    @Override
    public void broken() {
        Handler owner = handler;
        reset();
        // Its next call tells the owner, which then lets go of what belongs to the stream.
        owner.readable(this);
    }

    /** Whether the connection broke after the peer had ended its direction, which no read tells any more. */
    boolean brokeAfterEnd() {
        return endSeen && errorSeen;
    }

    @Override
    public int read(IoBuffer into) {
        requireOpen();
        ByteBuffer bytes = into.bytes();
        int position = bytes.position();
        int read = receive(into.address() + position, bytes.remaining());
        if (read > 0) {
            bytes.position(position + read);
        }
        return read;
    }

    /** As {@link #read}, straight to an address. */
    int receive(long address, int length) {
        requireDescriptor();
        if (endSeen) {
            return -1;
        }
        if (!mayRead || length == 0) {
            return 0;
        }
        long result;
        do {
            result = loop.kernel().call(A.recvfrom(), fd, address, length, 0, 0, 0);
        } while (result == -Errno.EINTR);
        if (result > 0) {
            // A short read has emptied the socket (epoll(7), questions and answers 9): the next bytes are a new edge.
            mayRead = result == length || hangUp;
            return (int) result;
        }
        mayRead = false;
        if (result == 0) {
            endSeen = true;
            return -1;
        }
        if (result == -Errno.EAGAIN) {
            return 0;
        }
        throw broke((int) -result);
    }

    @Override
    public int write(ByteBuffer from) {
        requireOpen();
        int total = 0;
        while (from.hasRemaining()) {
            int sent = from.isDirect() ? sendDirect(from) : sendCopied(from);
            total += sent;
            if (wantWrite) {
                break;
            }
        }
        return total;
    }

    private int sendDirect(ByteBuffer from) {
        int sent = send(IoBuffer.addressOf(from), from.remaining());
        from.position(from.position() + sent);
        return sent;
    }

    private int sendCopied(ByteBuffer from) {
        IoBuffer out = loop.memory().out();
        out.bytes().clear();
        int length = Math.min(from.remaining(), out.bytes().capacity());
        out.bytes().put(0, from, from.position(), length);
        int sent = send(out.address(), length);
        from.position(from.position() + sent);
        return sent;
    }

    /** Sends from an address; less than {@code length} when the socket is full, and then its handler hears of room. */
    int send(long address, int length) {
        return send(address, length, MSG_NOSIGNAL);
    }

    /** As {@link #send}, of the last octets before {@link #finish}, with which they then share a segment. */
    int sendLast(long address, int length) {
        return send(address, length, MSG_NOSIGNAL | MSG_MORE);
    }

    private int send(long address, int length, int flags) {
        requireDescriptor();
        long result = loop.kernel().call(A.sendto(), fd, address, length, flags, 0, 0);
        while (result == -Errno.EINTR) {
            result = loop.kernel().call(A.sendto(), fd, address, length, flags, 0, 0);
        }
        if (result < 0 && result != -Errno.EAGAIN) {
            throw broke((int) -result);
        }
        int sent = (int) Math.max(result, 0);
        if (sent < length) {
            wantWrite = true;
        }
        return sent;
    }

    /**
     * Tells the peer at once what has arrived. One that follows Nagle's rule (RFC 896) holds its next small piece back
     * until then, which a delayed acknowledgement (RFC 1122 section 4.2.3.2) lets last 40 ms.
     */
    void acknowledge() {
        requireDescriptor();
        new Sockets(loop.kernel(), loop.memory()).acknowledge(fd);
    }

    /** The handler is to hear when there is room again. */
    void wantWrite() {
        wantWrite = true;
    }

    /** A splice found no more bytes. */
    void drained() {
        mayRead = false;
    }

    /** A splice found the peer's end. */
    void endSeen() {
        endSeen = true;
        mayRead = false;
    }

    boolean mayRead() {
        return mayRead;
    }

    private StreamException broke(int errno) {
        mayRead = false;
        return new StreamException(StreamException.Kind.RESET, Errno.text(errno));
    }

    @Override
    public void finish() {
        requireOpen();
        if (!finished) {
            finished = true;
            loop.kernel().call(A.shutdown(), fd, SHUT_WR, 0);
        }
    }

    @Override
    public void end() {
        loop.requireLoop();
        if (closed || ending) {
            return;
        }
        if (endSeen) {
            // Nothing is left unread, so that the close ends the own direction too, in order.
            release();
            return;
        }
        finish();
        ending = true;
        handler = UNHEARD;
        cancelTimer();
        timer = loop.schedule(LINGER, this::release);
        discard();
    }

    /** Bytes left unread would turn the close into an RST, which may overtake what was sent. */
    private void discard() {
        if (closed) {
            return;
        }
        try {
            int read = 1;
            for (int i = 0; i < DISCARDS_PER_TURN && read > 0; i++) {
                read = receive(loop.memory().cipherIn().address(), EventLoop.SCRATCH);
            }
            if (read < 0) {
                release();
            } else if (read > 0) {
                loop.later(this::discard);
            }
        } catch (StreamException e) {
            release();
        }
    }

    @Override
    public void reset() {
        loop.requireLoop();
        if (!closed) {
            new Sockets(loop.kernel(), loop.memory()).resetOnClose(fd);
            release();
        }
    }

    private void release() {
        if (!closed) {
            closed = true;
            handler = UNHEARD;
            cancelTimer();
            loop.closeFd(fd);
            if (closeListener != null) {
                closeListener.run();
            }
        }
    }

    private void cancelTimer() {
        if (timer != null) {
            timer.cancel();
            timer = null;
        }
    }

    /** Runs once, on the loop, when the descriptor is given back, however that comes; those added before run before. */
    public void onClose(Runnable listener) {
        requireOpen();
        Runnable before = closeListener;
        closeListener = before == null
                ? listener
                : () -> {
                    before.run();
                    listener.run();
                };
    }

    @Override
    public boolean isClosed() {
        return closed || ending;
    }

    /** After a close the number of the descriptor may be another's. */
    private void requireDescriptor() {
        if (closed) {
            throw new StreamException(StreamException.Kind.CLOSED, "the stream is closed");
        }
    }

    private void requireOpen() {
        loop.requireLoop();
        if (closed || ending) {
            throw new StreamException(StreamException.Kind.CLOSED, "the stream is closed");
        }
    }
}
