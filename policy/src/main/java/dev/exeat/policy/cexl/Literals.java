package dev.exeat.policy.cexl;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** The values of Go's literals, as Mixer takes them. */
final class Literals {
    /** What nearly every {@code |} ends in. */
    private static final Expression.Constant EMPTY = new Expression.Constant(ValueType.STRING, "", null);

    private Literals() {}

    /** @throws ExpressionException if the literal has no value in CEXL */
    static Expression.Constant constant(Token token) {
        String text = token.text();
        return switch (token.kind()) {
            case INTEGER -> new Expression.Constant(ValueType.INT64, integer(text), text);
            case FLOAT -> new Expression.Constant(ValueType.DOUBLE, decimal(text), text);
            case STRING, CHARACTER -> string(unquote(text), text);
            default -> throw new ExpressionException("invalid syntax: " + text + " is an imaginary number");
        };
    }

    private static Long integer(String text) {
        try {
            return Long.valueOf(text);
        } catch (NumberFormatException e) {
            boolean digits = text.chars().allMatch(c -> c >= '0' && c <= '9');
            throw new ExpressionException("strconv.ParseInt: parsing \"" + text + "\": "
                    + (digits ? "value out of range" : "invalid syntax"));
        }
    }

    private static Double decimal(String text) {
        try {
            double value = Double.parseDouble(text);
            if (Double.isInfinite(value)) {
                throw new ExpressionException("strconv.ParseFloat: parsing \"" + text + "\": value out of range");
            }
            return value;
        } catch (NumberFormatException e) {
            throw new ExpressionException("strconv.ParseFloat: parsing \"" + text + "\": invalid syntax");
        }
    }

    /** Text that reads as a duration is one, whatever its author meant. */
    private static Expression.Constant string(String value, String text) {
        Duration duration = GoDuration.parse(value);
        if (duration != null) {
            return new Expression.Constant(ValueType.DURATION, duration, text);
        }
        if (text.equals("\"\"")) {
            return EMPTY;
        }
        boolean plain = text.charAt(0) == '"' && text.indexOf('\\') < 0;
        return new Expression.Constant(ValueType.STRING, value, plain ? null : text);
    }

    private static String unquote(String text) {
        char quote = text.charAt(0);
        String body = text.substring(1, text.length() - 1);
        if (quote == '`') {
            return body.replace("\r", "");
        }
        if (quote == '"' && body.indexOf('\\') < 0) {
            return body;
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        int characters = 0;
        int i = 0;
        while (i < body.length()) {
            characters++;
            if (body.charAt(i) == '\\') {
                i = escape(text, body, i + 1, quote, bytes);
            } else {
                int c = body.codePointAt(i);
                bytes.writeBytes(Character.toString(c).getBytes(StandardCharsets.UTF_8));
                i += Character.charCount(c);
            }
        }
        if (quote == '\'' && characters != 1) {
            throw invalid(text);
        }
        return bytes.toString(StandardCharsets.UTF_8);
    }

    private static int escape(String text, String body, int at, char quote, ByteArrayOutputStream bytes) {
        char c = at < body.length() ? body.charAt(at) : 0;
        int simple = "abfnrtv\\".indexOf(c);
        if (simple >= 0 && c != 0) {
            bytes.write("\u0007\b\f\n\r\t\u000b\\".charAt(simple));
            return at + 1;
        }
        if (c == quote) {
            bytes.write(c);
            return at + 1;
        }
        return switch (c) {
            case 'x' -> octet(text, body, at + 1, 2, 16, bytes);
            case '0', '1', '2', '3', '4', '5', '6', '7' -> octet(text, body, at, 3, 8, bytes);
            case 'u' -> codePoint(text, body, at + 1, 4, bytes);
            case 'U' -> codePoint(text, body, at + 1, 8, bytes);
            default -> throw invalid(text);
        };
    }

    private static int octet(String text, String body, int at, int digits, int radix, ByteArrayOutputStream bytes) {
        long value = number(text, body, at, digits, radix);
        if (value > 255) {
            throw invalid(text);
        }
        bytes.write((int) value);
        return at + digits;
    }

    private static int codePoint(String text, String body, int at, int digits, ByteArrayOutputStream bytes) {
        long value = number(text, body, at, digits, 16);
        if (value > Character.MAX_CODE_POINT || (value >= 0xd800 && value <= 0xdfff)) {
            throw invalid(text);
        }
        bytes.writeBytes(Character.toString((int) value).getBytes(StandardCharsets.UTF_8));
        return at + digits;
    }

    private static long number(String text, String body, int at, int digits, int radix) {
        if (at + digits > body.length()) {
            throw invalid(text);
        }
        long value = 0;
        for (int i = at; i < at + digits; i++) {
            int digit = body.charAt(i) < 128 ? Character.digit(body.charAt(i), radix) : -1;
            if (digit < 0) {
                throw invalid(text);
            }
            value = value * radix + digit;
        }
        return value;
    }

    private static ExpressionException invalid(String text) {
        return new ExpressionException("invalid syntax: the literal " + text + " has a wrong escape");
    }
}
