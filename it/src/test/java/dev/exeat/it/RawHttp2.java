package dev.exeat.it;

import dev.exeat.testkit.HostileClient;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** A client that writes HTTP/2 frames (RFC 9113 section 4) as they are, good or bad, and tells those that come back. */
final class RawHttp2 implements AutoCloseable {
    static final int RST_STREAM = 3;
    static final int PING = 6;
    static final int GOAWAY = 7;
    private static final int HEADERS = 1;
    private static final int SETTINGS = 4;
    private static final int WINDOW_UPDATE = 8;
    private static final int ACK = 1;
    private static final int END_HEADERS = 4;

    /** A frame that came. */
    record Frame(int type, int stream, byte[] payload) {
        /** The error code of a RST_STREAM (at 0) or GOAWAY (at 4). */
        int number(int at) {
            return ByteBuffer.wrap(payload).getInt(at);
        }
    }

    private final HostileClient client;
    private final DataInputStream in;
    private int nextStream = 1;

    /** Says the preface, and opens the connection's window wide. */
    RawHttp2(HostileClient client) throws IOException {
        this.client = client;
        this.in = new DataInputStream(client.socket().getInputStream());
        ByteArrayOutputStream first = new ByteArrayOutputStream();
        first.writeBytes("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        first.writeBytes(frame(SETTINGS, 0, 0));
        first.writeBytes(frame(SETTINGS, ACK, 0));
        first.writeBytes(frame(
                WINDOW_UPDATE, 0, 0, ByteBuffer.allocate(4).putInt(1 << 30).array()));
        write(first.toByteArray());
    }

    static byte[] frame(int type, int flags, int stream, byte... payload) {
        return ByteBuffer.allocate(9 + payload.length)
                .put((byte) (payload.length >> 16))
                .putShort((short) payload.length)
                .put((byte) type)
                .put((byte) flags)
                .putInt(stream)
                .put(payload)
                .array();
    }

    /** A CONNECT on the next stream: two literal fields without indexing (RFC 7541 section 6.2.2). */
    byte[] connect(String authority) {
        ByteArrayOutputStream block = new ByteArrayOutputStream();
        field(block, ":method", "CONNECT");
        field(block, ":authority", authority);
        int stream = nextStream;
        nextStream += 2;
        return frame(HEADERS, END_HEADERS, stream, block.toByteArray());
    }

    private static void field(ByteArrayOutputStream block, String name, String value) {
        block.write(0);
        block.write(name.length());
        block.writeBytes(name.getBytes(StandardCharsets.US_ASCII));
        block.write(value.length());
        block.writeBytes(value.getBytes(StandardCharsets.US_ASCII));
    }

    void write(byte[] octets) throws IOException {
        client.socket().getOutputStream().write(octets);
        client.socket().getOutputStream().flush();
    }

    /** The next frame, waited for as long as the client's patience. */
    Frame read() throws IOException {
        int length = in.readUnsignedByte() << 16 | in.readUnsignedShort();
        int type = in.readUnsignedByte();
        in.readUnsignedByte();
        int stream = in.readInt();
        return new Frame(type, stream, in.readNBytes(length));
    }

    /** All frames until the first of a type, which is the last. */
    List<Frame> readUntil(int type) throws IOException {
        List<Frame> frames = new ArrayList<>();
        do {
            frames.add(read());
        } while (frames.getLast().type() != type);
        return frames;
    }

    /** Reads and forgets until the connection ends. */
    void discard() {
        byte[] some = new byte[16_384];
        try {
            client.socket().setSoTimeout(0);
            while (in.read(some) >= 0) {
                // Only that it is read matters.
            }
        } catch (IOException e) {
            // It has ended, by its peer or by close().
        }
    }

    @Override
    public void close() {
        client.close();
    }
}
