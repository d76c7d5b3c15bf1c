package dev.exeat.proxy.h2;

import dev.exeat.net.ByteStream;
import dev.exeat.net.StreamException;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** A peer that writes whatever frames a test wants, and keeps those that come back. */
final class RawPeer implements ByteStream.Handler {
    record Seen(int type, int flags, int stream, byte[] payload) {
        int number(int at) {
            return ByteBuffer.wrap(payload).getInt(at);
        }
    }

    final FakeTasks tasks;
    final MemoryStream stream;
    final List<Seen> seen = new ArrayList<>();
    boolean ended;
    /** True for a peer of a server, which sends none. */
    boolean clientPrefaceSeen = true;

    private final ByteArrayOutputStream unread = new ByteArrayOutputStream();
    private final ByteBuffer buffer = ByteBuffer.allocate(65_536);
    private ByteBuffer unsent = ByteBuffer.allocate(0);

    RawPeer(FakeTasks tasks, MemoryStream stream) {
        this.tasks = tasks;
        this.stream = stream;
        stream.handler(this);
    }

    static byte[] frame(int type, int flags, int id, byte... payload) {
        ByteBuffer frame = ByteBuffer.allocate(9 + payload.length);
        frame.put((byte) (payload.length >> 16)).putShort((short) payload.length);
        return frame.put((byte) type).put((byte) flags).putInt(id).put(payload).array();
    }

    static byte[] number(int value) {
        return ByteBuffer.allocate(4).putInt(value).array();
    }

    static byte[] fields(String... namesAndValues) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            out.write(0);
            string(out, namesAndValues[i]);
            string(out, namesAndValues[i + 1]);
        }
        return out.toByteArray();
    }

    private static void string(ByteArrayOutputStream out, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
        if (bytes.length < 127) {
            out.write(bytes.length);
        } else {
            out.write(127);
            int rest = bytes.length - 127;
            while (rest >= 128) {
                out.write(128 | (rest & 127));
                rest >>= 7;
            }
            out.write(rest);
        }
        out.writeBytes(bytes);
    }

    static byte[] connect(int id) {
        return frame(Frame.HEADERS, Frame.END_HEADERS, id, fields(":method", "CONNECT", ":authority", "a.test:443"));
    }

    RawPeer preface() {
        write(FrameWriter.PREFACE);
        return write(frame(Frame.SETTINGS, 0, 0));
    }

    RawPeer write(byte[] bytes) {
        unsent = ByteBuffer.allocate(unsent.remaining() + bytes.length)
                .put(unsent)
                .put(bytes)
                .flip();
        writable(stream);
        return this;
    }

    RawPeer run() {
        tasks.run();
        return this;
    }

    List<Seen> of(int type) {
        return seen.stream().filter(f -> f.type == type).toList();
    }

    /** The error code of the GOAWAY that came, or -1. */
    int goneAway() {
        List<Seen> all = of(Frame.GOAWAY);
        return all.isEmpty() ? -1 : all.getFirst().number(4);
    }

    /** The error code of the RST_STREAM for a stream, or -1. */
    int reset(int id) {
        return of(Frame.RST_STREAM).stream()
                .filter(f -> f.stream == id)
                .map(f -> f.number(0))
                .findFirst()
                .orElse(-1);
    }

    @Override
    public void readable(ByteStream unused) {
        try {
            while (!ended) {
                buffer.clear();
                int count = stream.read(buffer);
                if (count == 0) {
                    break;
                }
                ended = count < 0;
                if (count > 0) {
                    unread.write(buffer.array(), 0, count);
                }
            }
        } catch (StreamException e) {
            ended = true;
        }
        cut();
    }

    private void cut() {
        ByteBuffer all = ByteBuffer.wrap(unread.toByteArray());
        if (!clientPrefaceSeen) {
            if (all.remaining() < FrameWriter.PREFACE.length) {
                return;
            }
            clientPrefaceSeen = true;
            all.position(FrameWriter.PREFACE.length);
        }
        while (all.remaining() >= 9) {
            int length = ((all.get(all.position()) & 0xff) << 16) | (all.getShort(all.position() + 1) & 0xffff);
            if (all.remaining() < 9 + length) {
                break;
            }
            all.position(all.position() + 3);
            int type = all.get();
            int flags = all.get();
            int id = all.getInt();
            byte[] payload = new byte[length];
            all.get(payload);
            seen.add(new Seen(type, flags, id, payload));
        }
        byte[] rest = new byte[all.remaining()];
        all.get(rest);
        unread.reset();
        unread.writeBytes(rest);
    }

    @Override
    public void writable(ByteStream unused) {
        try {
            while (unsent.hasRemaining() && stream.write(unsent) > 0) {}
        } catch (StreamException e) {
            unsent = ByteBuffer.allocate(0);
        }
    }
}
