package dev.exeat.proxy.h2;

import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Cuts the octets of a connection into frames, in any split. The payload of DATA is passed on in pieces as it comes;
 * that of the other known types is collected first, in memory that grows with what has come. Sizes are checked before a
 * payload is waited for (RFC 9113 section 4.2).
 */
final class FrameReader {
    /** Takes the frames. Any method may throw {@link H2Exception}; after {@link #isOver} nothing more is passed on. */
    interface Sink {
        /** A DATA frame begins; all of {@code length}, padding too, counts for flow control. */
        void dataBegins(int stream, int length, boolean endStream);

        /** Octets of it without padding; only valid during the call. */
        void data(ByteBuffer piece);

        void dataEnds();

        /** Any other frame of a known type, whole; the payload is only valid during the call. */
        void frame(int type, int flags, int stream, ByteBuffer payload);

        /** A frame of an unknown type, which is skipped; false if none may come here. */
        void unknown();

        boolean isOver();
    }

    private enum State {
        HEADER,
        PAYLOAD,
        PAD_LENGTH,
        DATA,
        PADDING,
        SKIPPING
    }

    private final Sink sink;
    private final ByteBuffer header = ByteBuffer.allocate(Frame.HEADER);
    private State state = State.HEADER;
    private byte[] payload = {};
    private int received;
    private int left;
    private int padding;
    private int type;
    private int flags;
    private int stream;

    FrameReader(Sink sink) {
        this.sink = sink;
    }

    /** Takes all octets, unless the connection is over before. */
    void read(ByteBuffer in) {
        while (in.hasRemaining() && !sink.isOver()) {
            switch (state) {
                case HEADER -> header(in);
                case PAYLOAD -> payload(in);
                case PAD_LENGTH -> padLength(in);
                case DATA -> data(in);
                case PADDING, SKIPPING -> skip(in);
            }
        }
    }

    private void header(ByteBuffer in) {
        while (header.hasRemaining() && in.hasRemaining()) {
            header.put(in.get());
        }
        if (header.hasRemaining()) {
            return;
        }
        left = ((header.getShort(0) & 0xffff) << 8) | (header.get(2) & 0xff);
        type = header.get(3) & 0xff;
        flags = header.get(4) & 0xff;
        stream = header.getInt(5) & 0x7fff_ffff;
        header.clear();
        if (left > Frame.MAX_PAYLOAD) {
            throw new H2Exception(H2Error.FRAME_SIZE_ERROR, "a frame larger than " + Frame.MAX_PAYLOAD + " octets");
        }
        checkLength();
        if (type == Frame.DATA) {
            beginData();
        } else if (type > Frame.CONTINUATION) {
            sink.unknown();
            state = left == 0 ? State.HEADER : State.SKIPPING;
        } else {
            received = 0;
            state = State.PAYLOAD;
            if (left == 0) {
                endFrame();
            }
        }
    }

    private void checkLength() {
        boolean wrong = switch (type) {
            case Frame.PRIORITY -> left != 5;
            case Frame.RST_STREAM, Frame.WINDOW_UPDATE -> left != 4;
            case Frame.PING -> left != 8;
            case Frame.SETTINGS -> left % 6 != 0 || (left != 0 && (flags & Frame.ACK) != 0);
            case Frame.GOAWAY -> left < 8;
            default -> false;
        };
        if (wrong) {
            throw new H2Exception(H2Error.FRAME_SIZE_ERROR, "a frame of a size that its type does not have");
        }
    }

    private void beginData() {
        boolean padded = (flags & Frame.PADDED) != 0;
        if (padded && left == 0) {
            throw new H2Exception(H2Error.FRAME_SIZE_ERROR, "a padded frame without a padding length");
        }
        padding = 0;
        sink.dataBegins(stream, left, (flags & Frame.END_STREAM) != 0);
        state = padded ? State.PAD_LENGTH : State.DATA;
        if (left == 0) {
            endData();
        }
    }

    private void padLength(ByteBuffer in) {
        padding = in.get() & 0xff;
        left--;
        if (padding > left) {
            throw H2Exception.protocol("a frame whose padding is longer than itself");
        }
        left -= padding;
        state = State.DATA;
        if (left == 0) {
            endPieces();
        }
    }

    private void data(ByteBuffer in) {
        int length = Math.min(left, in.remaining());
        ByteBuffer piece = in.slice(in.position(), length);
        in.position(in.position() + length);
        left -= length;
        sink.data(piece);
        if (left == 0) {
            endPieces();
        }
    }

    private void endPieces() {
        left = padding;
        if (left == 0) {
            endData();
        } else {
            state = State.PADDING;
        }
    }

    private void endData() {
        state = State.HEADER;
        sink.dataEnds();
    }

    private void skip(ByteBuffer in) {
        int length = Math.min(left, in.remaining());
        in.position(in.position() + length);
        left -= length;
        if (left == 0 && state == State.PADDING) {
            endData();
        } else if (left == 0) {
            state = State.HEADER;
        }
    }

    private void payload(ByteBuffer in) {
        int length = Math.min(left, in.remaining());
        if (payload.length < received + length) {
            int wanted = Math.min(received + left, Math.max(64, payload.length * 2));
            payload = Arrays.copyOf(payload, Math.max(received + length, wanted));
        }
        in.get(payload, received, length);
        received += length;
        left -= length;
        if (left == 0) {
            endFrame();
        }
    }

    private void endFrame() {
        state = State.HEADER;
        byte[] whole = payload;
        if (whole.length > 1024) {
            payload = new byte[0];
        }
        sink.frame(type, flags, stream, ByteBuffer.wrap(whole, 0, received));
    }
}
