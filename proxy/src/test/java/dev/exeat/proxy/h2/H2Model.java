package dev.exeat.proxy.h2;

import dev.exeat.testkit.fuzz.Same;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What a client's octets allow its server to do (RFC 9113), as upper bounds: on which streams it may answer, how much
 * it may send on each, how many requests there can be.
 */
final class H2Model {
    private static final int DEFAULT_WINDOW = 65_535;

    /** A frame as it stands in the octets, whether it makes sense or not. */
    record RawFrame(int type, int flags, int stream, byte[] payload) {
        byte[] octets() {
            return RawPeer.frame(type, flags, stream, payload);
        }
    }

    private final Set<Integer> opened = new HashSet<>();
    private final Map<Integer, Long> credit = new HashMap<>();
    private long initialWindow = DEFAULT_WINDOW;
    private int pings;
    private int headers;
    private boolean goesAway;

    H2Model(byte[] input) {
        for (RawFrame frame : frames(input)) {
            switch (frame.type()) {
                case Frame.HEADERS -> {
                    headers++;
                    opened.add(frame.stream());
                }
                case Frame.PING -> pings++;
                case Frame.GOAWAY -> goesAway = true;
                case Frame.SETTINGS -> settings(ByteBuffer.wrap(frame.payload()));
                case Frame.WINDOW_UPDATE -> {
                    if (frame.payload().length == 4) {
                        long increment = ByteBuffer.wrap(frame.payload()).getInt() & 0x7fff_ffffL;
                        credit.merge(frame.stream(), increment, Long::sum);
                    }
                }
                default -> {}
            }
        }
    }

    private void settings(ByteBuffer payload) {
        while (payload.remaining() >= 6) {
            boolean window = payload.getShort() == 4;
            long value = payload.getInt() & 0xffff_ffffL;
            if (window) {
                initialWindow = Math.max(initialWindow, value);
            }
        }
    }

    /** All frames; what is left at the end and fills none is dropped. */
    static List<RawFrame> frames(byte[] input) {
        List<RawFrame> frames = new ArrayList<>();
        ByteBuffer in = ByteBuffer.wrap(input);
        while (in.remaining() >= 9) {
            int length = (in.get() & 0xff) << 16 | (in.getShort() & 0xffff);
            int type = in.get() & 0xff;
            int flags = in.get() & 0xff;
            int stream = in.getInt() & 0x7fff_ffff;
            byte[] payload = new byte[Math.min(length, in.remaining())];
            in.get(payload);
            if (payload.length == length) {
                frames.add(new RawFrame(type, flags, stream, payload));
            }
        }
        return frames;
    }

    /** @throws AssertionError if the server did what it may not */
    void check(List<RawPeer.Seen> sent, int requests) {
        Same.require("as many requests as HEADERS at most", requests <= headers, true);
        Map<Integer, Long> sentData = new HashMap<>();
        int acknowledged = 0;
        for (RawPeer.Seen frame : sent) {
            if (frame.stream() != 0) {
                boolean odd = (frame.stream() & 1) == 1;
                // A WINDOW_UPDATE or a reset answers frames on streams, which opened HEADERS or not.
                boolean answer = frame.type() == Frame.RST_STREAM || opened.contains(frame.stream());
                Same.require("an answer on stream " + frame.stream(), odd && answer, true);
            }
            if (frame.type() == Frame.DATA) {
                sentData.merge(frame.stream(), (long) frame.payload().length, Long::sum);
                sentData.merge(0, (long) frame.payload().length, Long::sum);
            } else if (frame.type() == Frame.PING && (frame.flags() & 1) == 1) {
                acknowledged++;
            }
        }
        Same.require("pings answered", acknowledged <= pings, true);
        sentData.forEach((stream, octets) -> {
            long most = (stream == 0 ? DEFAULT_WINDOW : initialWindow) + credit.getOrDefault(stream, 0L);
            Same.require("within the window of stream " + stream, octets <= most, true);
        });
    }

    boolean goesAway() {
        return goesAway;
    }
}
