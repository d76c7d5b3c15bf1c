package dev.exeat.testkit;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/** What clients of other protocols send first. */
public enum Payload {
    HTTP("GET / HTTP/1.1\r\nHost: allowed.test\r\n\r\n"),
    H2("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"),
    SSH("SSH-2.0-OpenSSH_9.9\r\n"),
    SMTP("EHLO client.test\r\nSTARTTLS\r\n"),
    PROXY_V1("PROXY TCP4 10.0.0.1 127.0.0.1 40000 443\r\n"),
    /** A hello of SSL 2.0 that offers TLS 1.0 (RFC 5246 appendix E.2). */
    SSLV2(hex("802e0103010015000000100000050000040100800000160000130000660100" + "c0" + "5a".repeat(16))),
    /** An Initial packet of QUIC version 1 with its padding. */
    QUIC(hex("c300000001088394c8f03e5157080000449e" + "00".repeat(1182))),
    /** The start of a DTLS 1.2 record. */
    DTLS(hex("16fefd0000000000000000002e010000220000000000000022fefd")),
    ALERT(hex("15030100020228")),
    ZEROS(hex("00".repeat(100))),
    FF(hex("ff".repeat(100))),
    /** The connection request of RDP, which asks for TLS. */
    RDP(hex("030000130ee000000000000100080003000000")),
    /** A handshake record of a protocol major version 2. */
    RECORD_V2(hex("1602000000"));

    private final String latin1;

    Payload(String latin1) {
        this.latin1 = latin1;
    }

    public byte[] octets() {
        return latin1.getBytes(StandardCharsets.ISO_8859_1);
    }

    private static String hex(String digits) {
        return new String(HexFormat.of().parseHex(digits), StandardCharsets.ISO_8859_1);
    }
}
