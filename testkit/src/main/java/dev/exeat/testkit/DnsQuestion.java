package dev.exeat.testkit;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.StringJoiner;

/** The one question of a query (RFC 1035 section 4.1.2) and the ways to answer it, right or wrong. */
final class DnsQuestion {
    static final int A = 1;
    static final int CNAME = 5;
    static final int AAAA = 28;
    static final int NXDOMAIN = 3;
    static final int SERVFAIL = 2;

    private static final int HEADER = 12;
    private static final int RESPONSE = 0x8180;
    private static final int TRUNCATED = 0x200;

    private final int id;
    private final String name;
    private final int type;
    private final byte[] section;

    private DnsQuestion(int id, String name, int type, byte[] section) {
        this.id = id;
        this.name = name;
        this.type = type;
        this.section = section;
    }

    /** @throws IndexOutOfBoundsException if the query is cut short */
    static DnsQuestion parse(byte[] query) {
        int at = HEADER;
        StringJoiner labels = new StringJoiner(".");
        while (query[at] != 0) {
            int length = query[at] & 0xff;
            labels.add(new String(query, at + 1, length, StandardCharsets.ISO_8859_1));
            at += 1 + length;
        }
        ByteBuffer fields = ByteBuffer.wrap(query);
        return new DnsQuestion(
                fields.getShort(0) & 0xffff,
                labels.toString(),
                fields.getShort(at + 1) & 0xffff,
                Arrays.copyOfRange(query, HEADER, at + 5));
    }

    String name() {
        return name;
    }

    /** The name in lower case, as zones are looked up. */
    String key() {
        return name.toLowerCase(Locale.ROOT);
    }

    int type() {
        return type;
    }

    int id() {
        return id;
    }

    byte[] section() {
        return section;
    }

    byte[] answer(byte[]... records) {
        return message(id, 0, section, records);
    }

    byte[] error(int code) {
        return message(id, code, section);
    }

    byte[] truncated() {
        return message(id, TRUNCATED, section);
    }

    /** An answer whose offset in the message the first record starts at. */
    int answerOffset() {
        return HEADER + section.length;
    }

    static byte[] message(int id, int flags, byte[] section, byte[]... records) {
        OctetWriter message = new OctetWriter();
        message.u16(id)
                .u16(RESPONSE | flags)
                .u16(1)
                .u16(records.length)
                .u16(0)
                .u16(0)
                .octets(section);
        for (byte[] record : records) {
            message.octets(record);
        }
        return message.toArray();
    }

    static byte[] record(String owner, int type, byte[] data, int ttl) {
        return record(encode(owner), type, data, ttl);
    }

    static byte[] record(byte[] owner, int type, byte[] data, int ttl) {
        return new OctetWriter()
                .octets(owner)
                .u16(type)
                .u16(1)
                .u16(ttl >>> 16)
                .u16(ttl & 0xffff)
                .vector16(data)
                .toArray();
    }

    static byte[] encode(String name) {
        OctetWriter encoded = new OctetWriter();
        for (String label : name.split("\\.")) {
            if (!label.isEmpty()) {
                encoded.vector8(label.getBytes(StandardCharsets.ISO_8859_1));
            }
        }
        return encoded.u8(0).toArray();
    }
}
