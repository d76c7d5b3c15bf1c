package dev.exeat.hello;

import java.nio.charset.StandardCharsets;

/** Puts a client's octets into a sentence for the operator: quoted, escaped, bounded. */
final class WireText {
    private static final int SHOWN = 255;

    private WireText() {}

    /** Printable ASCII as it is, all else as {@code \xHH}; at most 255 octets are shown. */
    static String quoted(byte[] octets) {
        int shown = Math.min(octets.length, SHOWN);
        StringBuilder text = new StringBuilder(shown + 2).append('"');
        for (int i = 0; i < shown; i++) {
            char c = (char) (octets[i] & 0xff);
            if (c < 0x20 || c > 0x7e || c == '"' || c == '\\') {
                text.append("\\x").append(hex(c >> 4)).append(hex(c & 15));
            } else {
                text.append(c);
            }
        }
        text.append('"');
        if (shown < octets.length) {
            text.append(" and ").append(octets.length - shown).append(" more octets");
        }
        return text.toString();
    }

    static String latin1(byte[] octets) {
        return new String(octets, StandardCharsets.ISO_8859_1);
    }

    private static char hex(int digit) {
        return Character.forDigit(digit, 16);
    }
}
