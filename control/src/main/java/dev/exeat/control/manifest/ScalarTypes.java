package dev.exeat.control.manifest;

import dev.exeat.model.Node.ScalarType;

/**
 * What an unquoted scalar is. Only what JSON would read as something else than text is so here (YAML 1.2.2, section
 * 10.2), with the spellings of null and the truth values of the core schema (section 10.3): {@code no}, {@code 0x7f}
 * and {@code 2001:10} are text.
 */
final class ScalarTypes {
    private ScalarTypes() {}

    static ScalarType ofPlain(String text) {
        return switch (text) {
            case "", "~", "null", "Null", "NULL" -> ScalarType.NULL;
            case "true", "True", "TRUE", "false", "False", "FALSE" -> ScalarType.BOOLEAN;
            default -> number(text);
        };
    }

    private static ScalarType number(String text) {
        int at = text.charAt(0) == '-' ? 1 : 0;
        int digits = digits(text, at);
        boolean leadingZero = digits > at + 1 && text.charAt(at) == '0';
        if (digits == at || leadingZero) {
            return ScalarType.TEXT;
        }
        if (digits == text.length()) {
            return ScalarType.INTEGER;
        }
        at = digits;
        if (text.charAt(at) == '.') {
            digits = digits(text, at + 1);
            if (digits == at + 1) {
                return ScalarType.TEXT;
            }
            at = digits;
        }
        if (at < text.length() && (text.charAt(at) == 'e' || text.charAt(at) == 'E')) {
            boolean signed = at + 1 < text.length() && "+-".indexOf(text.charAt(at + 1)) >= 0;
            int exponent = signed ? at + 2 : at + 1;
            digits = digits(text, exponent);
            at = digits > exponent ? digits : at;
        }
        return at == text.length() ? ScalarType.DECIMAL : ScalarType.TEXT;
    }

    private static int digits(String text, int from) {
        int at = from;
        while (at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
            at++;
        }
        return at;
    }
}
