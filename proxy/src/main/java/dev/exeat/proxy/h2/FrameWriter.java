package dev.exeat.proxy.h2;

import dev.exeat.net.ByteStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Puts frames one behind the other, to be written to the transport together. DATA is taken only while there is room;
 * other frames always are, up to a bound that only a peer which reads nothing and asks for much can reach.
 */
final class FrameWriter {
    /** Octets of frames that may wait when DATA is taken: four full frames. */
    private static final int DATA_LIMIT = 4 * (Frame.HEADER + Frame.MAX_PAYLOAD);

    private static final int HARD_LIMIT = 256 * 1024;
    private static final int MAX_DEBUG = 256;

    private final ByteStream transport;
    private final H2Buffers buffers;
    private final HpackEncoder hpack = new HpackEncoder();
    /** The frames that wait, from 0 to its position; null when there are none. */
    private @Nullable ByteBuffer out;

    FrameWriter(ByteStream transport, H2Buffers buffers) {
        this.transport = transport;
        this.buffers = buffers;
    }

    boolean isEmpty() {
        return out == null;
    }

    /** How many octets of DATA may be put now, in as many frames as needed. */
    int dataRoom() {
        int used = out == null ? 0 : out.position();
        return Math.max(0, DATA_LIMIT - used - Frame.HEADER);
    }

    /** Puts one DATA frame of the next {@code length} octets. */
    void data(int stream, ByteBuffer from, int length, boolean end) {
        ByteBuffer to = frame(length, Frame.DATA, end ? Frame.END_STREAM : 0, stream);
        to.put(from.slice(from.position(), length));
        from.position(from.position() + length);
    }

    void preface() {
        room(PREFACE.length).put(PREFACE);
    }

    static final byte[] PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

    /** @param pairs identifier and value in turn */
    void settings(int... pairs) {
        ByteBuffer to = frame(pairs.length * 3, Frame.SETTINGS, 0, 0);
        for (int i = 0; i < pairs.length; i += 2) {
            to.putShort((short) pairs[i]).putInt(pairs[i + 1]);
        }
    }

    void settingsAck() {
        frame(0, Frame.SETTINGS, Frame.ACK, 0);
    }

    void ping(long payload, boolean ack) {
        frame(8, Frame.PING, ack ? Frame.ACK : 0, 0).putLong(payload);
    }

    void windowUpdate(int stream, int increment) {
        frame(4, Frame.WINDOW_UPDATE, 0, stream).putInt(increment);
    }

    void reset(int stream, H2Error error) {
        frame(4, Frame.RST_STREAM, 0, stream).putInt(error.code());
    }

    void goAway(int lastStream, H2Error error, String debug) {
        byte[] text = debug.getBytes(StandardCharsets.US_ASCII);
        int length = Math.min(text.length, MAX_DEBUG);
        frame(8 + length, Frame.GOAWAY, 0, 0)
                .putInt(lastStream)
                .putInt(error.code())
                .put(text, 0, length);
    }

    void connect(int stream, String authority) {
        int start = beginHeaders(64 + authority.length());
        hpack.connect(out(), authority);
        endHeaders(start, stream);
    }

    void established(int stream) {
        int start = beginHeaders(64);
        hpack.established(out());
        endHeaders(start, stream);
    }

    void refusal(int stream, int status, int length) {
        int start = beginHeaders(128);
        hpack.refusal(out(), status, length);
        endHeaders(start, stream);
    }

    private int beginHeaders(int most) {
        ByteBuffer to = room(Frame.HEADER + most);
        int start = to.position();
        to.position(start + Frame.HEADER);
        return start;
    }

    private void endHeaders(int start, int stream) {
        ByteBuffer to = out();
        int end = to.position();
        to.position(start);
        header(to, end - start - Frame.HEADER, Frame.HEADERS, Frame.END_HEADERS, stream);
        to.position(end);
    }

    private ByteBuffer frame(int length, int type, int flags, int stream) {
        ByteBuffer to = room(Frame.HEADER + length);
        header(to, length, type, flags, stream);
        return to;
    }

    private static void header(ByteBuffer to, int length, int type, int flags, int stream) {
        to.putShort((short) (length >> 8))
                .put((byte) length)
                .put((byte) type)
                .put((byte) flags)
                .putInt(stream);
    }

    private ByteBuffer out() {
        ByteBuffer current = out;
        if (current == null) {
            current = buffers.takeOutput();
            out = current;
        }
        return current;
    }

    private ByteBuffer room(int length) {
        ByteBuffer current = out();
        if (current.remaining() < length) {
            if (current.position() + length > HARD_LIMIT) {
                throw H2Exception.calm(Abuse.BACKLOG, "more that must be answered than it reads answers");
            }
            int wanted = Math.max(current.capacity() * 2, current.position() + length);
            ByteBuffer larger = ByteBuffer.allocateDirect(wanted).put(current.flip());
            buffers.giveOutput(current);
            out = larger;
            current = larger;
        }
        return current;
    }

    /**
     * Writes what waits, as far as the transport takes it.
     *
     * @return whether everything was taken
     */
    boolean flush() {
        ByteBuffer waiting = out;
        if (waiting == null) {
            return true;
        }
        waiting.flip();
        try {
            int taken;
            do {
                taken = transport.write(waiting);
            } while (taken > 0 && waiting.hasRemaining());
        } finally {
            waiting.compact();
        }
        if (waiting.position() > 0) {
            return false;
        }
        release();
        return true;
    }

    /** Drops what waits. */
    void release() {
        ByteBuffer waiting = out;
        out = null;
        if (waiting != null) {
            buffers.giveOutput(waiting);
        }
    }
}
