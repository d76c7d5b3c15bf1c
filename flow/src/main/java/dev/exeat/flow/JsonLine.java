package dev.exeat.flow;

import java.math.BigDecimal;
import java.util.Arrays;

/**
 * Builds one JSON object as a line of printable ASCII: all else is escaped, so that no text of a client can steer a
 * terminal. Written for the data path, where a general generator would take a large part of a connection's time.
 * Names are constants that need no escape. Not thread-safe.
 */
public final class JsonLine {
    private static final String HEX = "0123456789abcdef";
    private static final char DELETE = 0x7F;
    private static final char REPLACEMENT = '\uFFFD';

    private byte[] out;
    private int length;
    private boolean first = true;

    /** @param size an estimate of the line, in octets */
    public JsonLine(int size) {
        this.out = new byte[size];
        put('{');
    }

    private void name(String name) {
        comma();
        put('"');
        put(name);
        put('"');
        put(':');
    }

    private void comma() {
        if (!first) {
            put(',');
        }
        first = false;
    }

    private void put(char ascii) {
        require(1);
        out[length++] = (byte) ascii;
    }

    private void put(String ascii) {
        int size = ascii.length();
        require(size);
        byte[] line = out;
        int at = length;
        for (int i = 0; i < size; i++) {
            line[at + i] = (byte) ascii.charAt(i);
        }
        length = at + size;
    }

    private void require(int more) {
        if (out.length - length < more) {
            out = Arrays.copyOf(out, Math.max(2 * out.length, length + more));
        }
    }

    public void number(String name, long value) {
        name(name);
        put(Long.toString(value));
    }

    /** A finite number. */
    public void decimal(String name, double value) {
        name(name);
        put(BigDecimal.valueOf(value).toPlainString());
    }

    public void truth(String name, boolean value) {
        name(name);
        put(Boolean.toString(value));
    }

    /** @param cap after so many characters the text is cut off */
    public void text(String name, String value, int cap) {
        name(name);
        string(value, cap);
    }

    /** Begins an object, which {@link #endObject} ends. */
    public void object(String name) {
        name(name);
        put('{');
        first = true;
    }

    public void endObject() {
        put('}');
        first = false;
    }

    /** Begins an array of {@link #element}s, which {@link #endArray} ends. */
    public void array(String name) {
        name(name);
        put('[');
        first = true;
    }

    public void element(String value, int cap) {
        comma();
        string(value, cap);
    }

    /** Begins an object in an array, which {@link #endObject} ends. */
    public void beginElement() {
        comma();
        put('{');
        first = true;
    }

    public void endArray() {
        put(']');
        first = false;
    }

    /** The object with a line feed; nothing may be added any more. */
    public byte[] end() {
        put('}');
        put('\n');
        return Arrays.copyOf(out, length);
    }

    private void string(String value, int cap) {
        int end = Math.min(value.length(), cap);
        require(end + 2);
        put('"');
        int i = plain(value, end);
        for (; i < end; i++) {
            char c = value.charAt(i);
            if (isPlain(c)) {
                put(c);
            } else if (Character.isHighSurrogate(c) && i + 1 < end && Character.isLowSurrogate(value.charAt(i + 1))) {
                unicode(c);
                i++;
                unicode(value.charAt(i));
            } else {
                escape(c);
            }
        }
        put('"');
    }

    /** Adds what comes before the first letter to be escaped, which is mostly all, and tells how much that was. */
    private int plain(String value, int end) {
        byte[] line = out;
        int at = length;
        int i = 0;
        while (i < end && isPlain(value.charAt(i))) {
            line[at + i] = (byte) value.charAt(i);
            i++;
        }
        length = at + i;
        return i;
    }

    private static boolean isPlain(char c) {
        return c >= ' ' && c < DELETE && c != '"' && c != '\\';
    }

    /** Replaces what no sink may see: lone surrogates, which are no text, and DELETE. */
    private void escape(char c) {
        switch (c) {
            case '"', '\\' -> {
                put('\\');
                put(c);
            }
            case '\n' -> put("\\n");
            case '\r' -> put("\\r");
            case '\t' -> put("\\t");
            case DELETE -> unicode(REPLACEMENT);
            default -> unicode(Character.isSurrogate(c) ? REPLACEMENT : c);
        }
    }

    private void unicode(char c) {
        put("\\u");
        for (int shift = 12; shift >= 0; shift -= 4) {
            put(HEX.charAt(c >> shift & 0xf));
        }
    }
}
