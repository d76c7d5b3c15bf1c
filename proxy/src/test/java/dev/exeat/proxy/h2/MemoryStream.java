package dev.exeat.proxy.h2;

import dev.exeat.net.ByteStream;
import dev.exeat.net.EventLoop;
import dev.exeat.net.IoBuffer;
import dev.exeat.net.StreamException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** One end of a connection in memory, edge-triggered and with little room, as a socket is. */
final class MemoryStream implements ByteStream {
    private final FakeTasks tasks;
    private final int capacity;
    /** The most that one read or write moves; small values cut frames anywhere. */
    private final int step;

    private @Nullable MemoryStream peer;
    private @Nullable Handler handler;
    private byte[] inbound = new byte[0];
    private boolean inboundEnded;
    private boolean finished;
    private boolean ended;
    private boolean broken;
    private boolean wantsWrite;
    boolean frozen;
    /** Tells its owner of nothing that comes. */
    boolean deaf;

    long writes;

    private MemoryStream(FakeTasks tasks, int capacity, int step) {
        this.tasks = tasks;
        this.capacity = capacity;
        this.step = step;
    }

    static MemoryStream[] pair(FakeTasks tasks, int capacity, int step) {
        MemoryStream a = new MemoryStream(tasks, capacity, step);
        MemoryStream b = new MemoryStream(tasks, capacity, step);
        a.peer = b;
        b.peer = a;
        return new MemoryStream[] {a, b};
    }

    @Override
    public EventLoop loop() {
        throw new UnsupportedOperationException("a stream in memory has no loop");
    }

    @Override
    public void handler(Handler next) {
        handler = next;
        notifyReadable();
    }

    private void notifyReadable() {
        tasks.soon(() -> {
            if (handler != null && !deaf && !ended && (inbound.length > 0 || inboundEnded || broken)) {
                handler.readable(this);
            }
        });
    }

    @Override
    public int read(IoBuffer into) {
        return read(into.bytes());
    }

    int read(ByteBuffer into) {
        if (broken) {
            throw new StreamException(StreamException.Kind.RESET, "connection reset");
        }
        if (ended) {
            throw new StreamException(StreamException.Kind.CLOSED, "closed");
        }
        if (inbound.length == 0) {
            return inboundEnded ? -1 : 0;
        }
        int length = Math.min(Math.min(inbound.length, into.remaining()), step);
        into.put(inbound, 0, length);
        inbound = java.util.Arrays.copyOfRange(inbound, length, inbound.length);
        MemoryStream other = other();
        if (other.wantsWrite && inbound.length <= capacity / 2) {
            other.wantsWrite = false;
            tasks.soon(() -> {
                if (other.handler != null && !other.ended) {
                    other.handler.writable(other);
                }
            });
        }
        return length;
    }

    @Override
    public int write(ByteBuffer from) {
        if (broken) {
            throw new StreamException(StreamException.Kind.RESET, "connection reset");
        }
        if (ended || finished) {
            throw new StreamException(StreamException.Kind.CLOSED, "closed");
        }
        writes++;
        MemoryStream other = other();
        int length = Math.min(from.remaining(), Math.max(0, capacity - other.inbound.length));
        if (frozen) {
            length = 0;
        }
        if (length < from.remaining()) {
            wantsWrite = true;
        }
        if (length > 0) {
            byte[] joined = java.util.Arrays.copyOf(other.inbound, other.inbound.length + length);
            from.get(joined, other.inbound.length, length);
            other.inbound = joined;
            other.notifyReadable();
        }
        return length;
    }

    @Override
    public void finish() {
        if (!finished) {
            finished = true;
            other().inboundEnded = true;
            other().notifyReadable();
        }
    }

    @Override
    public void end() {
        if (!ended && !broken) {
            finish();
            ended = true;
            handler = null;
        }
    }

    @Override
    public void reset() {
        if (!ended) {
            ended = true;
            handler = null;
            other().broken = true;
            other().notifyReadable();
        }
    }

    @Override
    public boolean isClosed() {
        return ended || broken;
    }

    boolean isEnded() {
        return ended;
    }

    private MemoryStream other() {
        if (peer == null) {
            throw new IllegalStateException("not paired");
        }
        return peer;
    }
}
