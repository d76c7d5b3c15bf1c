package dev.exeat.net;

import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.LocalDateTime;
import java.time.ZoneOffset;

/**
 * When a certificate ends, out of its DER (RFC 5280 section 4.1), without a parse of all the rest: it is asked for in
 * every full handshake. Only for certificates that somebody else has judged.
 */
final class Validity {
    private static final int INTEGER = 0x02;
    private static final int UTC_TIME = 0x17;
    private static final int GENERALIZED_TIME = 0x18;
    private static final int SEQUENCE = 0x30;
    private static final int VERSION = 0xa0;

    private final byte[] der;
    private int at;

    private Validity(byte[] der) {
        this.der = der;
    }

    /** The last second, since the epoch, of the certificate; 0, which is long over, if there is no finding it. */
    static long end(byte[] certificate) {
        try {
            return new Validity(certificate).end();
        } catch (IndexOutOfBoundsException | DateTimeException | NumberFormatException e) {
            return 0;
        }
    }

    private long end() {
        enter(SEQUENCE);
        enter(SEQUENCE);
        if (der[at] == (byte) VERSION) {
            skip(VERSION);
        }
        skip(INTEGER);
        skip(SEQUENCE);
        skip(SEQUENCE);
        enter(SEQUENCE);
        skip(der[at] & 0xff);
        return time();
    }

    private long time() {
        int tag = der[at] & 0xff;
        if (tag != UTC_TIME && tag != GENERALIZED_TIME) {
            throw new DateTimeException("no time");
        }
        int length = enter(tag);
        String text = new String(der, at, length, StandardCharsets.US_ASCII);
        // RFC 5280 section 4.1.2.5.1: the years from 50 on are those of the last century.
        String full = tag == GENERALIZED_TIME ? text : (text.charAt(0) < '5' ? "20" : "19") + text;
        if (full.length() != "YYYYMMDDHHMMSSZ".length()) {
            throw new DateTimeException("no time as certificates have it");
        }
        return LocalDateTime.of(
                        number(full, 0, 4),
                        number(full, 4, 6),
                        number(full, 6, 8),
                        number(full, 8, 10),
                        number(full, 10, 12),
                        number(full, 12, 14))
                .toEpochSecond(ZoneOffset.UTC);
    }

    private static int number(String text, int from, int to) {
        return Integer.parseInt(text, from, to, 10);
    }

    private void skip(int tag) {
        int length = enter(tag);
        at += length;
    }

    /** Goes to the contents of the element, and answers how long they are. */
    private int enter(int tag) {
        if ((der[at++] & 0xff) != tag) {
            throw new DateTimeException("not a certificate");
        }
        int length = der[at++] & 0xff;
        if (length < 0x80) {
            return length;
        }
        int octets = length & 0x7f;
        if (octets > 2) {
            throw new DateTimeException("not a certificate that anybody would accept");
        }
        length = 0;
        for (int i = 0; i < octets; i++) {
            length = (length << 8) | (der[at++] & 0xff);
        }
        return length;
    }
}
