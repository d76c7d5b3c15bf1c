package dev.exeat.proxy.h2;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** Puts HEADERS and its CONTINUATION frames together (RFC 9113 section 4.3), within bounds of octets and of frames. */
final class HeaderBlocks {
    /** Enough for a full header list cut small, and far below a flood (CVE-2024-27316). */
    private static final int MAX_CONTINUATIONS = 8;

    private final int limit;
    private @Nullable ByteBuffer open;
    private int stream;
    private boolean endStream;
    private int continuations;

    HeaderBlocks(int limit) {
        this.limit = limit;
    }

    boolean isOpen() {
        return open != null;
    }

    int stream() {
        return stream;
    }

    boolean endsStream() {
        return endStream;
    }

    /** Takes a HEADERS frame; returns the block if it is whole. */
    @Nullable
    ByteBuffer headers(int flags, int id, ByteBuffer payload) {
        stream = id;
        endStream = (flags & Frame.END_STREAM) != 0;
        continuations = 0;
        int padding = 0;
        if ((flags & Frame.PADDED) != 0) {
            checkRoom(payload, 1);
            padding = payload.get() & 0xff;
        }
        if ((flags & Frame.HAS_PRIORITY) != 0) {
            checkRoom(payload, 5);
            payload.position(payload.position() + 5);
        }
        if (padding > payload.remaining()) {
            throw H2Exception.protocol("a HEADERS frame whose padding is longer than itself");
        }
        payload.limit(payload.limit() - padding);
        if ((flags & Frame.END_HEADERS) != 0) {
            checkSize(payload.remaining());
            return payload;
        }
        open = ByteBuffer.allocate(0);
        append(payload);
        return null;
    }

    /** Takes a CONTINUATION frame; returns the block if it is whole. */
    @Nullable
    ByteBuffer continuation(int flags, int id, ByteBuffer payload) {
        if (open == null || id != stream) {
            throw H2Exception.protocol("a CONTINUATION frame that continues nothing");
        }
        if (++continuations > MAX_CONTINUATIONS) {
            throw H2Exception.calm(
                    Abuse.HEADERS, "a header block in more than " + MAX_CONTINUATIONS + " CONTINUATION frames");
        }
        ByteBuffer whole = append(payload);
        if ((flags & Frame.END_HEADERS) == 0) {
            return null;
        }
        open = null;
        return whole;
    }

    private ByteBuffer append(ByteBuffer payload) {
        ByteBuffer before = open == null ? ByteBuffer.allocate(0) : open;
        int length = before.remaining() + payload.remaining();
        checkSize(length);
        ByteBuffer joined =
                ByteBuffer.allocate(length).put(before.duplicate()).put(payload).flip();
        open = joined;
        return joined;
    }

    private void checkSize(int length) {
        if (length > limit) {
            throw H2Exception.calm(Abuse.HEADERS, "a header block longer than " + limit + " octets");
        }
    }

    private static void checkRoom(ByteBuffer payload, int octets) {
        if (payload.remaining() < octets) {
            throw new H2Exception(H2Error.FRAME_SIZE_ERROR, "a HEADERS frame that is cut short");
        }
    }
}
