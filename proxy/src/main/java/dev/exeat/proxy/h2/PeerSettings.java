package dev.exeat.proxy.h2;

import java.nio.ByteBuffer;

/** What the peer's SETTINGS frames say (RFC 9113 section 6.5.2), as far as it matters here. */
final class PeerSettings {
    /** Assumed until the peer says otherwise, so that a tunnel need not wait for its first frame. */
    private static final int ASSUMED_STREAMS = 100;

    private int initialWindow = Frame.DEFAULT_WINDOW;
    private int concurrentStreams = ASSUMED_STREAMS;
    private boolean received;

    boolean received() {
        return received;
    }

    int initialWindow() {
        return initialWindow;
    }

    int concurrentStreams() {
        return concurrentStreams;
    }

    /** @param fromServer whether the peer is a server, which may not enable push */
    void read(ByteBuffer payload, boolean fromServer) {
        if (!received) {
            concurrentStreams = Integer.MAX_VALUE;
            received = true;
        }
        while (payload.hasRemaining()) {
            int id = payload.getShort() & 0xffff;
            long value = payload.getInt() & 0xffff_ffffL;
            switch (id) {
                case Frame.SETTINGS_ENABLE_PUSH -> {
                    if (value > 1 || (fromServer && value == 1)) {
                        throw H2Exception.protocol("a wrong SETTINGS_ENABLE_PUSH");
                    }
                }
                case Frame.SETTINGS_MAX_CONCURRENT_STREAMS ->
                    concurrentStreams = (int) Math.min(value, Integer.MAX_VALUE);
                case Frame.SETTINGS_INITIAL_WINDOW_SIZE -> {
                    if (value > Frame.MAX_WINDOW) {
                        throw new H2Exception(H2Error.FLOW_CONTROL_ERROR, "a wrong SETTINGS_INITIAL_WINDOW_SIZE");
                    }
                    initialWindow = (int) value;
                }
                case Frame.SETTINGS_MAX_FRAME_SIZE -> {
                    if (value < Frame.MAX_PAYLOAD || value > 0xff_ffff) {
                        throw H2Exception.protocol("a wrong SETTINGS_MAX_FRAME_SIZE");
                    }
                }
                default -> {
                    // The table size does not matter to an encoder without a table; unknown settings are ignored.
                }
            }
        }
    }
}
