package dev.exeat.net;

import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** One direction of a relay: reads no more than can be passed on, so that back-pressure reaches the source. */
final class RelayDirection {

    enum Progress {
        WAITING,
        /** There is more to do, but others are to have their turn first. */
        MORE,
        ENDED,
        REFUSED,
        SOURCE_BROKE,
        SINK_BROKE
    }

    /** A read of so many bytes shows a transfer that is worth a pipe. */
    private static final int SPLICE_FROM = 16 * 1024;

    private static final int MAX_HELD_AT_GATE = 128 * 1024;
    private static final int ROUNDS = 16;
    private static final int SPLICE_MOVE_NONBLOCK = 3;
    private static final byte[] NOTHING = {};
    private static final Architecture A = Kernel.ARCHITECTURE;

    private final EventLoop loop;
    private final ByteStream from;
    private final ByteStream to;
    /** Null once it is open: it stays so, and what it needed to know is let go. */
    private @Nullable Gate gate;

    private byte[] held;
    private int heldFrom;
    private int heldTo;
    private int admitted;
    /** How many bytes the gate has looked at in vain. */
    private int looked;

    private boolean sourceEnded;
    private boolean finished;
    private boolean large;
    private PipePool.@Nullable Pipe pipe;
    private int inPipe;
    private long passed;
    private long passedBefore;
    private boolean queued;
    private boolean writing;

    RelayDirection(EventLoop loop, ByteStream from, ByteStream to, @Nullable Gate gate, byte[] first) {
        this.loop = loop;
        this.from = from;
        this.to = to;
        this.gate = gate;
        this.held = first;
        this.heldTo = first.length;
    }

    long passed() {
        return passed;
    }

    boolean isFinished() {
        return finished;
    }

    boolean isSpliced() {
        return pipe != null;
    }

    /** Whether bytes have passed since the last call. */
    boolean tookBytes() {
        boolean moved = passed != passedBefore;
        passedBefore = passed;
        return moved;
    }

    /** Whether it was not in the loop's queue before. */
    boolean queue() {
        boolean first = !queued;
        queued = true;
        return first;
    }

    void unqueue() {
        queued = false;
    }

    boolean waitsAtOpenGate() {
        return heldTo > heldFrom && looked > 0 && isOpen();
    }

    private boolean isOpen() {
        if (gate != null && gate.open()) {
            gate = null;
            looked = 0;
        }
        return gate == null;
    }

    /** @param last whether the other direction has finished, so that the end of this one is the end of both */
    Progress pump(boolean last) {
        boolean reading = false;
        try {
            for (int round = 0; round < ROUNDS; round++) {
                reading = false;
                if (!flushPipe() || !flushHeld()) {
                    return Progress.WAITING;
                }
                if (sourceEnded) {
                    return finishSink(last);
                }
                reading = true;
                int read = readOnce();
                if (read == 0) {
                    giveBackPipe();
                    return Progress.WAITING;
                }
            }
            return Progress.MORE;
        } catch (GateRefused e) {
            return Progress.REFUSED;
        } catch (StreamException e) {
            return reading && !writing ? Progress.SOURCE_BROKE : Progress.SINK_BROKE;
        }
    }

    private Progress finishSink(boolean last) {
        if (heldTo > heldFrom) {
            // The source ended while bytes wait at a gate that will never see more.
            throw new GateRefused();
        }
        if (!finished) {
            giveBackPipe();
            // Of a TCP connection whose other direction is over the close ends this one.
            if (!last || !(to instanceof TcpStream)) {
                to.finish();
            }
            if (!to.flush()) {
                return Progress.WAITING;
            }
            finished = true;
        }
        TcpStream source = tcpOf(from);
        return source != null && source.brokeAfterEnd() ? Progress.SOURCE_BROKE : Progress.ENDED;
    }

    private static @Nullable TcpStream tcpOf(ByteStream stream) {
        return switch (stream) {
            case TcpStream tcp -> tcp;
            case TlsStream tls -> tls.tcp();
            default -> null;
        };
    }

    /** Whether the pipe is empty. */
    private boolean flushPipe() {
        while (inPipe > 0 && pipe != null) {
            TcpStream sink = (TcpStream) to;
            long moved = loop.kernel().call(A.splice(), pipe.readEnd(), 0, sink.fd(), 0, inPipe, SPLICE_MOVE_NONBLOCK);
            if (moved == -Errno.EAGAIN) {
                sink.wantWrite();
                return false;
            }
            if (moved == -Errno.EINTR) {
                continue;
            }
            if (moved <= 0) {
                throw new StreamException(StreamException.Kind.RESET, Errno.text((int) -moved));
            }
            inPipe -= (int) moved;
            passed += moved;
        }
        return true;
    }

    /** Whether reading may go on: nothing is held, or what is held waits at a closed gate for more. */
    private boolean flushHeld() {
        while (heldTo > heldFrom) {
            int may = isOpen() ? heldTo - heldFrom : admitted;
            if (may == 0 && looked == heldTo - heldFrom) {
                return true;
            }
            if (may == 0 && gate != null) {
                looked = 0;
                admitted = gate.admit(ByteBuffer.wrap(held, heldFrom, heldTo - heldFrom)
                        .slice()
                        .asReadOnlyBuffer());
                boolean full = heldTo - heldFrom >= MAX_HELD_AT_GATE;
                if (admitted < 0 || (admitted == 0 && full && !gate.open())) {
                    throw new GateRefused();
                }
                if (admitted == 0 && !gate.open()) {
                    looked = heldTo - heldFrom;
                    return true;
                }
                continue;
            }
            int sent = to.write(ByteBuffer.wrap(held, heldFrom, Math.min(may, heldTo - heldFrom)));
            heldFrom += sent;
            admitted = Math.max(admitted - sent, 0);
            passed += sent;
            if (sent < may) {
                return false;
            }
        }
        held = NOTHING;
        heldFrom = 0;
        heldTo = 0;
        return true;
    }

    private int readOnce() {
        boolean gated = !isOpen();
        if (large && !gated && from instanceof TcpStream source && to instanceof TcpStream) {
            if (pipe == null) {
                pipe = loop.pipes().take();
            }
            if (pipe != null) {
                return spliceIn(source, pipe);
            }
        }
        return copyOnce(gated);
    }

    private int spliceIn(TcpStream source, PipePool.Pipe into) {
        if (!source.mayRead()) {
            return 0;
        }
        long moved;
        do {
            moved = loop.kernel()
                    .call(A.splice(), source.fd(), 0, into.writeEnd(), 0, PipePool.CAPACITY, SPLICE_MOVE_NONBLOCK);
        } while (moved == -Errno.EINTR);
        if (moved > 0) {
            inPipe += (int) moved;
            return (int) moved;
        }
        if (moved == 0) {
            source.endSeen();
            sourceEnded = true;
            return -1;
        }
        if (moved == -Errno.EAGAIN) {
            source.drained();
            return 0;
        }
        throw new StreamException(StreamException.Kind.RESET, Errno.text((int) -moved));
    }

    private int copyOnce(boolean gated) {
        IoBuffer scratch = loop.scratch();
        ByteBuffer bytes = scratch.bytes().clear();
        if (gated) {
            bytes.limit(Math.min(bytes.capacity(), MAX_HELD_AT_GATE - (heldTo - heldFrom)));
        }
        int read = from.read(scratch);
        if (read <= 0) {
            sourceEnded = read < 0;
            return read;
        }
        bytes.flip();
        if (gated) {
            hold(bytes);
            return read;
        }
        large |= read >= SPLICE_FROM;
        writing = true;
        passed += to.write(bytes);
        writing = false;
        if (bytes.hasRemaining()) {
            hold(bytes);
        }
        return read;
    }

    private void hold(ByteBuffer bytes) {
        int length = heldTo - heldFrom;
        int added = bytes.remaining();
        if (held.length - heldTo < added) {
            // Doubled where there is something already, so that many small pieces cost linear work.
            int capacity = length == 0 ? added : Math.max(2 * length, length + added);
            held = Arrays.copyOf(Arrays.copyOfRange(held, heldFrom, heldTo), capacity);
            heldFrom = 0;
            heldTo = length;
        }
        bytes.get(held, heldTo, added);
        heldTo += added;
    }

    private void giveBackPipe() {
        if (pipe != null && inPipe == 0) {
            loop.pipes().giveBack(pipe, true);
            pipe = null;
        }
    }

    /** Drops what is held. */
    void release() {
        if (pipe != null) {
            loop.pipes().giveBack(pipe, inPipe == 0);
            pipe = null;
        }
        held = NOTHING;
        heldFrom = 0;
        heldTo = 0;
    }

    private static final class GateRefused extends RuntimeException {
        GateRefused() {
            super("refused", null, false, false);
        }
    }
}
