package dev.exeat.net;

import java.nio.ByteBuffer;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * TLS over a TCP connection. A peer that ends TCP without close_notify, as many clients do, is taken as ended, and
 * {@link #isTruncated} tells; whoever needs to know that nothing was cut off relies on the inner protocol, which here
 * is the application's own TLS.
 */
public final class TlsStream implements ByteStream {

    private enum State {
        HANDSHAKING,
        OPEN,
        /** What was taken is still being sent, then the connection ends. */
        ENDING,
        CLOSED
    }

    private final TcpStream tcp;
    private final EventLoop loop;
    private final TlsContext context;
    private final TlsSession session;
    private final TlsHandler owner;
    private final CipherInput in;
    private final CipherQueue out;
    private final TlsTransport transport;
    private final TlsHandshake handshake;
    private Handler handler = TcpStream.UNHEARD;
    private State state = State.HANDSHAKING;
    private TlsFacts facts = TlsFacts.NONE;
    private boolean morePlaintext;
    private boolean endSeen;
    private boolean truncated;
    private boolean finished;
    private boolean wantRead;
    private boolean wantWrite;
    private boolean freed;
    private @Nullable Timeout linger;

    private TlsStream(
            TlsContext context, TcpStream tcp, String serverName, Duration handshakeDeadline, TlsHandler owner) {
        this.tcp = tcp;
        this.loop = tcp.loop();
        this.context = context;
        this.owner = owner;
        this.out = new CipherQueue(tcp);
        loop.requireLoop();
        if (tcp.isClosed()) {
            throw new StreamException(StreamException.Kind.CLOSED, "the stream is closed");
        }
        this.session = context.join(serverName, this::sendOwnOutput);
        this.in = new CipherInput(tcp, session);
        this.transport = new TlsTransport(tcp, session, in, out);
        this.handshake = new TlsHandshake(context, transport, handshakeDeadline, new HandshakeEnd());
    }

    /**
     * Begins the handshake as the side that accepted.
     *
     * @param handshakeDeadline from now on, however much arrives
     * @throws StreamException if the connection is closed
     */
    public static TlsStream accept(TlsContext context, TcpStream tcp, Duration handshakeDeadline, TlsHandler owner) {
        TlsStream stream = new TlsStream(context, tcp, "", handshakeDeadline, owner);
        tcp.handler(stream.new Transport());
        return stream;
    }

    /**
     * Begins the handshake as the side that dialled.
     *
     * @param serverName for the SNI extension; empty to send none
     * @param handshakeDeadline from now on, however much arrives
     * @throws StreamException if the connection is closed
     */
    public static TlsStream connect(
            TlsContext context, TcpStream tcp, String serverName, Duration handshakeDeadline, TlsHandler owner) {
        TlsStream stream = new TlsStream(context, tcp, serverName, handshakeDeadline, owner);
        tcp.handler(stream.new Transport());
        tcp.loop().later(tcp.guarded(stream.handshake::advance));
        return stream;
    }

    /** Hears of the connection below. */
    private final class Transport implements Handler {
        @Override
        public void readable(ByteStream stream) {
            if (state == State.HANDSHAKING) {
                handshake.advance();
            } else {
                handler.readable(TlsStream.this);
                if (tcp.isClosed() && state == State.OPEN) {
                    // It broke by a fault above it, and nobody has noticed.
                    reset();
                }
            }
        }

        @Override
        public void writable(ByteStream stream) {
            roomToSend();
        }
    }

    private final class HandshakeEnd implements TlsHandshake.Outcome {
        @Override
        public void agreed(TlsFacts agreed) {
            facts = agreed;
            state = State.OPEN;
            owner.established(TlsStream.this);
        }

        @Override
        public void failed(TlsFailure failure) {
            state = State.CLOSED;
            free();
            tcp.end();
            owner.failed(TlsStream.this, failure);
        }
    }

    private void sendOwnOutput() {
        out.sendOwn(session);
    }

    /** What the handshake agreed on; empty before it has ended. */
    public TlsFacts facts() {
        return facts;
    }

    /** The connection below. */
    public TcpStream tcp() {
        return tcp;
    }

    /** Whether the peer ended TCP without ending TLS. */
    public boolean isTruncated() {
        return truncated;
    }

    @Override
    public EventLoop loop() {
        return loop;
    }

    @Override
    public void handler(Handler next) {
        loop.requireLoop();
        handler = next;
        if (state == State.OPEN && (tcp.mayRead() || in.holds() || morePlaintext || endSeen)) {
            loop.later(tcp.guarded(() -> {
                if (state == State.OPEN) {
                    handler.readable(this);
                }
            }));
        }
    }

    @Override
    public int read(IoBuffer into) {
        requireOpen();
        if (endSeen && !in.holds() && !morePlaintext) {
            return -1;
        }
        if (out.isProvoked()) {
            wantRead = true;
            return 0;
        }
        ByteBuffer bytes = into.bytes();
        try {
            int read = decrypt(into.address() + bytes.position(), bytes.remaining());
            bytes.position(bytes.position() + read);
            sendOwnOutput();
            return read == 0 && endSeen ? -1 : read;
        } catch (TlsException e) {
            transport.sendAlert();
            throw new StreamException(StreamException.Kind.PROTOCOL, TlsHandshake.printable(e.detail()));
        }
    }

    private int decrypt(long address, int room) {
        int total = 0;
        boolean ready = morePlaintext || in.holds();
        in.restore();
        while (total < room) {
            if (!ready && !receive()) {
                break;
            }
            ready = false;
            TlsSession.Step step = session.read(address + total, room - total);
            total += session.produced();
            morePlaintext = step == TlsSession.Step.DONE;
            in.keep();
            endSeen |= step == TlsSession.Step.PEER_ENDED;
            if (total > 0 || endSeen) {
                break;
            }
        }
        return total;
    }

    /** Whether there is ciphertext for the session. */
    private boolean receive() {
        if (endSeen) {
            return false;
        }
        int received = in.receive();
        if (received < 0) {
            endSeen = true;
            truncated = true;
        }
        return received > 0;
    }

    @Override
    public int write(ByteBuffer from) {
        requireOpen();
        int total = 0;
        while (from.hasRemaining() && out.flush()) {
            total += encryptOnce(from);
        }
        if (from.hasRemaining()) {
            wantWrite = true;
        }
        return total;
    }

    private int encryptOnce(ByteBuffer from) {
        int length = Math.min(from.remaining(), EventLoop.SCRATCH);
        long address;
        if (from.isDirect()) {
            address = IoBuffer.addressOf(from);
        } else {
            IoBuffer copy = loop.memory().out();
            copy.bytes().put(0, from, from.position(), length);
            address = copy.address();
        }
        IoBuffer sink = loop.memory().cipherOut();
        try {
            int produced =
                    session.write(address, length, sink.address(), sink.bytes().capacity());
            out.send(sink, produced);
        } catch (TlsException e) {
            throw new StreamException(StreamException.Kind.PROTOCOL, TlsHandshake.printable(e.detail()));
        }
        if (session.consumed() == 0) {
            // There was room for a record, so nothing would ever come to wake up the writer.
            throw new StreamException(StreamException.Kind.PROTOCOL, "the TLS library takes nothing more");
        }
        from.position(from.position() + session.consumed());
        return session.consumed();
    }

    private void roomToSend() {
        if (state == State.CLOSED) {
            return;
        }
        try {
            if (!out.flush()) {
                return;
            }
        } catch (StreamException e) {
            broke(e);
            return;
        }
        if (state == State.ENDING) {
            close();
            tcp.end();
            return;
        }
        if (finished) {
            tcp.finish();
            handler.writable(this);
        } else if (wantWrite) {
            wantWrite = false;
            handler.writable(this);
        }
        if (wantRead && state == State.OPEN) {
            wantRead = false;
            handler.readable(this);
        }
    }

    private void broke(StreamException e) {
        switch (state) {
            case HANDSHAKING -> handshake.broke(e);
            case OPEN -> handler.writable(this);
            case ENDING, CLOSED -> reset();
        }
    }

    @Override
    public void finish() {
        requireOpen();
        if (!finished) {
            finished = true;
            try {
                session.closeNotify();
            } catch (TlsException e) {
                throw new StreamException(StreamException.Kind.PROTOCOL, TlsHandshake.printable(e.detail()));
            }
            out.sendLast(session);
            if (out.isEmpty()) {
                tcp.finish();
            }
        }
    }

    @Override
    public boolean flush() {
        requireOpen();
        boolean all = out.flush();
        if (all && finished) {
            tcp.finish();
        }
        return all;
    }

    @Override
    public void end() {
        loop.requireLoop();
        if (state == State.HANDSHAKING) {
            reset();
        }
        if (state != State.OPEN) {
            return;
        }
        try {
            finish();
        } catch (StreamException e) {
            reset();
            return;
        }
        handler = TcpStream.UNHEARD;
        free();
        if (out.isEmpty()) {
            close();
            tcp.end();
        } else {
            state = State.ENDING;
            linger = loop.schedule(TcpStream.LINGER, this::reset);
        }
    }

    @Override
    public void reset() {
        loop.requireLoop();
        close();
        tcp.reset();
    }

    private void close() {
        handshake.cancel();
        if (linger != null) {
            linger.cancel();
        }
        handler = TcpStream.UNHEARD;
        state = State.CLOSED;
        free();
    }

    private void free() {
        if (!freed) {
            freed = true;
            session.free();
            context.leave();
        }
    }

    @Override
    public boolean isClosed() {
        return state == State.ENDING || state == State.CLOSED;
    }

    private void requireOpen() {
        loop.requireLoop();
        if (state != State.OPEN) {
            throw new StreamException(StreamException.Kind.CLOSED, "the stream is closed");
        }
    }
}
