package dev.exeat.net;

import java.lang.foreign.MemorySegment;
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

    private static final Handler UNHEARD = new Handler() {
        @Override
        public void readable(ByteStream stream) {}

        @Override
        public void writable(ByteStream stream) {}
    };

    private final TcpStream tcp;
    private final EventLoop loop;
    private final TlsSession session;
    private final TlsHandler owner;
    private final Timeout deadline;
    private final CipherQueue out;
    private Handler handler = UNHEARD;
    private State state = State.HANDSHAKING;
    private TlsFacts facts = TlsFacts.NONE;
    private byte @Nullable [] heldInput;
    private int lastInputEnd;
    private boolean morePlaintext;
    private boolean endSeen;
    private boolean truncated;
    private boolean finished;
    private boolean wantWrite;
    private boolean freed;

    private TlsStream(
            TlsContext context, TcpStream tcp, String serverName, Duration handshakeDeadline, TlsHandler owner) {
        this.tcp = tcp;
        this.loop = tcp.loop();
        this.owner = owner;
        this.out = new CipherQueue(tcp);
        this.session = new BoringSession(context, serverName, this::sendOwnOutput);
        this.deadline = loop.schedule(
                handshakeDeadline, () -> fail(TlsFailure.Kind.TIMEOUT, "the handshake did not end in time"));
    }

    /** Begins the handshake as the side that accepted. */
    public static TlsStream accept(TlsContext context, TcpStream tcp, Duration handshakeDeadline, TlsHandler owner) {
        TlsStream stream = new TlsStream(context, tcp, "", handshakeDeadline, owner);
        tcp.handler(stream.transport());
        return stream;
    }

    /**
     * Begins the handshake as the side that dialled.
     *
     * @param serverName for the SNI extension; empty to send none
     */
    public static TlsStream connect(
            TlsContext context, TcpStream tcp, String serverName, Duration handshakeDeadline, TlsHandler owner) {
        TlsStream stream = new TlsStream(context, tcp, serverName, handshakeDeadline, owner);
        tcp.handler(stream.transport());
        tcp.loop().later(stream::handshake);
        return stream;
    }

    private Handler transport() {
        return new Handler() {
            @Override
            public void readable(ByteStream stream) {
                if (state == State.HANDSHAKING) {
                    handshake();
                } else {
                    handler.readable(TlsStream.this);
                }
            }

            @Override
            public void writable(ByteStream stream) {
                roomToSend();
            }
        };
    }

    private void handshake() {
        if (state != State.HANDSHAKING) {
            return;
        }
        IoBuffer in = loop.memory().cipherIn();
        try {
            int read = 0;
            do {
                lastInputEnd = read;
                session.input(in.address(), read);
                TlsSession.Step step = session.handshake();
                if (step == TlsSession.Step.DONE) {
                    established();
                    return;
                }
                session.clearInput();
                sendOwnOutput();
                read = tcp.receive(in.address(), in.bytes().capacity());
            } while (read > 0);
            if (read < 0) {
                fail(TlsFailure.Kind.RESET, "the peer ended the connection during the handshake");
            }
        } catch (TlsException e) {
            session.clearInput();
            sendAlert();
            fail(e.kind(), e.detail());
        } catch (StreamException e) {
            fail(TlsFailure.Kind.RESET, String.valueOf(e.getMessage()));
        }
    }

    private void established() {
        keepInput();
        sendOwnOutput();
        deadline.cancel();
        facts = session.facts();
        state = State.OPEN;
        owner.established(this);
    }

    /** Ciphertext behind the last step is kept until the next read. */
    private void keepInput() {
        int left = session.inputLeft();
        session.clearInput();
        if (left > 0) {
            IoBuffer in = loop.memory().cipherIn();
            byte[] kept = new byte[left];
            in.bytes().get(lastInputEnd - left, kept);
            heldInput = kept;
        }
    }

    private void sendAlert() {
        try {
            sendOwnOutput();
        } catch (StreamException e) {
            // The peer is gone; there is nobody to tell.
        }
    }

    private void sendOwnOutput() {
        IoBuffer sink = loop.memory().cipherOut();
        while (session.hasOutput()) {
            int length = session.drain(sink.address(), sink.bytes().capacity());
            out.send(sink, length);
        }
    }

    private void fail(TlsFailure.Kind kind, String detail) {
        if (state == State.HANDSHAKING) {
            deadline.cancel();
            state = State.CLOSED;
            free();
            if (!tcp.isClosed()) {
                tcp.end();
            }
            owner.failed(this, new TlsFailure(kind, printable(detail)));
        }
    }

    private static String printable(String text) {
        StringBuilder line = new StringBuilder(Math.min(text.length(), 256));
        text.chars().limit(256).forEach(c -> line.append(c >= 0x20 && c < 0x7f ? (char) c : '?'));
        return line.toString();
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
        if (state == State.OPEN && (tcp.mayRead() || heldInput != null || morePlaintext)) {
            loop.later(() -> {
                if (state == State.OPEN) {
                    handler.readable(this);
                }
            });
        }
    }

    @Override
    public int read(IoBuffer into) {
        requireOpen();
        if (endSeen && heldInput == null && !morePlaintext) {
            return -1;
        }
        ByteBuffer bytes = into.bytes();
        try {
            int read = decrypt(into.address() + bytes.position(), bytes.remaining());
            bytes.position(bytes.position() + read);
            sendOwnOutput();
            return read == 0 && endSeen ? -1 : read;
        } catch (TlsException e) {
            session.clearInput();
            sendAlert();
            throw new StreamException(StreamException.Kind.PROTOCOL, printable(e.detail()));
        }
    }

    private int decrypt(long address, int room) {
        IoBuffer in = loop.memory().cipherIn();
        int total = 0;
        boolean ready = morePlaintext || heldInput != null;
        restoreInput(in);
        while (total < room) {
            if (!ready && !receive(in)) {
                break;
            }
            ready = false;
            TlsSession.Step step = session.read(address + total, room - total);
            total += session.produced();
            morePlaintext = step == TlsSession.Step.DONE;
            keepInput();
            if (step == TlsSession.Step.PEER_ENDED) {
                endSeen = true;
                break;
            }
            if (total > 0) {
                break;
            }
        }
        return total;
    }

    private void restoreInput(IoBuffer in) {
        byte[] kept = heldInput;
        if (kept != null) {
            heldInput = null;
            in.bytes().put(0, kept);
            lastInputEnd = kept.length;
            session.input(in.address(), kept.length);
        }
    }

    /** Whether there is ciphertext for the engine. */
    private boolean receive(IoBuffer in) {
        if (endSeen) {
            return false;
        }
        int received = tcp.receive(in.address(), in.bytes().capacity());
        if (received < 0) {
            endSeen = true;
            truncated = true;
        }
        if (received > 0) {
            lastInputEnd = received;
            session.input(in.address(), received);
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
            address = MemorySegment.ofBuffer(from).address();
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
            throw new StreamException(StreamException.Kind.PROTOCOL, printable(e.detail()));
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
            if (state == State.ENDING) {
                reset();
            } else if (state == State.HANDSHAKING) {
                fail(TlsFailure.Kind.RESET, String.valueOf(e.getMessage()));
            } else {
                handler.writable(this);
            }
            return;
        }
        if (state == State.ENDING) {
            state = State.CLOSED;
            tcp.end();
            return;
        }
        if (finished) {
            tcp.finish();
        } else if (wantWrite) {
            wantWrite = false;
            handler.writable(this);
        }
    }

    @Override
    public void finish() {
        requireOpen();
        if (!finished) {
            finished = true;
            session.closeNotify();
            sendOwnOutput();
            if (out.isEmpty()) {
                tcp.finish();
            }
        }
    }

    @Override
    public void end() {
        loop.requireLoop();
        if (state != State.OPEN) {
            if (state == State.HANDSHAKING) {
                reset();
            }
            return;
        }
        handler = UNHEARD;
        try {
            finish();
        } catch (StreamException e) {
            reset();
            return;
        }
        free();
        if (out.isEmpty()) {
            state = State.CLOSED;
            tcp.end();
        } else {
            state = State.ENDING;
            loop.schedule(TcpStream.LINGER, this::reset);
        }
    }

    @Override
    public void reset() {
        loop.requireLoop();
        deadline.cancel();
        handler = UNHEARD;
        if (state != State.CLOSED || !tcp.isClosed()) {
            state = State.CLOSED;
            tcp.reset();
        }
        free();
    }

    private void free() {
        if (!freed) {
            freed = true;
            session.free();
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
