package dev.exeat.testkit;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/** How a {@link MarkerUpstream} treats its clients. Immutable. */
public final class Behaviour {
    /** What an upstream answers to the first octets it reads: a client that sees it has got through. */
    public static final String MARKER = "EXEAT-MARKER\n";

    private static final byte[] NONE = {};
    private static final String RETRY_RANDOM = "cf21ad74e59a6111be1d8c021e65b891c2a211167abb8c5e079e09e2c8a8339c";
    private static final int SESSION_ID_AT = 43;

    private enum Answer {
        MARKER,
        HELLO_RETRY_REQUEST,
        ECHO,
        NOTHING
    }

    private final Answer answer;
    private final boolean holds;
    private final String greeting;
    private final String farewell;

    private Behaviour(Answer answer, boolean holds, String greeting, String farewell) {
        this.answer = answer;
        this.holds = holds;
        this.greeting = greeting;
        this.farewell = farewell;
    }

    /** Answers the first octets with {@link #MARKER}. */
    public static Behaviour marking() {
        return new Behaviour(Answer.MARKER, false, "", "");
    }

    /** Answers the first octets with a HelloRetryRequest for x25519 (RFC 8446 section 4.1.4). */
    public static Behaviour retrying() {
        return new Behaviour(Answer.HELLO_RETRY_REQUEST, false, "", "");
    }

    /** Sends back every octet. */
    public static Behaviour echoing() {
        return new Behaviour(Answer.ECHO, false, "", "");
    }

    /** Reads and says nothing. */
    public static Behaviour silent() {
        return new Behaviour(Answer.NOTHING, false, "", "");
    }

    /** The same, but it reads nothing before it is released, with a small receive buffer. */
    public Behaviour holding() {
        return new Behaviour(answer, true, greeting, farewell);
    }

    /** The same, but it speaks first, as mail and SSH servers do. */
    public Behaviour greeting(String text) {
        return new Behaviour(answer, holds, text, farewell);
    }

    /** The same, but after the client has ended its side it says something more before it closes. */
    public Behaviour farewell(String text) {
        return new Behaviour(answer, holds, greeting, text);
    }

    boolean holds() {
        return holds;
    }

    boolean echoes() {
        return answer == Answer.ECHO;
    }

    byte[] greeting() {
        return greeting.getBytes(StandardCharsets.UTF_8);
    }

    byte[] farewell() {
        return farewell.getBytes(StandardCharsets.UTF_8);
    }

    byte[] answerTo(byte[] octets, int length) {
        return switch (answer) {
            case MARKER -> MARKER.getBytes(StandardCharsets.UTF_8);
            case HELLO_RETRY_REQUEST -> helloRetryRequest(sessionId(octets, length));
            case ECHO, NOTHING -> NONE;
        };
    }

    /** A HelloRetryRequest in one record, as a server of TLS 1.3 sends it; it echoes the session id. */
    public static byte[] helloRetryRequest(byte[] sessionId) {
        byte[] extensions = new OctetWriter()
                .u16(43)
                .vector16(new byte[] {3, 4})
                .u16(51)
                .vector16(new byte[] {0, 0x1d})
                .toArray();
        return serverHello(HexFormat.of().parseHex(RETRY_RANDOM), sessionId, extensions);
    }

    /** A ServerHello in one record with any random. */
    public static byte[] serverHello(byte[] random, byte[] sessionId, byte[] extensions) {
        byte[] body = new OctetWriter()
                .u16(0x0303)
                .octets(random)
                .vector8(sessionId)
                .u16(0x1301)
                .u8(0)
                .vector16(extensions)
                .toArray();
        byte[] message = new OctetWriter().u8(2).u24(body.length).octets(body).toArray();
        return new OctetWriter().u8(22).u16(0x0303).vector16(message).toArray();
    }

    private static byte[] sessionId(byte[] octets, int length) {
        boolean there = length > SESSION_ID_AT && length >= SESSION_ID_AT + 1 + (octets[SESSION_ID_AT] & 0xff);
        byte[] id = new byte[there ? octets[SESSION_ID_AT] & 0xff : 0];
        System.arraycopy(octets, there ? SESSION_ID_AT + 1 : 0, id, 0, id.length);
        return id;
    }
}
