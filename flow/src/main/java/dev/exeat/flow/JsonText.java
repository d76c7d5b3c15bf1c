package dev.exeat.flow;

/** Writes JSON strings with the escapes of Mixer's log (zap's): what {@code <>&} and non-ASCII text need none of. */
final class JsonText {
    private static final String HEX = "0123456789abcdef";

    private JsonText() {}

    /** Appends the text as a JSON string; a lone surrogate becomes U+FFFD. */
    static void append(StringBuilder out, String text) {
        out.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '"', '\\' -> out.append('\\').append(c);
                case '\n' -> out.append("\\n");
                case '\r' -> out.append("\\r");
                case '\t' -> out.append("\\t");
                default -> i += appendPlain(out, text, i, c);
            }
        }
        out.append('"');
    }

    /** Answers how many further characters were used. */
    private static int appendPlain(StringBuilder out, String text, int index, char c) {
        if (c < 0x20) {
            out.append("\\u00").append(HEX.charAt(c >> 4)).append(HEX.charAt(c & 15));
        } else if (Character.isHighSurrogate(c)
                && index + 1 < text.length()
                && Character.isLowSurrogate(text.charAt(index + 1))) {
            out.append(c).append(text.charAt(index + 1));
            return 1;
        } else if (Character.isSurrogate(c)) {
            out.append("\\ufffd");
        } else {
            out.append(c);
        }
        return 0;
    }
}
