package dev.exeat.proxy.h2;

import dev.exeat.net.ByteStream;
import dev.exeat.net.IoBuffer;
import dev.exeat.net.StreamException;
import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What both sides of a connection have in common (RFC 9113): the transport's events, settings, windows, pings, errors
 * and the end. All of it runs on the transport's loop. Frames are put while a turn lasts and written at its end.
 */
abstract class H2Connection implements ByteStream.Handler, Liveness.Owner {
    private static final Logger LOG = LoggerFactory.getLogger(H2Connection.class);
    /** Readings of the transport in one turn, so that one connection does not hold up the loop. */
    private static final int MAX_READINGS = 8;

    private static final int MAX_FLUSHES = 16;
    private static final long OUR_PING = 0x4578_6561_7400_0001L;

    private final ByteStream transport;
    private final H2Limits limits;
    private final LoopTasks tasks;
    private final H2Buffers buffers;
    private final FrameWriter writer;
    private final Sending sending;
    private final FrameReader reader;
    private final FrameDispatch dispatch;
    private final FloodGuard guard;
    private final PeerSettings peer = new PeerSettings();
    private final StreamTable streams = new StreamTable();
    private final ReceiveWindow receiving;
    private final Liveness liveness;

    private boolean settingsAcknowledged;
    private boolean draining;
    private boolean over;
    private int depth;
    private boolean flushPlanned;

    H2Connection(ByteStream transport, H2Limits limits, LoopTasks tasks, H2Buffers buffers) {
        this.transport = transport;
        this.limits = limits;
        this.tasks = tasks;
        this.buffers = buffers;
        this.writer = new FrameWriter(transport, buffers);
        this.sending = new Sending(writer, () -> putSafely(() -> count(Abuse.WINDOW)));
        this.dispatch = new FrameDispatch(this, limits.headerList());
        this.reader = new FrameReader(dispatch);
        this.guard = new FloodGuard(limits.abuse(), limits.interval(), tasks.nanos());
        this.receiving = new ReceiveWindow(limits);
        this.liveness = new Liveness(tasks, limits, this);
    }

    abstract boolean isServer();

    /** The peer's preface, as far as it has come; true when it is complete. Throws if it is another one. */
    abstract boolean preface(ByteBuffer in);

    /** Whether nobody has opened the stream yet. */
    abstract boolean isIdle(int id);

    /** Whether DATA may come on the stream now. */
    abstract boolean takesData(H2Stream stream);

    abstract void headers(int id, boolean endStream, HpackDecoder.Block block);

    abstract void settingsCame(boolean first);

    /** The stream ended by the peer's reset or with the connection; it is out of the map already. */
    abstract void broke(H2Stream stream, int code, String detail);

    abstract void peerDrains(int lastStream);

    abstract void over(H2Closed how);

    /** Says the first words; called once, before anything else. */
    void begin(int... ourSettings) {
        transport.handler(this);
        guarded(() -> {
            if (!isServer()) {
                writer.preface();
            }
            writer.settings(ourSettings);
            openWindow(receiving.initialIncrement());
        });
        liveness.start();
    }

    @Override
    public final boolean isSettled() {
        return peer.received() && settingsAcknowledged;
    }

    @Override
    public final boolean hasUnwritten() {
        return !writer.isEmpty();
    }

    @Override
    public final void sendPing() {
        guarded(() -> writer.ping(OUR_PING, false));
    }

    @Override
    public final void giveUp(H2Error error, String detail) {
        fail(error, detail);
    }

    @Override
    public void readable(ByteStream stream) {
        guarded(this::pump);
    }

    @Override
    public void writable(ByteStream stream) {
        guarded(() -> {});
    }

    private void pump() {
        IoBuffer scratch = buffers.takeScratch();
        try {
            for (int reading = 0; !over; reading++) {
                if (reading == MAX_READINGS) {
                    tasks.soon(() -> guarded(this::pump));
                    return;
                }
                ByteBuffer bytes = scratch.bytes().clear();
                int count = transport.read(scratch);
                if (count == 0) {
                    return;
                }
                if (count < 0) {
                    lost("The peer closed the connection.");
                    return;
                }
                liveness.heard();
                bytes.limit(count).position(0);
                if (dispatch.isOpen() || preface(bytes)) {
                    dispatch.open();
                    reader.read(bytes);
                }
            }
        } finally {
            buffers.giveScratch(scratch);
        }
    }

    /** Runs a part of a turn: errors end the connection, and what was put is written when the outermost part ends. */
    final void guarded(Runnable part) {
        if (over) {
            return;
        }
        depth++;
        try {
            part.run();
            if (depth == 1 && !over) {
                openWindow(receiving.increment());
                flush();
            }
        } catch (H2Exception e) {
            fail(e.error(), e.detail(), e.abuse());
        } catch (StreamException e) {
            lost("The connection broke: " + e.getMessage() + ".");
        } catch (RuntimeException e) {
            LOG.atError().setCause(e).log("An HTTP/2 connection failed by a fault of this program.");
            fail(H2Error.INTERNAL_ERROR, "A fault of this program.");
        } finally {
            depth--;
        }
    }

    private void flush() {
        for (int round = 0; round < MAX_FLUSHES; round++) {
            if (writer.flush()) {
                liveness.written();
            } else {
                return;
            }
            if (!sending.serve()) {
                finishIfDone();
                return;
            }
            if (over) {
                return;
            }
        }
        // There is still something: the others of the loop have their turn first.
        planFlush();
    }

    final void flushSoon() {
        if (depth == 0) {
            planFlush();
        }
    }

    private void planFlush() {
        if (!flushPlanned && !over) {
            flushPlanned = true;
            tasks.soon(() -> {
                flushPlanned = false;
                guarded(() -> {});
            });
        }
    }

    final ByteStream transport() {
        return transport;
    }

    final H2Limits limits() {
        return limits;
    }

    final FrameWriter writer() {
        return writer;
    }

    final StreamTable table() {
        return streams;
    }

    final Sending sending() {
        return sending;
    }

    final ReceiveWindow receiving() {
        return receiving;
    }

    final PeerSettings peer() {
        return peer;
    }

    final LoopTasks tasks() {
        return tasks;
    }

    final H2Stream newStream(int id) {
        H2Stream stream = new H2Stream(this, id, limits.streamWindow(), peer.initialWindow());
        streams.add(stream);
        sending.expectUpdates();
        return stream;
    }

    final void sendEnd(H2Stream stream) {
        if (!over) {
            putSafely(() -> writer.data(stream.id(), ByteBuffer.allocate(0), 0, true));
        }
    }

    final void windowUpdate(int id, int increment) {
        if (!over) {
            putSafely(() -> writer.windowUpdate(id, increment));
        }
    }

    final void resetByOwner(H2Stream stream, H2Error error) {
        if (streams.remove(stream) && !over) {
            streams.rememberReset(stream.id());
            putSafely(() -> writer.reset(stream.id(), error));
        }
    }

    /** Puts a frame from a call of a stream's owner, who must not be told of the connection's own troubles. */
    final void putSafely(Runnable put) {
        try {
            put.run();
            flushSoon();
        } catch (H2Exception e) {
            tasks.soon(() -> fail(e.error(), e.detail(), e.abuse()));
        }
    }

    private void openWindow(int increment) {
        if (increment > 0) {
            writer.windowUpdate(0, increment);
        }
    }

    final void count(Abuse kind) {
        guard.count(kind, tasks.nanos());
    }

    /** Breaks one stream because of what the peer did to it (RFC 9113 section 5.4.2). */
    final void streamError(H2Stream stream, H2Error error, String detail) {
        count(Abuse.MALFORMED);
        writer.reset(stream.id(), error);
        streams.rememberReset(stream.id());
        remove(stream, error.code(), detail);
    }

    final void resetByPeer(H2Stream stream, int code) {
        if (!stream.hasCarried()) {
            count(Abuse.RESET);
        }
        remove(stream, code, "The peer reset the tunnel with " + H2Error.text(code) + ".");
    }

    private void remove(H2Stream stream, int code, String detail) {
        streams.remove(stream);
        stream.breakOff(StreamException.Kind.RESET, detail);
        broke(stream, code, detail);
    }

    final void acknowledged() {
        settingsAcknowledged = true;
    }

    final void goneAway(int lastStream) {
        draining = true;
        peerDrains(lastStream);
    }

    /** Takes or opens no new tunnels (GOAWAY) and ends the connection with the last tunnel. Idempotent. */
    public void drain() {
        if (!draining) {
            draining = true;
            putSafely(() -> {
                if (!over) {
                    writer.goAway(streams.lastPeerStream(), H2Error.NO_ERROR, "");
                }
            });
        }
    }

    final boolean isDraining() {
        return draining;
    }

    private void finishIfDone() {
        if (draining && streams.size() == 0 && writer.isEmpty()) {
            terminate(new H2Closed(true, "The connection was drained."), true);
        }
    }

    /** Ends the connection now, with all its tunnels. Idempotent. */
    public void close() {
        fail(H2Error.NO_ERROR, "The connection was closed on this side.");
    }

    private void lost(String detail) {
        terminate(new H2Closed(streams.size() == 0, detail), streams.size() == 0);
    }

    final void fail(H2Error error, String detail) {
        fail(error, detail, null);
    }

    private void fail(H2Error error, String detail, @Nullable Abuse abuse) {
        if (over) {
            return;
        }
        try {
            writer.goAway(streams.lastPeerStream(), error, detail);
            writer.flush();
            terminate(new H2Closed(error == H2Error.NO_ERROR && streams.size() == 0, detail, abuse), true);
        } catch (H2Exception | StreamException e) {
            terminate(new H2Closed(false, detail, abuse), false);
        }
    }

    private void terminate(H2Closed how, boolean politely) {
        if (over) {
            return;
        }
        over = true;
        draining = true;
        liveness.stop();
        writer.release();
        if (politely) {
            transport.end();
        } else {
            transport.reset();
        }
        List<H2Stream> left = streams.all();
        streams.clear();
        for (H2Stream stream : left) {
            stream.breakOff(StreamException.Kind.RESET, how.detail());
        }
        tasks.soon(() -> {
            left.forEach(stream -> broke(stream, H2Error.NO_ERROR.code(), how.detail()));
            over(how);
        });
    }

    /** How many tunnels are open or asked for. */
    public int streams() {
        return streams.size();
    }

    public boolean isClosed() {
        return over;
    }
}
