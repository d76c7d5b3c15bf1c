package dev.exeat.bench.wire;

import dev.exeat.testkit.ClientHelloBuilder;
import java.nio.ByteBuffer;
import java.util.concurrent.ThreadLocalRandom;

/**
 * The messages of the played applications. They have the record layer and the handshake headers of TLS 1.3 (RFC 8446
 * sections 4.1.3 and 5.1), so that a proxy which reads them finds what it looks for; behind that is noise, because
 * the cost of the application's own cryptography is not the proxy's.
 *
 * <pre>
 *  client                              upstream
 *  ClientHello, 517 octets    ──►
 *                             ◄──      ServerHello and its flight, 3000 octets
 *  request, 300 octets        ──►
 *                             ◄──      response, 1000 octets, or as many records of 16 KiB as were asked for
 * </pre>
 */
public final class AppTls {
    /** The host that all clients ask for. */
    public static final String HOST = "app.bench.test";

    public static final int ANSWER = 3000;
    public static final int RESPONSE = 1000;
    public static final int HEADER = 5;
    public static final int HANDSHAKE = 22;
    public static final int APPLICATION_DATA = 23;

    private static final int HELLO_MESSAGE = 512;
    private static final int REQUEST = 300;
    private static final int CHANGE_CIPHER_SPEC = 20;
    private static final int FULL_RECORD = 16 * 1024;
    private static final byte PING = 'P';
    private static final byte BULK = 'B';

    private AppTls() {}

    /** A ClientHello in one record, 517 octets of wire as many clients send them. */
    public static byte[] clientHello(String name) {
        return ClientHelloBuilder.to(name).padTo(HELLO_MESSAGE).records();
    }

    /** The server's first flight: ServerHello, change_cipher_spec, and the rest as protected records. */
    public static byte[] answer() {
        ByteBuffer out = ByteBuffer.allocate(ANSWER);
        byte[] serverHello = serverHello();
        header(out, HANDSHAKE, serverHello.length).put(serverHello);
        header(out, CHANGE_CIPHER_SPEC, 1).put((byte) 1);
        int rest = out.remaining() - HEADER;
        header(out, APPLICATION_DATA, rest).put(noise(rest));
        return out.array();
    }

    private static byte[] serverHello() {
        ByteBuffer body = ByteBuffer.allocate(256);
        body.putShort((short) 0x0303).put(noise(32));
        body.put((byte) 32).put(noise(32));
        body.putShort((short) 0x1301).put((byte) 0);
        body.putShort((short) (6 + 40));
        body.putShort((short) 43).putShort((short) 2).putShort((short) 0x0304);
        body.putShort((short) 51).putShort((short) 36).putShort((short) 29).putShort((short) 32);
        body.put(noise(32)).flip();
        ByteBuffer message = ByteBuffer.allocate(4 + body.remaining());
        message.putInt(2 << 24 | body.remaining()).put(body);
        return message.array();
    }

    /** A request for one {@link #response}. */
    public static byte[] ping() {
        return request(PING, 0);
    }

    /** A request for so many full records. */
    public static byte[] bulk(long records) {
        return request(BULK, records);
    }

    /** How many octets {@link #bulk} is answered with. */
    public static long bulkOctets(long records) {
        return records * (HEADER + FULL_RECORD);
    }

    private static byte[] request(byte command, long records) {
        ByteBuffer out = ByteBuffer.allocate(REQUEST);
        header(out, APPLICATION_DATA, REQUEST - HEADER);
        out.put(command).putLong(records).put(noise(out.remaining()));
        return out.array();
    }

    /** How many full records a request asks for; 0 for a ping. */
    public static long records(ByteBuffer request) {
        return request.get(HEADER) == BULK ? request.getLong(HEADER + 1) : 0;
    }

    public static byte[] response() {
        ByteBuffer out = ByteBuffer.allocate(RESPONSE);
        header(out, APPLICATION_DATA, RESPONSE - HEADER).put(noise(RESPONSE - HEADER));
        return out.array();
    }

    /** So many full records in a row. */
    public static byte[] fullRecords(int count) {
        ByteBuffer out = ByteBuffer.allocate(Math.toIntExact(bulkOctets(count)));
        for (int i = 0; i < count; i++) {
            header(out, APPLICATION_DATA, FULL_RECORD).put(noise(FULL_RECORD));
        }
        return out.array();
    }

    private static ByteBuffer header(ByteBuffer out, int type, int length) {
        return out.put((byte) type).putShort((short) 0x0303).putShort((short) length);
    }

    private static byte[] noise(int length) {
        byte[] octets = new byte[length];
        ThreadLocalRandom.current().nextBytes(octets);
        return octets;
    }
}
