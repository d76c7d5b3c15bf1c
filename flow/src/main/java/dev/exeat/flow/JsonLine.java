package dev.exeat.flow;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;

/**
 * Builds one JSON object as a line of printable ASCII: all else is escaped, so that no text of a client can steer a
 * terminal. Written for the data path, where a general generator would take a large part of a connection's time.
 * Names are constants that need no escape. Not thread-safe.
 */
public final class JsonLine {
    private static final String HEX = "0123456789abcdef";
    private static final char DELETE = 0x7F;
    private static final char REPLACEMENT = '\uFFFD';

    private final StringBuilder out;
    private boolean first = true;

    /** @param size an estimate of the line, in octets */
    public JsonLine(int size) {
        this.out = new StringBuilder(size).append('{');
    }

    private void name(String name) {
        comma();
        out.append('"').append(name).append("\":");
    }

    private void comma() {
        if (!first) {
            out.append(',');
        }
        first = false;
    }

    public void number(String name, long value) {
        name(name);
        out.append(value);
    }

    /** A finite number. */
    public void decimal(String name, double value) {
        name(name);
        out.append(BigDecimal.valueOf(value).toPlainString());
    }

    public void truth(String name, boolean value) {
        name(name);
        out.append(value);
    }

    /** @param cap after so many characters the text is cut off */
    public void text(String name, String value, int cap) {
        name(name);
        string(value, cap);
    }

    /** Begins an object, which {@link #endObject} ends. */
    public void object(String name) {
        name(name);
        out.append('{');
        first = true;
    }

    public void endObject() {
        out.append('}');
        first = false;
    }

    /** Begins an array of {@link #element}s, which {@link #endArray} ends. */
    public void array(String name) {
        name(name);
        out.append('[');
        first = true;
    }

    public void element(String value, int cap) {
        comma();
        string(value, cap);
    }

    /** Begins an object in an array, which {@link #endObject} ends. */
    public void beginElement() {
        comma();
        out.append('{');
        first = true;
    }

    public void endArray() {
        out.append(']');
        first = false;
    }

    /** The object with a line feed; nothing may be added any more. */
    public byte[] end() {
        return out.append("}\n").toString().getBytes(StandardCharsets.US_ASCII);
    }

    private void string(String value, int cap) {
        int end = Math.min(value.length(), cap);
        int copied = 0;
        out.append('"');
        for (int i = 0; i < end; i++) {
            char c = value.charAt(i);
            if (c < ' ' || c >= DELETE || c == '"' || c == '\\') {
                out.append(value, copied, i);
                boolean pair =
                        Character.isHighSurrogate(c) && i + 1 < end && Character.isLowSurrogate(value.charAt(i + 1));
                if (pair) {
                    unicode(c);
                    i++;
                    unicode(value.charAt(i));
                } else {
                    escape(c);
                }
                copied = i + 1;
            }
        }
        if (copied == 0 && end == value.length()) {
            out.append(value);
        } else {
            out.append(value, copied, end);
        }
        out.append('"');
    }

    /** Replaces what no sink may see: lone surrogates, which are no text, and DELETE. */
    private void escape(char c) {
        switch (c) {
            case '"', '\\' -> out.append('\\').append(c);
            case '\n' -> out.append("\\n");
            case '\r' -> out.append("\\r");
            case '\t' -> out.append("\\t");
            case DELETE -> unicode(REPLACEMENT);
            default -> unicode(Character.isSurrogate(c) ? REPLACEMENT : c);
        }
    }

    private void unicode(char c) {
        out.append("\\u");
        for (int shift = 12; shift >= 0; shift -= 4) {
            out.append(HEX.charAt(c >> shift & 0xf));
        }
    }
}
