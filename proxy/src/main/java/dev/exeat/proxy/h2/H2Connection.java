package dev.exeat.proxy.h2;

import dev.exeat.net.ByteStream;
import dev.exeat.net.IoBuffer;
import dev.exeat.net.StreamException;
import dev.exeat.proxy.dial.Cancel;
import dev.exeat.proxy.h2.FloodGuard.Kind;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What both sides of a connection have in common (RFC 9113): the transport's events, settings, windows, pings, errors
 * and the end. All of it runs on the transport's loop. Frames are put while a turn lasts and written at its end.
 */
abstract class H2Connection implements ByteStream.Handler {
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
    private final ResetMemory resets = new ResetMemory();
    private final Map<Integer, H2Stream> streams = new HashMap<>();
    private Cancel settingsTimer = () -> {};
    private Cancel aliveTimer = () -> {};

    private long receiveWindow = Frame.DEFAULT_WINDOW;
    private long unread;
    private int lastPeerStream;
    private boolean settingsAcknowledged;
    private boolean draining;
    private boolean over;
    private int depth;
    private boolean flushPlanned;
    private long lastHeard;
    private long lastWritten;
    private boolean pinged;
    private long pingSent;

    H2Connection(ByteStream transport, H2Limits limits, LoopTasks tasks, H2Buffers buffers) {
        this.transport = transport;
        this.limits = limits;
        this.tasks = tasks;
        this.buffers = buffers;
        this.writer = new FrameWriter(transport, buffers);
        this.sending = new Sending(writer);
        this.dispatch = new FrameDispatch(this, limits.headerList());
        this.reader = new FrameReader(dispatch);
        this.guard = new FloodGuard(limits.abusePerInterval(), limits.interval(), tasks.nanos());
        this.lastHeard = tasks.nanos();
        this.lastWritten = lastHeard;
    }

    // ---- what the two sides do differently

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

    // ---- start

    /** Says the first words; called once, before anything else. */
    void begin(int... ourSettings) {
        transport.handler(this);
        guarded(() -> {
            if (!isServer()) {
                writer.preface();
            }
            writer.settings(ourSettings);
            updateConnectionWindow(1);
        });
        settingsTimer = tasks.after(limits.settingsTimeout(), () -> {
            if (!peer.received() || !settingsAcknowledged) {
                fail(H2Error.SETTINGS_TIMEOUT, "The peer's SETTINGS or its acknowledgement of ours did not come.");
            }
        });
        if (!limits.keepAlive().isZero()) {
            keepAlive();
        }
    }

    private void keepAlive() {
        aliveTimer = tasks.after(limits.keepAlive(), this::checkAlive);
    }

    private void checkAlive() {
        long now = tasks.nanos();
        long silence = limits.keepAlive().toNanos();
        if (over) {
            return;
        }
        if (!writer.isEmpty() && now - lastWritten >= 2 * silence) {
            fail(H2Error.NO_ERROR, "The peer reads nothing.");
        } else if (pinged && lastHeard - pingSent < 0) {
            fail(H2Error.NO_ERROR, "The peer is silent.");
        } else {
            pinged = now - lastHeard >= silence;
            if (pinged) {
                pingSent = now;
                guarded(() -> writer.ping(OUR_PING, false));
            }
            keepAlive();
        }
    }

    // ---- the transport's events

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
                    soon(() -> guarded(this::pump));
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
                lastHeard = tasks.nanos();
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
                updateConnectionWindow(limits.connectionWindow() / 2);
                flush();
            }
        } catch (H2Exception e) {
            fail(e.error(), e.detail());
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
                lastWritten = tasks.nanos();
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
            soon(() -> {
                flushPlanned = false;
                guarded(() -> {});
            });
        }
    }

    // ---- for the streams

    final ByteStream transport() {
        return transport;
    }

    final H2Limits limits() {
        return limits;
    }

    final FrameWriter writer() {
        return writer;
    }

    final PeerSettings peer() {
        return peer;
    }

    final void soon(Runnable task) {
        tasks.soon(task);
    }

    final Cancel after(Duration delay, Runnable task) {
        return tasks.after(delay, task);
    }

    final H2Stream newStream(int id) {
        H2Stream stream = new H2Stream(this, id, limits.streamWindow(), peer.initialWindow());
        streams.put(id, stream);
        return stream;
    }

    final int send(H2Stream stream, ByteBuffer from) {
        int taken = sending.send(stream, from);
        flushSoon();
        return taken;
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
        if (streams.remove(stream.id(), stream) && !over) {
            resets.add(stream.id());
            putSafely(() -> writer.reset(stream.id(), error));
        }
    }

    /** Puts a frame from a call of a stream's owner, who must not be told of the connection's own troubles. */
    final void putSafely(Runnable put) {
        try {
            put.run();
            flushSoon();
        } catch (H2Exception e) {
            soon(() -> fail(e.error(), e.detail()));
        }
    }

    /** RFC 9113 section 8.1: a server that has said all stops the client without an error. */
    final H2Error politeReset() {
        return isServer() ? H2Error.NO_ERROR : H2Error.CANCEL;
    }

    final void completed(H2Stream stream) {
        streams.remove(stream.id(), stream);
        flushSoon();
    }

    final void buffered(int count) {
        unread += count;
    }

    final void unbuffered(int count) {
        unread -= count;
        if (count > 0) {
            flushSoon();
        }
    }

    /**
     * The connection's window is opened as octets come, not as they are read, so that a tunnel whose reader sleeps does
     * not stop the others; only when all of them together hold too much is it kept shut.
     */
    private void updateConnectionWindow(int least) {
        long target = Math.min(limits.connectionWindow(), limits.connectionBuffer() - unread);
        if (target - receiveWindow >= least) {
            writer.windowUpdate(0, (int) (target - receiveWindow));
            receiveWindow = target;
        }
    }

    // ---- for the frames

    final @Nullable H2Stream stream(int id) {
        return streams.get(id);
    }

    final int lastPeerStream() {
        return lastPeerStream;
    }

    final void peerOpened(int id) {
        lastPeerStream = id;
    }

    final boolean wasReset(int id) {
        return resets.contains(id);
    }

    final void charge(int length) {
        receiveWindow -= length;
        if (receiveWindow < 0) {
            throw new H2Exception(H2Error.FLOW_CONTROL_ERROR, "more than the connection's window allows");
        }
    }

    final void count(Kind kind) {
        guard.count(kind, tasks.nanos());
    }

    /** Breaks one stream because of what the peer did to it (RFC 9113 section 5.4.2). */
    final void streamError(H2Stream stream, H2Error error, String detail) {
        count(Kind.MALFORMED);
        writer.reset(stream.id(), error);
        resets.add(stream.id());
        remove(stream, error.code(), detail);
    }

    final void resetByPeer(H2Stream stream, int code) {
        if (!stream.hasCarried()) {
            count(Kind.RESET);
        }
        remove(stream, code, "The peer reset the tunnel with " + H2Error.text(code) + ".");
    }

    private void remove(H2Stream stream, int code, String detail) {
        streams.remove(stream.id(), stream);
        stream.breakOff(StreamException.Kind.RESET, detail);
        broke(stream, code, detail);
    }

    final void settings(ByteBuffer payload, boolean ack) {
        count(Kind.SETTINGS);
        if (ack) {
            settingsAcknowledged = true;
            return;
        }
        boolean first = !peer.received();
        int before = peer.initialWindow();
        peer.read(payload, !isServer());
        writer.settingsAck();
        long change = (long) peer.initialWindow() - before;
        if (change != 0) {
            List<H2Stream> all = List.copyOf(streams.values());
            for (H2Stream stream : all) {
                if (!stream.grow(change)) {
                    throw new H2Exception(H2Error.FLOW_CONTROL_ERROR, "a setting that makes a window too large");
                }
            }
            all.forEach(H2Stream::windowOpened);
        }
        settingsCame(first);
    }

    final void ping(long payload, boolean ack) {
        if (!ack) {
            count(Kind.PING);
            writer.ping(payload, true);
        }
    }

    final void windowOpened(int id, int increment) {
        if (id == 0) {
            if (!sending.grow(increment)) {
                throw new H2Exception(H2Error.FLOW_CONTROL_ERROR, "a window update that makes the window too large");
            }
            return;
        }
        H2Stream stream = streams.get(id);
        if (stream != null && !stream.grow(increment)) {
            streamError(stream, H2Error.FLOW_CONTROL_ERROR, "The peer made the tunnel's window too large.");
        } else if (stream != null) {
            stream.windowOpened();
        }
    }

    final void goneAway(int lastStream) {
        draining = true;
        peerDrains(lastStream);
    }

    // ---- the end

    /** Takes or opens no new tunnels (GOAWAY) and ends the connection with the last tunnel. Idempotent. */
    public void drain() {
        if (!draining) {
            draining = true;
            putSafely(() -> {
                if (!over) {
                    writer.goAway(lastPeerStream, H2Error.NO_ERROR, "");
                }
            });
        }
    }

    final boolean isDraining() {
        return draining;
    }

    private void finishIfDone() {
        if (draining && streams.isEmpty() && writer.isEmpty()) {
            terminate(new H2Closed(true, "The connection was drained."), true);
        }
    }

    /** Ends the connection now, with all its tunnels. Idempotent. */
    public void close() {
        fail(H2Error.NO_ERROR, "The connection was closed on this side.");
    }

    private void lost(String detail) {
        terminate(new H2Closed(streams.isEmpty(), detail), streams.isEmpty());
    }

    final void fail(H2Error error, String detail) {
        if (over) {
            return;
        }
        try {
            writer.goAway(lastPeerStream, error, detail);
            writer.flush();
            terminate(new H2Closed(error == H2Error.NO_ERROR && streams.isEmpty(), detail), true);
        } catch (H2Exception | StreamException e) {
            terminate(new H2Closed(false, detail), false);
        }
    }

    private void terminate(H2Closed how, boolean politely) {
        if (over) {
            return;
        }
        over = true;
        draining = true;
        settingsTimer.cancel();
        aliveTimer.cancel();
        writer.release();
        if (politely) {
            transport.end();
        } else {
            transport.reset();
        }
        List<H2Stream> left = List.copyOf(streams.values());
        streams.clear();
        for (H2Stream stream : left) {
            stream.breakOff(StreamException.Kind.RESET, how.detail());
        }
        soon(() -> {
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

    final boolean isCurrent(H2Stream stream) {
        return Objects.equals(streams.get(stream.id()), stream);
    }
}
