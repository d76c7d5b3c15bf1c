package dev.exeat.model;

import java.nio.charset.StandardCharsets;

/**
 * A host name in its one canonical form: ASCII, lower case, at least two labels of letters, digits,
 * hyphen or underscore, each of 1 to 63 octets, 253 octets in all, no trailing dot, last label not numeric.
 *
 * <p>Names from the wire are refused, never repaired, when they are not a canonical name but for their
 * letter case (RFC 6066 section 3 forbids the trailing dot and address literals). Immutable.
 */
public record ServerName(String value) implements Comparable<ServerName> {
    public static final int MAX_LENGTH = 253;
    private static final int MAX_LABEL = 63;

    /** @throws InvalidNameException if {@code value} is not canonical */
    public ServerName {
        String problem = problemWith(value);
        if (problem != null) {
            throw new InvalidNameException(problem);
        }
    }

    /**
     * The canonical name of the octets of a TLS {@code HostName}.
     *
     * @throws InvalidNameException if the octets are no valid name; its message never holds the octets
     */
    public static ServerName fromWire(byte[] octets) {
        return parse(new String(octets, StandardCharsets.ISO_8859_1));
    }

    /**
     * The canonical name of text in any letter case.
     *
     * @throws InvalidNameException if the text is no valid name
     */
    public static ServerName parse(String text) {
        return new ServerName(lowerCase(text));
    }

    private static String lowerCase(String text) {
        // String.toLowerCase would map non-ASCII letters (U+212A, U+0130) onto ASCII ones.
        StringBuilder lower = null;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c >= 'A' && c <= 'Z') {
                if (lower == null) {
                    lower = new StringBuilder(text);
                }
                lower.setCharAt(i, (char) (c + 32));
            }
        }
        return lower == null ? text : lower.toString();
    }

    private static @org.jspecify.annotations.Nullable String problemWith(String value) {
        int length = value.length();
        if (length == 0) {
            return "the name is empty";
        }
        if (length > MAX_LENGTH) {
            return "the name is longer than " + MAX_LENGTH + " octets";
        }
        int labels = 0;
        int labelStart = 0;
        boolean numeric = true;
        for (int i = 0; i <= length; i++) {
            char c = i == length ? '.' : value.charAt(i);
            if (c == '.') {
                int labelLength = i - labelStart;
                if (labelLength == 0) {
                    return i == length ? "the name ends in a dot" : "the name has an empty label";
                }
                if (labelLength > MAX_LABEL) {
                    return "a label is longer than " + MAX_LABEL + " octets";
                }
                labels++;
                if (i == length) {
                    numeric = isNumeric(value, labelStart, i);
                }
                labelStart = i + 1;
            } else if (!isNameCharacter(c)) {
                return "the name holds a character that is not a-z, 0-9, '-', '_' or '.'";
            }
        }
        if (numeric) {
            return "the last label is numeric, as in an address";
        }
        return labels < 2 ? "the name has a single label" : null;
    }

    private static boolean isNameCharacter(char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
    }

    /** Digits only, or {@code 0x…}: what inet_aton(3) would read as a number. */
    private static boolean isNumeric(String value, int from, int to) {
        if (to - from >= 2 && value.charAt(from) == '0' && value.charAt(from + 1) == 'x') {
            return true;
        }
        for (int i = from; i < to; i++) {
            char c = value.charAt(i);
            if (c < '0' || c > '9') {
                return false;
            }
        }
        return true;
    }

    @Override
    public int compareTo(ServerName other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
