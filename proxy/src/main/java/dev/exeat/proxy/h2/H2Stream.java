package dev.exeat.proxy.h2;

import dev.exeat.net.ByteStream;
import dev.exeat.net.EventLoop;
import dev.exeat.net.IoBuffer;
import dev.exeat.net.StreamException;
import dev.exeat.proxy.dial.Cancel;
import java.nio.ByteBuffer;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One tunnel of a connection. What the peer sends ahead of the reader waits here, at most one stream window of it; what
 * is written goes straight into the connection's frames, so that nothing waits on the way out.
 */
final class H2Stream implements ByteStream {
    private static final Logger LOG = LoggerFactory.getLogger(H2Stream.class);
    private static final Duration LINGER = Duration.ofSeconds(1);

    private final H2Connection connection;
    private final int id;
    private final ByteQueue queue = new ByteQueue();
    /** The piece of DATA that is being delivered, as far as it is not read. */
    private @Nullable ByteBuffer direct;

    private int receiveWindow;
    private int unacknowledged;
    private int sendWindow;
    private boolean remoteEnded;
    private boolean localEnded;
    private boolean waitsForWindow;
    private boolean parked;
    private boolean carried;
    private boolean answered;

    private @Nullable Handler handler;
    private @Nullable StreamException broken;
    private @Nullable Cancel linger;
    private boolean discarding;
    private boolean released;

    H2Stream(H2Connection connection, int id, int receiveWindow, int sendWindow) {
        this.connection = connection;
        this.id = id;
        this.receiveWindow = receiveWindow;
        this.sendWindow = sendWindow;
    }

    int id() {
        return id;
    }

    @Override
    public EventLoop loop() {
        return connection.transport().loop();
    }

    @Override
    public void handler(Handler next) {
        handler = next;
        if (!queue.isEmpty() || remoteEnded || broken != null) {
            connection.tasks().soon(() -> {
                if (next.equals(handler)) {
                    tellReadable();
                }
            });
        }
    }

    /** @throws IllegalStateException if the request was answered before */
    void answer() {
        if (answered) {
            throw new IllegalStateException("The request was answered already.");
        }
        answered = true;
    }

    @Override
    public int read(IoBuffer into) {
        return read(into.bytes());
    }

    int read(ByteBuffer into) {
        checkUsable();
        int count = queue.moveTo(into);
        unbuffered(count);
        ByteBuffer piece = direct;
        if (piece != null && queue.isEmpty()) {
            int length = Math.min(piece.remaining(), into.remaining());
            into.put(into.position(), piece, piece.position(), length);
            into.position(into.position() + length);
            piece.position(piece.position() + length);
            count += length;
        }
        if (count > 0) {
            consumed(count);
            return count;
        }
        boolean more = piece != null && piece.hasRemaining();
        return remoteEnded && queue.isEmpty() && !more ? -1 : 0;
    }

    private void unbuffered(int count) {
        if (count > 0) {
            connection.receiving().unbuffered(count);
            connection.flushSoon();
        }
    }

    private void consumed(int count) {
        unacknowledged += count;
        if (!remoteEnded && unacknowledged >= connection.limits().streamWindow() / 2) {
            receiveWindow += unacknowledged;
            connection.windowUpdate(id, unacknowledged);
            unacknowledged = 0;
        }
    }

    /** Charges a DATA frame; false if the peer sent more than it may. */
    boolean charge(int length) {
        receiveWindow -= length;
        return receiveWindow >= 0;
    }

    /** Gives back what was charged for padding. */
    void uncharge(int length) {
        if (length > 0) {
            consumed(length);
        }
    }

    void received(ByteBuffer piece) {
        carried = true;
        boolean wasEmpty = queue.isEmpty();
        if (!discarding && wasEmpty && handler != null) {
            direct = piece;
            tellReadable();
            direct = null;
        }
        if (discarding) {
            consumed(piece.remaining());
        } else if (broken == null && piece.hasRemaining()) {
            connection.receiving().buffered(piece.remaining());
            queue.add(piece);
        }
    }

    void receivedEnd() {
        remoteEnded = true;
        if (localEnded) {
            completed();
        }
        if (discarding) {
            release();
        } else {
            tellReadable();
        }
    }

    private void tellReadable() {
        Handler told = handler;
        if (told != null) {
            isolated(() -> told.readable(this));
        }
    }

    /** Runs what belongs to the tunnel's owner; its faults cost this tunnel, and no other of the connection. */
    void isolated(Runnable call) {
        try {
            call.run();
        } catch (RuntimeException e) {
            LOG.atError().setCause(e).log("A tunnel failed by a fault of its own code and is reset.");
            reset(H2Error.INTERNAL_ERROR);
        }
    }

    private void completed() {
        connection.table().remove(this);
        if (!connection.isServer()) {
            connection.table().expectReset(id);
        }
        connection.flushSoon();
    }

    boolean isRemoteEnded() {
        return remoteEnded;
    }

    /** Whether any octet of the tunnel came from the peer. */
    boolean hasCarried() {
        return carried;
    }

    @Override
    public int write(ByteBuffer from) {
        checkUsable();
        if (localEnded) {
            throw new StreamException(StreamException.Kind.CLOSED, "the tunnel's sending direction was ended");
        }
        int taken = connection.sending().send(this, from);
        connection.flushSoon();
        return taken;
    }

    int sendWindow() {
        return sendWindow;
    }

    void sent(int count) {
        sendWindow -= count;
    }

    /** Changes the window by the peer's word; false if it grows past what can be (RFC 9113 section 6.9.1). */
    boolean grow(long increment) {
        long grown = sendWindow + increment;
        if (grown > Frame.MAX_WINDOW) {
            return false;
        }
        sendWindow = (int) Math.max(grown, Integer.MIN_VALUE);
        return true;
    }

    void waitForWindow() {
        waitsForWindow = true;
    }

    /** Tells the owner that the stream's own window has opened, if it waits for that. */
    void windowOpened() {
        if (waitsForWindow && sendWindow > 0) {
            waitsForWindow = false;
            tellWritable();
        }
    }

    /** Whether it was not among those who wait for the connection yet. */
    boolean park() {
        boolean added = !parked;
        parked = true;
        return added;
    }

    void unpark() {
        parked = false;
        tellWritable();
    }

    private void tellWritable() {
        Handler told = handler;
        if (told != null && !discarding && broken == null) {
            isolated(() -> told.writable(this));
        }
    }

    @Override
    public void finish() {
        if (localEnded || broken != null || released) {
            return;
        }
        localEnded = true;
        connection.sendEnd(this);
        if (remoteEnded) {
            completed();
        }
    }

    @Override
    public void end() {
        if (discarding || released) {
            return;
        }
        handler = null;
        discarding = true;
        int unread = queue.size();
        queue.clear();
        unbuffered(unread);
        finish();
        if (remoteEnded || broken != null) {
            release();
            return;
        }
        consumed(unread);
        linger = connection.tasks().after(LINGER, () -> {
            linger = null;
            // RFC 9113 section 8.1: a server that has said all stops the client without an error.
            connection.resetByOwner(this, connection.isServer() ? H2Error.NO_ERROR : H2Error.CANCEL);
            release();
        });
    }

    @Override
    public void reset() {
        reset(H2Error.CONNECT_ERROR);
    }

    void reset(H2Error error) {
        if (released) {
            return;
        }
        boolean done = broken != null || (localEnded && remoteEnded);
        if (!done) {
            connection.resetByOwner(this, error);
        }
        release();
    }

    /** The peer or the connection broke it; the owner learns so from its next call. */
    void breakOff(StreamException.Kind kind, String detail) {
        if (broken != null || released) {
            return;
        }
        broken = new StreamException(kind, detail);
        unbuffered(queue.size());
        queue.clear();
        direct = null;
        if (discarding) {
            release();
            return;
        }
        connection.tasks().soon(() -> {
            tellReadable();
            Handler told = handler;
            if (told != null) {
                isolated(() -> told.writable(this));
            }
        });
    }

    private void release() {
        released = true;
        handler = null;
        unbuffered(queue.size());
        queue.clear();
        Cancel timer = linger;
        if (timer != null) {
            linger = null;
            timer.cancel();
        }
    }

    private void checkUsable() {
        if (broken != null) {
            throw broken;
        }
        if (released || discarding) {
            throw new StreamException(StreamException.Kind.CLOSED, "the tunnel was closed on this side");
        }
    }

    @Override
    public boolean isClosed() {
        return released || broken != null;
    }
}
